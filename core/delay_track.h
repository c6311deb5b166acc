// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_track.h The delay between two recordings as a curve over time.

   For sources that move, frames that are dropped, and clocks that jump. Windows
   along a are correlated with b around a line of delay; the highest peaks of
   each are states of a hidden Markov model (Viterbi 1967) whose path is the
   curve: it may bend gently, jump at a price, and end where nothing is common.
*/

#ifndef FAL_CORE_DELAY_TRACK_H
#define FAL_CORE_DELAY_TRACK_H

#include "core/attributes.h"
#include "core/delay.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// How to track; zeros choose what suits speech and music
typedef struct {
  double window_s; ///< Length of a window (0: 0.25)
  double step_s;   ///< From window to window (0: half a window)
  double reach_s;  ///< Farthest from the line that was found (0: 0.1)
} FalTracking;

/// The delay at one time
typedef struct {
  double time_s;   ///< In a's time: the middle of the window
  double seconds;  ///< Positive: b is late; without meaning unless `found`
  double score;    ///< Height of the peak in standard deviations of chance
  bool   found;    ///< The window of a is heard in b
  bool   inverted; ///< The polarity of b is the opposite of a's
} FalDelayPoint;

/// A curve
typedef struct {
  uint32_t       n_points;
  FalDelayPoint* points; ///< [n_points], by time; owned
} FalDelayTrack;

/**
   Follow the delay along all of a.

   Unlike fal_delay_estimate(), exchanging a and b gives a curve over the time
   of the other recording.

   @param track Set on success, to be cleared.
   @param found What fal_delay_estimate() found for the pair: the line to look
   around, and the channels. `no_match` is ignored: of a source that moves fast,
   only a moment may lie on any line.
   @return #FAL_OK, #FAL_ERR_BAD_ARG, #FAL_ERR_NO_MEM, or what reading returned.
*/
FAL_NODISCARD FalStatus fal_delay_track(FalDelayTrack*      track,
                                        const FalDelayPair* pair,
                                        const FalDelay*     found,
                                        const FalTracking*  tracking);

/// Free the points; a zeroed struct is fine
void fal_delay_track_clear(FalDelayTrack* track);

#endif // FAL_CORE_DELAY_TRACK_H
