// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ardour.h A session of Ardour 7 or later on standard output.

   Each file lies on a track of its own, whole and not copied, where it fits the
   others; the earliest one starts the session. There is no description of
   Ardour's format: this is the least that version 7.3 loads, which fills in the
   rest. tests/host/ardour_align.py has it loaded, saved, and exported.
*/

#ifndef FAL_OFFLINE_ARDOUR_H
#define FAL_OFFLINE_ARDOUR_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdint.h>

/// A file on a track
typedef struct {
  char*    path;    ///< Absolute
  char*    name;    ///< Of the track; no other has it
  double   delay_s; ///< Against the reference
  uint32_t n_channels;
  uint64_t n_frames;
} FalArdourTrack;

/// A session that is being collected; zeroed, then fal_ardour_add()
typedef struct {
  FalArdourTrack* tracks; ///< [n]
  uint32_t        n;
  uint32_t        rate_hz; ///< Of the first file
} FalArdour;

/**
   Add a file that is late by a delay.

   @return #FAL_OK, or the status that `error` explains: Ardour plays files that
   lie outside of a session at the session's rate, hence all must have one.
*/
FAL_NODISCARD FalStatus fal_ardour_add(FalArdour* session, const char* path,
                                       double delay_s, FalError* error);

/// Print the session, places to the nearest frame
void fal_ardour_print(const FalArdour* session);

/// Free what was collected; a zeroed struct is fine
void fal_ardour_clear(FalArdour* session);

#endif // FAL_OFFLINE_ARDOUR_H
