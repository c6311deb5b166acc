// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file warp.h A sound read between its samples, at a speed that is nearly 1.

   Every sample is a sum over the taps of core/sinc.h, which are taken from a
   table, linearly between 1024 steps from one sample to the next: tones of up
   to 0.46 cycles a frame keep their level and time to -110 dB.
*/

#ifndef FAL_CORE_WARP_H
#define FAL_CORE_WARP_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/// Frames on each side of a place that count for it
#define FAL_WARP_REACH 128U

/// The table
typedef struct {
  float* taps; ///< Null: none
} FalWarp;

/// Compute the table; #FAL_OK or #FAL_ERR_NO_MEM
FAL_NODISCARD FalStatus fal_warp_init(FalWarp* warp);

/// Free the table; a zeroed struct is fine
void fal_warp_clear(FalWarp* warp);

/**
   Read y[t] = x(first + t * step).

   @param y [n], overwritten; not x.
   @param x Holds #FAL_WARP_REACH frames before the first place that is read,
   and as many after the last.
   @param first At least #FAL_WARP_REACH.
   @param step Frames of x for a frame of y; above 0, and hardly above 1, since
   there is no filter against aliasing.
*/
void fal_warp_read(const FalWarp* warp, float* y, uint32_t n, const float* x,
                   double first, double step);

#endif // FAL_CORE_WARP_H
