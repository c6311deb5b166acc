// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/mix.h"

#include "plugin/ports.h"

#include <math.h>

FAL_RT float
fal_mix_gain(const float level_db)
{
  return level_db <= FAL_SILENCE_DB ? 0.0f : powf(10.0f, level_db / 20.0f);
}

FAL_RT void
fal_mix_jump(FalMix* const mix, const FalMixTarget* const target)
{
  fal_ramp_jump(&mix->dry, target->dry);
  fal_ramp_jump(&mix->wet, target->wet);
  fal_ramp_jump(&mix->width, target->width);
}

/// Scale the difference of two channels
FAL_RT static void
widen(FalMix* const mix, const FalRampCurve* const curve, const float width,
      float* const left, float* const right, const uint32_t n_frames)
{
  if (width == 1.0f && fal_ramp_is_at(&mix->width, 1.0f)) {
    return; // The very bits
  }

  fal_ramp_run(&mix->width, curve, width, mix->widths, n_frames);
  for (uint32_t t = 0U; t < n_frames; ++t) {
    const float mid  = 0.5f * (left[t] + right[t]);
    const float side = 0.5f * (left[t] - right[t]) * mix->widths[t];
    left[t]          = mid + side;
    right[t]         = mid - side;
  }
}

FAL_RT void
fal_mix_run(FalMix* const mix, const FalRampCurve* const curve,
            const FalMixTarget* const target, const float* const* const in,
            float* const* const convolved, float* const* const out,
            const uint32_t n_frames)
{
  const float* const dry = mix->dry_gains;
  const float* const wet = mix->wet_gains;

  fal_ramp_run(&mix->dry, curve, target->dry, mix->dry_gains, n_frames);
  fal_ramp_run(&mix->wet, curve, target->wet, mix->wet_gains, n_frames);
  if (mix->n_outputs == 2U) {
    widen(mix, curve, target->width, convolved[0], convolved[1], n_frames);
  }

  for (uint32_t o = 0U; o < mix->n_outputs; ++o) {
    const float* const x = in[mix->n_inputs == 1U ? 0U : o];
    const float* const y = convolved[o];
    float* const       z = out[o];
    for (uint32_t t = 0U; z && t < n_frames; ++t) {
      z[t] = dry[t] * x[t] + wet[t] * y[t];
    }
  }
}
