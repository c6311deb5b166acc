// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file predelay.h A delay line whose time may change

#ifndef FAL_PLUGIN_PREDELAY_H
#define FAL_PLUGIN_PREDELAY_H

#include "core/attributes.h"
#include "plugin/ramp.h"

#include <stdbool.h>
#include <stdint.h>

/// From one delay to another by a crossfade: pitch stays, nothing clicks
typedef struct {
  float*   ring;     ///< [n_channels][n_ring]
  uint32_t n_ring;   ///< A power of two, more than the longest delay and block
  uint32_t position; ///< Where the next frame goes
  uint32_t old;      ///< Delay that fades out
  uint32_t now;      ///< Delay that sounds, or fades in
  uint32_t age;      ///< Frames of the fade so far
} FalPredelay;

/// Forget what was played, and be at a delay at once
FAL_RT void fal_predelay_reset(FalPredelay* predelay, uint32_t n_channels,
                               uint32_t delay, const FalRampCurve* curve);

/**
   Delay a block in place.

   A change begins when the one before it has ended.

   @param x [n_channels][n_frames]
   @param delay Wanted, in frames.
*/
FAL_RT void fal_predelay_run(FalPredelay* predelay, const FalRampCurve* curve,
                             uint32_t delay, float* const* x,
                             uint32_t n_channels, uint32_t n_frames);

#endif // FAL_PLUGIN_PREDELAY_H
