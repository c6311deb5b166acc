// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/ramp.h"

#include <math.h>

/// Time that a step takes, s
static const double ramp_s = 0.03;

uint32_t
fal_ramp_curve_frames(const double rate_hz)
{
  return 1U + (uint32_t)(ramp_s * rate_hz);
}

void
fal_ramp_curve_fill(float* const rise, const uint32_t n_frames)
{
  const double pi = 3.14159265358979323846;

  for (uint32_t t = 0U; t < n_frames; ++t) {
    rise[t] = (float)(0.5 - 0.5 * cos(pi * (t + 1.0) / n_frames));
  }
}

FAL_RT void
fal_ramp_jump(FalRamp* const ramp, const float value)
{
  ramp->base    = value;
  ramp->heading = value;
  ramp->wait    = 0U;
  ramp->first   = 0U;
  ramp->count   = 0U;
}

FAL_RT static void
start_step(FalRamp* const ramp, const uint32_t curve_frames, const float target)
{
  const uint32_t s = (ramp->first + ramp->count) % FAL_RAMP_STEPS;

  ramp->steps[s].height = target - ramp->heading;
  ramp->steps[s].age    = 0U;
  ramp->heading         = target;
  ramp->wait            = (curve_frames + FAL_RAMP_STEPS - 1U) / FAL_RAMP_STEPS;
  ++ramp->count;
}

FAL_RT static void
end_oldest_step(FalRamp* const ramp)
{
  ramp->base += ramp->steps[ramp->first].height;
  ramp->first = (ramp->first + 1U) % FAL_RAMP_STEPS;
  if (!--ramp->count) {
    ramp->base = ramp->heading; // Without the rounding of the sums
  }
}

/// Write values up to the next frame at which a step starts or ends
FAL_RT static void
write_span(FalRamp* const ramp, const FalRampCurve* const curve,
           float* const values, const uint32_t n_frames)
{
  for (uint32_t t = 0U; t < n_frames; ++t) {
    values[t] = ramp->base;
  }
  for (uint32_t i = 0U; i < ramp->count; ++i) {
    const uint32_t     s      = (ramp->first + i) % FAL_RAMP_STEPS;
    const float        height = ramp->steps[s].height;
    const float* const rise   = curve->rise + ramp->steps[s].age;
    for (uint32_t t = 0U; t < n_frames; ++t) {
      values[t] += height * rise[t];
    }
    ramp->steps[s].age += n_frames;
  }
  ramp->wait -= ramp->wait < n_frames ? ramp->wait : n_frames;
}

FAL_RT void
fal_ramp_run(FalRamp* const ramp, const FalRampCurve* const curve,
             const float target, float* const values, const uint32_t n_frames)
{
  for (uint32_t t = 0U; t < n_frames;) {
    if (!ramp->wait && target != ramp->heading) {
      start_step(ramp, curve->n_frames, target);
    }

    uint32_t span = n_frames - t;
    if (ramp->count) {
      const uint32_t left = curve->n_frames - ramp->steps[ramp->first].age;
      span                = span < left ? span : left;
    }
    if (ramp->wait) {
      span = span < ramp->wait ? span : ramp->wait;
    }

    write_span(ramp, curve, values + t, span);
    t += span;
    if (ramp->count && ramp->steps[ramp->first].age == curve->n_frames) {
      end_oldest_step(ramp);
    }
  }
}
