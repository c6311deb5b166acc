// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ramp.h Values that move by raised cosines counted in frames

#ifndef FAL_PLUGIN_RAMP_H
#define FAL_PLUGIN_RAMP_H

#include "core/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/// Steps of a ramp that may be under way at once
#define FAL_RAMP_STEPS 4U

/// The raised cosine that all ramps of a plugin follow
typedef struct {
  const float* rise;     ///< [n_frames], from just above 0 to 1
  uint32_t     n_frames; ///< At least 1
} FalRampCurve;

/**
   A value on its way to a target.

   A new target is a step that comes in by a raised cosine. While the target
   goes on moving, another step starts each quarter of that time, and all that
   are under way add up: value and slope never jump, the delay is bounded,
   and a target reached stays exactly.
*/
typedef struct {
  float    base;    ///< Sum of the steps that are over
  float    heading; ///< Where it is when all steps are over
  uint32_t wait;    ///< Frames until another step may start
  uint32_t first;   ///< Oldest step under way
  uint32_t count;   ///< Steps under way
  struct {
    float    height;
    uint32_t age;
  } steps[FAL_RAMP_STEPS];
} FalRamp;

/// Return the length of a ramp at a rate: 30 ms
uint32_t fal_ramp_curve_frames(double rate_hz);

/// Fill the table of a raised cosine, [n_frames]
void fal_ramp_curve_fill(float* rise, uint32_t n_frames);

/// Jump to a value
FAL_RT void fal_ramp_jump(FalRamp* ramp, float value);

/// Return whether it rests at a value
FAL_RT static inline bool
fal_ramp_is_at(const FalRamp* const ramp, const float value)
{
  return !ramp->count && ramp->base == value;
}

/// Move towards the target for some frames: write the value at each
FAL_RT void fal_ramp_run(FalRamp* ramp, const FalRampCurve* curve, float target,
                         float* values, uint32_t n_frames);

#endif // FAL_PLUGIN_RAMP_H
