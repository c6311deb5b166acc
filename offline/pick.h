// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file pick.h Which channels of a recording are taken

#ifndef FAL_OFFLINE_PICK_H
#define FAL_OFFLINE_PICK_H

#include "core/attributes.h"
#include "ir/audio.h"
#include "offline/planes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Channels by number, in any order, or their mean; zeroed: all as they are
typedef struct {
  uint32_t n_listed;                       ///< 0: all
  uint32_t listed[FAL_AUDIO_MAX_CHANNELS]; ///< [n_listed], from 0 on
  bool     is_mono;                        ///< Their mean
} FalPick;

/// Read a list of numbers from 1 on, such as "2,1"; false if it is none
FAL_NODISCARD bool fal_pick_read(FalPick* pick, const char* text);

/**
   Write out the list for a recording.

   @param n_channels Of the recording.
   @return 0, or the number (from 1 on) of a channel that is not there.
*/
FAL_NODISCARD uint32_t fal_pick_settle(FalPick* pick, uint32_t n_channels);

/// Channels that come out of a list that is settled
uint32_t fal_pick_n_channels(const FalPick* pick);

/// Take the channels; `to` and `from` may not share memory
void fal_pick_take(const FalPick* pick, const FalPlanes* to,
                   const FalPlanes* from, size_t n_frames);

#endif // FAL_OFFLINE_PICK_H
