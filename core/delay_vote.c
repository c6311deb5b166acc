// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_vote.c Lines of delay that many pieces agree on

#include "core/delay_parts.h"

#include <math.h>

/// Distance from a line at which a point still agrees with it
#define TOLERANCE_S 0.001

/// Height from which a point is more than the highest of much noise
#define SURE_Z 8.0

/// Pieces that have to agree for a line to be clear
#define SURE_PIECES 3U

/// Collect the best point of each piece near a line; return the sum of heights
static double
count(const FalPoint* const points, const uint32_t n, const FalPeak* const line,
      const double rate_hz, uint32_t* const n_sure, double* const span)
{
  double sum   = 0.0;
  double first = INFINITY;
  double last  = -INFINITY;
  *n_sure      = 0U;
  for (uint32_t i = 0U; i < n;) {
    const uint32_t piece = points[i].piece;
    double         best  = 0.0;
    double         time  = 0.0;
    for (; i < n && points[i].piece == piece; ++i) {
      const double lag =
        line->lag + line->slope * (points[i].time - line->origin);
      if (fabs(points[i].lag - lag) <= TOLERANCE_S * rate_hz &&
          points[i].z > best) {
        best = points[i].z;
        time = points[i].time;
      }
    }
    sum += best;
    if (best > SURE_Z) {
      ++*n_sure;
    }
    if (best > 0.0) {
      first = fmin(first, time);
      last  = fmax(last, time);
    }
  }
  *span = fmax(0.0, last - first);
  return sum;
}

bool
fal_delay_vote(FalPeaks* const peaks, const FalPoint* const points,
               const uint32_t n, const double rate_hz, const uint32_t channel_a,
               const uint32_t channel_b)
{
  bool is_clear = false;
  for (uint32_t i = 0U; i < n; ++i) {
    for (uint32_t j = i; j < n; ++j) {
      const FalPoint* const p     = &points[i];
      const FalPoint* const q     = &points[j];
      const double          time  = q->time - p->time;
      const double          slope = time > 0.0 ? (q->lag - p->lag) / time : 0.0;
      if (!(p->z > 0.0) || !(q->z > 0.0) || fabs(slope) > FAL_MAX_SLOPE ||
          (i != j && p->piece == q->piece)) {
        continue;
      }

      uint32_t n_sure = 0U;
      double   span   = 0.0;
      FalPeak  peak   = {.lag         = p->lag,
                         .origin      = p->time,
                         .slope       = slope,
                         .slope_error = FAL_MAX_SLOPE,
                         .z           = fmax(p->z, q->z),
                         .channel_a   = channel_a,
                         .channel_b   = channel_b,
                         .inverted    = p->inverted};
      peak.score      = count(points, n, &peak, rate_hz, &n_sure, &span);
      if (span > 0.0) {
        peak.slope_error =
          fmin(FAL_MAX_SLOPE, 2.0 * TOLERANCE_S * rate_hz / span);
      }
      is_clear = is_clear || n_sure >= SURE_PIECES;
      fal_peaks_add(peaks, &peak, rate_hz);
    }
  }
  return is_clear;
}
