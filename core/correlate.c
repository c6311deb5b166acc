// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/correlate.h"

#include "core/arena.h"
#include "core/convolve.h"
#include "core/lag_window.h"
#include "core/status.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void
fal_pair_set_lags(FalPair* const pair, const FalMode mode)
{
  const int64_t n_a = (int64_t)pair->n_a;
  const int64_t n_b = (int64_t)pair->n_b;

  switch (mode) {
    case FAL_FULL:
      pair->min_lag = 1 - n_a;
      break;
    case FAL_SAME:
      pair->min_lag = (n_a - 1) / 2 + 1 - n_a;
      break;
    case FAL_VALID:
      pair->min_lag = (n_a < n_b ? n_a : n_b) - n_a;
      break;
  }
  pair->max_lag =
    pair->min_lag + (int64_t)fal_mode_frames(mode, pair->n_b, pair->n_a) - 1;
}

static void
reverse(float* const to, const float* const from, const size_t n)
{
  for (size_t t = 0U; t < n; ++t) {
    to[t] = from[n - 1U - t];
  }
}

static void
reverse_in_place(float* const x, const size_t n)
{
  for (size_t t = 0U; t < n / 2U; ++t) {
    const float first = x[t];
    x[t]              = x[n - 1U - t];
    x[n - 1U - t]     = first;
  }
}

/// Correlate as a convolution with the reversed a, which is not the longer one
static FalStatus
correlate_reversed(float* const r, const int64_t min_lag, const size_t n_lags,
                   const float* const a, const size_t n_a, const float* const b,
                   const size_t n_b)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n_a);
  if (fal_arena_allocate(&arena)) {
    return FAL_ERR_NO_MEM;
  }
  float* const h = fal_arena_floats(&arena, n_a);
  reverse(h, a, n_a);

  // Lag 0 is the full result's frame n_a - 1
  const size_t    start = (size_t)(min_lag + (int64_t)n_a - 1);
  const FalStatus st =
    fal_convolve_part(r, start, n_lags, b, n_b, h, n_a, FAL_METHOD_AUTO);
  fal_arena_release(arena.base);
  return st;
}

/// Correlate at lags that all have an overlap
static FalStatus
correlate(float* const r, const int64_t min_lag, const size_t n_lags,
          const FalPair* const p)
{
  const size_t n_shorter = p->n_a < p->n_b ? p->n_a : p->n_b;
  if (n_lags < n_shorter) {
    return fal_correlate_window(r, min_lag, n_lags, p->a, p->n_a, p->b, p->n_b);
  }
  if (p->n_a <= p->n_b) {
    return correlate_reversed(r, min_lag, n_lags, p->a, p->n_a, p->b, p->n_b);
  }

  // (a, b) at lag k is (b, a) at lag -k
  const int64_t   max_lag = min_lag + (int64_t)n_lags - 1;
  const FalStatus st =
    correlate_reversed(r, -max_lag, n_lags, p->b, p->n_b, p->a, p->n_a);
  if (!st) {
    reverse_in_place(r, n_lags);
  }
  return st;
}

static double
energy(const float* const x, const size_t n)
{
  double sum = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    sum += (double)x[t] * (double)x[t];
  }
  return sum;
}

FalStatus
fal_correlate(float* const r, const FalPair* const pair)
{
  const size_t most = (size_t)INT64_MAX / 16U;
  if (!pair->n_a || !pair->n_b || pair->n_a > most || pair->n_b > most ||
      pair->min_lag > pair->max_lag ||
      (pair->min_lag < 0 && pair->max_lag > INT64_MAX / 2 + pair->min_lag)) {
    return FAL_ERR_BAD_ARG;
  }

  // Lags without an overlap are zero
  const int64_t first = 1 - (int64_t)pair->n_a;
  const int64_t last  = (int64_t)pair->n_b - 1;
  const int64_t min   = pair->min_lag > first ? pair->min_lag : first;
  const int64_t max   = pair->max_lag < last ? pair->max_lag : last;
  const size_t  n_r   = (size_t)(pair->max_lag - pair->min_lag) + 1U;
  if (min > max) {
    memset(r, 0, n_r * sizeof(float));
    return FAL_OK;
  }

  const size_t n      = (size_t)(max - min) + 1U;
  const size_t before = (size_t)(min - pair->min_lag);
  memset(r, 0, before * sizeof(float));
  memset(r + before + n, 0, (n_r - before - n) * sizeof(float));
  const FalStatus st = correlate(r + before, min, n, pair);
  if (st) {
    return st;
  }

  const double product =
    pair->normalised ? energy(pair->a, pair->n_a) * energy(pair->b, pair->n_b)
                     : 1.0;
  const double gain = product > 0.0 ? 1.0 / sqrt(product) : 0.0;
  for (size_t k = 0U; pair->normalised && k < n; ++k) {
    r[before + k] = (float)(gain * (double)r[before + k]);
  }
  return FAL_OK;
}
