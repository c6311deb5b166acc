// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_steps.h A delay that jumps, as pieces with one delay each.

   Of recordings with gaps and dropped frames: between two pieces, something is
   missing in one of the recordings, or there is more of it.
*/

#ifndef FAL_CORE_DELAY_STEPS_H
#define FAL_CORE_DELAY_STEPS_H

#include "core/attributes.h"
#include "core/delay_track.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// Least jump of the delay that parts two pieces
#define FAL_STEP_S 0.0005

/// A part of a with one delay
typedef struct {
  double start_s; ///< In a's time: where it is first and last heard
  double end_s;
  double seconds; ///< In the middle; positive: b is late
  bool   inverted;
} FalDelayStep;

/// Pieces, by time
typedef struct {
  uint32_t      n;
  FalDelayStep* at; ///< [n], owned
} FalDelaySteps;

/**
   Part a curve where it jumps.

   A delay that holds for three windows or fewer is passed over; what bends
   gently or drifts is one piece. The ends of pieces are right to about half a
   window.

   @param steps Set on success, to be cleared.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_delay_steps(FalDelaySteps*       steps,
                                        const FalDelayTrack* track);

/// Free the pieces; a zeroed struct is fine
void fal_delay_steps_clear(FalDelaySteps* steps);

#endif // FAL_CORE_DELAY_STEPS_H
