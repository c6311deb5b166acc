// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_weigh.c The weightings of generalised cross-correlation

#include "core/delay_ops.h"
#include "core/delay_parts.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/// Bins that are weighed at a time, in the cache
#define CACHED 1024U

/// Half the bins over which the spectra of SCOT and Roth are smoothed
#define SMOOTHING 32

void
fal_weighting_band(const FalWeighting* const weighting,
                   const FalDelayPair* const pair, const double bins_hz,
                   const uint32_t n_bins, uint32_t* const low,
                   uint32_t* const high)
{
  // What is below some 20 Hz of 48 kHz is wind, hum and offset
  const double low_hz  = fmax(pair->low_hz, pair->rate_hz * 4e-4);
  double       high_hz = pair->high_hz > 0.0 ? pair->high_hz : pair->rate_hz;
  if (weighting->high_hz > 0.0 && weighting->high_hz > 2.0 * low_hz) {
    high_hz = fmin(high_hz, weighting->high_hz);
  }

  const double last = n_bins - 1.0; // Half the rate itself has no phase
  *low              = (uint32_t)fmin(fmax(1.0, ceil(low_hz * bins_hz)), last);
  *high             = (uint32_t)fmin(fmax(*low + 1.0, high_hz * bins_hz), last);
}

static float
power(const float* const x, const uint32_t k)
{
  return x[2U * k] * x[2U * k] + x[2U * k + 1U] * x[2U * k + 1U];
}

/// Divide by smoothed spectra: running sums over the neighbours
static void
weigh_smoothly(float* const g, const float* const a, const float* const b,
               const uint32_t low, const uint32_t high, const bool both)
{
  double        sum_a = 0.0;
  double        sum_b = 0.0;
  const int64_t first = low;
  const int64_t last  = (int64_t)high - 1;
  for (int64_t k = first - SMOOTHING; k <= last; ++k) {
    const int64_t in  = k + SMOOTHING;
    const int64_t out = k - SMOOTHING - 1;
    if (in >= first && in <= last) {
      sum_a += (double)power(a, (uint32_t)in);
      sum_b += (double)power(b, (uint32_t)in);
    }
    if (out >= first) {
      sum_a -= (double)power(a, (uint32_t)out);
      sum_b -= (double)power(b, (uint32_t)out);
    }
    if (k >= first) {
      const double d =
        both ? sqrt(fmax(sum_a, 0.0) * fmax(sum_b, 0.0)) : fmax(sum_a, 0.0);
      const float w = (float)(1.0 / (d + (double)FLT_MIN));
      g[2 * k] *= w;
      g[2 * k + 1] *= w;
    }
  }
}

/// Quarters of an exponent that square roots alone make; or 0
static uint32_t
quarters_of(const double beta)
{
  return beta == 1.0 ? 4U : beta == 0.75 ? 3U : beta == 0.5 ? 2U : 0U;
}

/// Divide by the moduli to the power of beta
static void
whiten(float* const g, const uint32_t n, const double beta)
{
  const uint32_t quarters = quarters_of(beta);
  if (quarters) {
    fal_delay_ops_get()->whiten(g, n, quarters);
    return;
  }
  for (uint32_t k = 0U; k < n; ++k) {
    const float w = powf(sqrtf(power(g, k)) + 1e-20f, (float)beta);
    g[2U * k] /= w;
    g[2U * k + 1U] /= w;
  }
}

void
fal_weigh(float* const g, const float* const a, const float* const b,
          const uint32_t low, const uint32_t high,
          const FalWeighting* const weighting)
{
  const FalDelayMethod method = weighting->method;
  const bool whitens = method == FAL_DELAY_AUTO || method == FAL_DELAY_PHAT ||
                       method == FAL_DELAY_ML;
  for (uint32_t k = low; k < high; k += CACHED) {
    const uint32_t n  = high - k < CACHED ? high - k : CACHED;
    const size_t   at = 2U * (size_t)k;
    fal_delay_ops_get()->cross(g + at, a + at, b + at, n);
    if (whitens) {
      whiten(g + at, n, weighting->beta);
    }
  }
  if (method == FAL_DELAY_SCOT || method == FAL_DELAY_ROTH) {
    weigh_smoothly(g, a, b, low, high, method == FAL_DELAY_SCOT);
  }
}
