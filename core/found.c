// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/found.h"

#include "core/golden.h"
#include "core/sinc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// Scores on each side that are interpolated between
#define REACH 64

/// … with one more, so that the fraction may lie on either side of the place
#define N_SCORES (2 * REACH + 1)

/// Power of a window's mean beyond which nothing is left of its changes
#define LEAST_SHARE 1e-12

static int
by_time(const void* const a, const void* const b)
{
  const double x = ((const FalFound*)a)->frame;
  const double y = ((const FalFound*)b)->frame;
  return (x > y) - (x < y);
}

static int
by_height(const void* const a, const void* const b)
{
  const FalFound* const x      = *(const FalFound* const*)a;
  const FalFound* const y      = *(const FalFound* const*)b;
  const double          higher = fabs(x->score) - fabs(y->score);
  return higher > 0.0   ? -1
         : higher < 0.0 ? 1
                        : (x->frame > y->frame) - (x->frame < y->frame);
}

size_t
fal_found_merge(FalFound* const found, const size_t n, const double distance)
{
  const FalFound** const order =
    (const FalFound**)malloc((n + 1U) * sizeof(FalFound*));
  bool* const gone = (bool*)calloc(n + 1U, sizeof(bool));
  size_t      kept = 0U;
  if (order && gone) {
    qsort(found, n, sizeof(FalFound), by_time);
    for (size_t i = 0U; i < n; ++i) {
      order[i] = &found[i];
    }
    qsort(order, n, sizeof(FalFound*), by_height);
    for (size_t i = 0U; i < n; ++i) {
      const size_t best = (size_t)(order[i] - found);
      const double at   = found[best].frame;
      if (gone[best]) {
        continue;
      }
      for (size_t j = best; j-- > 0U && at - found[j].frame < distance;) {
        gone[j] = true;
      }
      for (size_t j = best + 1U; j < n && found[j].frame - at < distance; ++j) {
        gone[j] = true;
      }
    }
    for (size_t i = 0U; i < n; ++i) {
      if (!gone[i]) {
        found[kept++] = found[i];
      }
    }
  }
  free(gone);
  free(order);
  return kept;
}

/// Sum up the scores of the windows that begin with x, x + 1, …
static void
score(double* const scores, const float* const clip, const uint32_t n,
      const float* const x)
{
  double mean   = 0.0;
  double energy = 0.0;
  for (uint32_t t = 0U; t < n; ++t) {
    mean += (double)clip[t] / n;
  }
  for (uint32_t t = 0U; t < n; ++t) {
    energy += ((double)clip[t] - mean) * ((double)clip[t] - mean);
  }
  for (uint32_t k = 0U; k < N_SCORES; ++k) {
    const float* const w       = x + k;
    double             product = 0.0;
    double             level   = 0.0;
    double             whole   = 0.0;
    for (uint32_t t = 0U; t < n; ++t) {
      product += ((double)clip[t] - mean) * (double)w[t];
      level += (double)w[t];
      whole += (double)w[t] * (double)w[t];
    }
    const double power = whole - level * level / n;
    scores[k] =
      power > LEAST_SHARE * whole ? product / sqrt(energy * power) : 0.0;
  }
}

/// Read between the scores: `u` counts from the middle one, -1 to 1
static double
between(const double* const scores, const double u)
{
  double       taps[2 * REACH];
  const double whole = u < 0.0 ? -1.0 : 0.0;
  fal_sinc_taps(taps, REACH, u - whole);

  double              sum  = 0.0;
  const double* const from = scores + (u < 0.0 ? 0 : 1);
  for (uint32_t i = 0U; i < 2U * REACH; ++i) {
    sum += taps[i] * from[i];
  }
  return sum;
}

/// As between(), upright where the middle score is below zero
static double
upright(const void* const handle, const double u)
{
  const double* const scores = (const double*)handle;
  return scores[REACH] < 0.0 ? -between(scores, u) : between(scores, u);
}

FalStatus
fal_found_refine(FalFound* const found, const float* const clip,
                 const uint32_t n_clip, const FalRecording* const recording)
{
  const uint32_t n = n_clip + N_SCORES - 1U;
  float* const   x = (float*)malloc(n * sizeof(float));
  if (!x) {
    return FAL_ERR_NO_MEM;
  }
  const int64_t   place = llround(found->frame);
  const FalStatus st =
    fal_recording_read(recording, found->channel, x, place - REACH, n);
  if (!st) {
    double scores[N_SCORES];
    score(scores, clip, n_clip, x);
    const double u = fal_golden_top(upright, scores, -1.0, 1.0, 5e-8);
    found->frame   = (double)place + u;
    found->score   = fmax(-1.0, fmin(1.0, between(scores, u)));
  }
  free(x);
  return st;
}
