// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/predelay.h"

#include <string.h>

FAL_RT void
fal_predelay_reset(FalPredelay* const predelay, const uint32_t n_channels,
                   const uint32_t delay, const FalRampCurve* const curve)
{
  memset(predelay->ring, 0,
         (size_t)n_channels * predelay->n_ring * sizeof(float));
  predelay->position = 0U;
  predelay->old      = delay;
  predelay->now      = delay;
  predelay->age      = curve->n_frames;
}

/// Delay frames in which no fade begins or ends
FAL_RT static void
run_span(const FalPredelay* const predelay, const FalRampCurve* const curve,
         float* const ring, float* const x, const uint32_t n_frames)
{
  const uint32_t mask  = predelay->n_ring - 1U;
  const uint32_t start = predelay->position;

  for (uint32_t t = 0U; t < n_frames; ++t) {
    ring[(start + t) & mask] = x[t];
  }
  if (predelay->age == curve->n_frames) {
    for (uint32_t t = 0U; predelay->now && t < n_frames; ++t) {
      x[t] = ring[(start + t - predelay->now) & mask];
    }
    return;
  }
  for (uint32_t t = 0U; t < n_frames; ++t) {
    const float from = ring[(start + t - predelay->old) & mask];
    const float to   = ring[(start + t - predelay->now) & mask];
    x[t]             = from + curve->rise[predelay->age + t] * (to - from);
  }
}

FAL_RT void
fal_predelay_run(FalPredelay* const predelay, const FalRampCurve* const curve,
                 const uint32_t delay, float* const* const x,
                 const uint32_t n_channels, const uint32_t n_frames)
{
  for (uint32_t t = 0U; t < n_frames;) {
    if (predelay->age == curve->n_frames && predelay->now != delay) {
      predelay->old = predelay->now;
      predelay->now = delay;
      predelay->age = 0U;
    }

    const uint32_t left = n_frames - t;
    const uint32_t fade = curve->n_frames - predelay->age;
    const uint32_t n    = fade && fade < left ? fade : left;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      run_span(predelay, curve, predelay->ring + (size_t)c * predelay->n_ring,
               x[c] + t, n);
    }
    predelay->age += fade ? n : 0U;
    predelay->position = (predelay->position + n) & (predelay->n_ring - 1U);
    t += n;
  }
}
