// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/chance.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// The tail begins with one of so many stretches, or three times as many, …
#define FIRST_SHARE 20U
#define LAST_SHARE 600U

/// … but not with fewer than these
#define LEAST_ABOVE 25U

/// Score that counts as 1
#define MOST (1.0 - 1e-12)

static int
descending(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x < y) - (x > y);
}

static double
to_tail(const double score)
{
  const double s = fmin(MOST, fabs(score));
  return -log1p(-s * s);
}

static size_t
share_of(const size_t n, const size_t share)
{
  const size_t n_above = n / share > LEAST_ABOVE ? n / share : LEAST_ABOVE;
  return n_above < n / 2U ? n_above : n / 2U;
}

static FalChance
fit_tail(const double* const highest, const size_t n, const size_t n_above,
         const double n_stretch)
{
  const double above = (double)n_above;
  const double start = to_tail(highest[n_above]);
  double       sum   = 0.0;
  for (size_t i = 0U; i < n_above; ++i) {
    sum += to_tail(highest[i]) - start;
  }
  return (FalChance){start, fmax(1e-12, sum / above),
                     above / (double)n / n_stretch, above};
}

void
fal_chance_fit(FalChance* const chance, double* const highest, const size_t n,
               const double n_stretch)
{
  qsort(highest, n, sizeof(double), descending);
  *chance = (FalChance){to_tail(1.0), 1.0, 1.0 / n_stretch, 1.0};

  // A mixture of sounds has a tail that falls slower and slower: the slowest of
  // some beginnings counts
  bool is_first = true;
  for (size_t share = FIRST_SHARE; share <= LAST_SHARE; share *= 3U) {
    const size_t n_above = share_of(n, share);
    if (n_above && (is_first || n_above > LEAST_ABOVE)) {
      const FalChance next = fit_tail(highest, n, n_above, n_stretch);
      if (is_first || next.scale > chance->scale) {
        *chance = next;
      }
      is_first = false;
    }
  }
}

static double
from_tail(const double u)
{
  return fmin(MOST, sqrt(-expm1(-u)));
}

double
fal_chance_score(const FalChance* const chance, const double n_scales)
{
  return from_tail(chance->start + chance->scale * n_scales);
}

double
fal_chance_threshold(const FalChance* const chance, const double rate)
{
  const double k    = chance->n_above;
  const double rare = fmax(0.0, log(chance->rate / rate));
  const double e    = k * expm1(rare / k);
  return fal_chance_score(chance, e);
}

double
fal_chance_rate(const FalChance* const chance, const double score)
{
  const double k = chance->n_above;
  const double e = fmax(0.0, to_tail(score) - chance->start) / chance->scale;
  return chance->rate * exp(-k * log1p(e / k));
}
