// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/tone.h"

#include <math.h>
#include <string.h>

FAL_RT float
fal_cut_warp(const float frequency_hz, const float rate_hz)
{
  return tanf((float)M_PI * fminf(frequency_hz / rate_hz, 0.49f));
}

FAL_RT void
fal_cut_jump(FalCut* const cut, const bool is_on, const float warp)
{
  fal_ramp_jump(&cut->amount, is_on ? 1.0f : 0.0f);
  fal_ramp_jump(&cut->warp, warp);
  memset(cut->s, 0, sizeof(cut->s));
}

FAL_RT static void
filter(FalCut* const cut, const uint32_t channel, float* const x,
       const float* const amounts, const float* const warps,
       const uint32_t n_frames)
{
  const float k  = (float)M_SQRT2; // Damping: Butterworth
  float       s0 = cut->s[channel][0];
  float       s1 = cut->s[channel][1];

  for (uint32_t t = 0U; t < n_frames; ++t) {
    const float g    = warps[t];
    const float a    = 1.0f / (1.0f + g * (g + k));
    const float v3   = x[t] - s1;
    const float band = a * (s0 + g * v3);
    const float low  = s1 + g * band;
    const float y    = cut->is_high_pass ? x[t] - k * band - low : low;

    s0 = 2.0f * band - s0;
    s1 = 2.0f * low - s1;
    x[t] += amounts[t] * (y - x[t]);
  }
  cut->s[channel][0] = s0;
  cut->s[channel][1] = s1;
}

FAL_RT void
fal_cut_run(FalCut* const cut, const FalRampCurve* const curve,
            const bool is_on, const float warp, float* const* const x,
            const uint32_t n_channels, const uint32_t n_frames,
            float* const* const scratch)
{
  const float amount = is_on ? 1.0f : 0.0f;
  const bool  sleeps = !is_on && fal_ramp_is_at(&cut->amount, 0.0f);
  if (sleeps) {
    fal_cut_jump(cut, false, warp);
    return;
  }

  fal_ramp_run(&cut->amount, curve, amount, scratch[0], n_frames);
  fal_ramp_run(&cut->warp, curve, warp, scratch[1], n_frames);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    filter(cut, c, x[c], scratch[0], scratch[1], n_frames);
  }
}
