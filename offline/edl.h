// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file edl.h An edit decision list (CMX 3600) on standard output

#ifndef FAL_OFFLINE_EDL_H
#define FAL_OFFLINE_EDL_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdint.h>

/// A list that is being printed
typedef struct {
  uint32_t fps; ///< Frames of its time code in a second, none dropped
  uint32_t n_events;
} FalEdl;

/// Print the head
void fal_edl_begin(FalEdl* edl, uint32_t fps);

/**
   Print a file as an event, placed where it fits the reference.

   The reference starts at an hour, as usual. What is late is used from later
   on, what is early is put later: to the nearest frame, with the exact delay as
   a comment.

   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_edl_add(FalEdl* edl, const char* path,
                                    double delay_s, FalError* error);

#endif // FAL_OFFLINE_EDL_H
