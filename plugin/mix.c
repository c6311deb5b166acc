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
}

FAL_RT void
fal_mix_run(FalMix* const mix, const FalMixTarget* const target,
            const float* const* const in, const float* const* const convolved,
            float* const* const out, const uint32_t n_frames)
{
  const float* const dry = mix->dry_gains;
  const float* const wet = mix->wet_gains;

  fal_ramp_run(&mix->dry, &mix->curve, target->dry, mix->dry_gains, n_frames);
  fal_ramp_run(&mix->wet, &mix->curve, target->wet, mix->wet_gains, n_frames);

  for (uint32_t o = 0U; o < mix->n_outputs; ++o) {
    const float* const x = in[mix->n_inputs == 1U ? 0U : o];
    const float* const y = convolved[o];
    float* const       z = out[o];
    for (uint32_t t = 0U; z && t < n_frames; ++t) {
      z[t] = dry[t] * x[t] + wet[t] * y[t];
    }
  }
}
