// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/sinc.h"

#include <math.h>
#include <stdint.h>

/// Of Kaiser's window: 118 dB
#define BETA 12.0

/// The modified Bessel function of order 0, by its series
static double
bessel_i0(const double x)
{
  double sum  = 1.0;
  double term = 1.0;
  for (uint32_t k = 1U; term > 1e-17 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

void
fal_sinc_taps(double* const taps, const uint32_t reach, const double fraction)
{
  const double scale = 1.0 / bessel_i0(BETA);
  double       sum   = 0.0;
  for (uint32_t i = 0U; i < 2U * reach; ++i) {
    const double u      = (double)i - (double)(reach - 1U) - fraction;
    const double r      = u / reach;
    const double inside = 1.0 - r * r;
    const double sinc   = fabs(u) < 1e-12 ? 1.0 : sin(M_PI * u) / (M_PI * u);
    taps[i] =
      inside > 0.0 ? scale * bessel_i0(BETA * sqrt(inside)) * sinc : 0.0;
    sum += taps[i];
  }
  for (uint32_t i = 0U; i < 2U * reach; ++i) {
    taps[i] /= sum;
  }
}

void
fal_sinc_peak_init(FalSincPeak* const peak)
{
  for (uint32_t i = 0U; i < FAL_PEAK_STEPS; ++i) {
    fal_sinc_taps(peak->taps[i], FAL_PEAK_REACH, (double)i / FAL_PEAK_STEPS);
  }
}

double
fal_sinc_peak(const FalSincPeak* const peak, const float* const x)
{
  double highest = fabs((double)x[0]);
  for (uint32_t side = 0U; side < 2U; ++side) {
    const float* const from = x - FAL_PEAK_REACH + (side ? 1 : 0);
    for (uint32_t step = 1U; step < FAL_PEAK_STEPS; ++step) {
      double sum = 0.0;
      for (uint32_t i = 0U; i < 2U * FAL_PEAK_REACH; ++i) {
        sum += peak->taps[step][i] * (double)from[i];
      }
      highest = fmax(highest, fabs(sum));
    }
  }
  return highest;
}
