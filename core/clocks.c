// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/clocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Passes in which weights follow residuals
#define N_PASSES 60U

/// Residual below which a weight no longer grows, seconds
#define LEAST_RESIDUAL_S 1e-5

/// A system of equations, and what is solved for
typedef struct {
  uint32_t n;
  double*  matrix; ///< [n][n]
  double*  right;  ///< [n]
  double*  drift;  ///< [n], ln(1 + d)
  double*  place;  ///< [n], p / (1 + d)
  double*  weight; ///< [n_links]
} System;

/// Give each clock the lowest index that it hangs together with
static void
group(FalClock* const clocks, const uint32_t n, const FalLink* const links,
      const size_t n_links)
{
  for (uint32_t i = 0U; i < n; ++i) {
    clocks[i].group = i;
  }
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (size_t l = 0U; l < n_links; ++l) {
      uint32_t* const a = &clocks[links[l].a].group;
      uint32_t* const b = &clocks[links[l].b].group;
      if (!links[l].is_outlier && *a != *b) {
        *a = *b     = *a < *b ? *a : *b;
        has_changed = true;
      }
    }
  }
}

/// What a link says about the difference of its clocks
static double
difference(const System* const s, const FalLink* const link,
           const bool is_drift)
{
  return is_drift ? log1p(link->drift)
                  : (link->time_s + link->seconds) * exp(-s->drift[link->b]) -
                      link->time_s * exp(-s->drift[link->a]);
}

/// Eliminate (the matrix is symmetric and positive definite)
static void
eliminate(const System* const s, double* const x)
{
  const size_t n = s->n;
  for (size_t i = 0U; i < n; ++i) {
    const double* const pivot = s->matrix + i * n;
    for (size_t j = i + 1U; j < n; ++j) {
      double* const row    = s->matrix + j * n;
      const double  factor = row[i] / pivot[i];
      for (size_t k = i; k < n && factor != 0.0; ++k) {
        row[k] -= factor * pivot[k];
      }
      s->right[j] -= factor * s->right[i];
    }
  }
  for (size_t i = n; i-- > 0U;) {
    double sum = s->right[i];
    for (size_t k = i + 1U; k < n; ++k) {
      sum -= s->matrix[i * n + k] * x[k];
    }
    x[i] = sum / s->matrix[i * n + i];
  }
}

/// Weighted least squares of the links' differences, 0 for the first of a group
static void
fit(const System* const s, const FalClock* const clocks,
    const FalLink* const links, const size_t n_links, const bool is_drift)
{
  const size_t n = s->n;
  memset(s->matrix, 0, n * n * sizeof(double));
  memset(s->right, 0, n * sizeof(double));
  for (size_t l = 0U; l < n_links; ++l) {
    const size_t a = links[l].a;
    const size_t b = links[l].b;
    const double w = s->weight[l];
    const double d = w * difference(s, &links[l], is_drift);
    s->matrix[a * n + a] += w;
    s->matrix[b * n + b] += w;
    s->matrix[a * n + b] -= w;
    s->matrix[b * n + a] -= w;
    s->right[a] -= d;
    s->right[b] += d;
  }
  for (size_t i = 0U; i < n; ++i) {
    if (clocks[i].group == i) {
      for (size_t k = 0U; k < n; ++k) {
        s->matrix[i * n + k] = 0.0;
        s->matrix[k * n + i] = 0.0;
      }
      s->matrix[i * n + i] = 1.0;
      s->right[i]          = 0.0;
    }
  }
  eliminate(s, is_drift ? s->drift : s->place);
}

static void
find_residuals(const System* const s, FalLink* const links,
               const size_t n_links)
{
  for (size_t l = 0U; l < n_links; ++l) {
    FalLink* const link = &links[l];
    link->residual_s =
      (difference(s, link, false) - (s->place[link->b] - s->place[link->a])) *
      exp(s->drift[link->b]);
  }
}

static void
solve(System* const s, FalClock* const clocks, FalLink* const links,
      const size_t n_links)
{
  // The least sum of magnitudes, by weights that follow the residuals
  group(clocks, s->n, links, n_links);
  for (uint32_t pass = 0U; pass < N_PASSES; ++pass) {
    for (size_t l = 0U; l < n_links; ++l) {
      const double size = fabs(links[l].residual_s);
      s->weight[l] =
        pass ? links[l].weight * LEAST_RESIDUAL_S / fmax(LEAST_RESIDUAL_S, size)
             : links[l].weight;
    }
    fit(s, clocks, links, n_links, true);
    fit(s, clocks, links, n_links, false);
    find_residuals(s, links, n_links);
  }

  // The least squares of what does not contradict
  for (size_t l = 0U; l < n_links; ++l) {
    links[l].is_outlier = fabs(links[l].residual_s) > FAL_CLOCKS_TOLERANCE_S;
    s->weight[l]        = links[l].is_outlier ? 0.0 : links[l].weight;
  }
  group(clocks, s->n, links, n_links);
  fit(s, clocks, links, n_links, true);
  fit(s, clocks, links, n_links, false);
  find_residuals(s, links, n_links);
  for (uint32_t i = 0U; i < s->n; ++i) {
    clocks[i].drift   = expm1(s->drift[i]);
    clocks[i].seconds = s->place[i] * exp(s->drift[i]);
  }
}

FalStatus
fal_clocks_solve(FalClock* const clocks, const uint32_t n_clocks,
                 FalLink* const links, const size_t n_links)
{
  for (size_t l = 0U; l < n_links; ++l) {
    if (links[l].a >= n_clocks || links[l].b >= n_clocks ||
        links[l].a == links[l].b || !(links[l].weight > 0.0) ||
        !isfinite(links[l].weight) || !isfinite(links[l].seconds) ||
        !isfinite(links[l].time_s) || !(fabs(links[l].drift) < 0.5)) {
      return FAL_ERR_BAD_ARG;
    }
    links[l].residual_s = 0.0;
    links[l].is_outlier = false;
  }
  if (!n_clocks) {
    return FAL_ERR_BAD_ARG;
  }

  const size_t  n = n_clocks;
  double* const memory =
    (double*)calloc(n * (n + 3U) + n_links, sizeof(double));
  if (!memory) {
    return FAL_ERR_NO_MEM;
  }
  System s = {n_clocks,
              memory,
              memory + n * n,
              memory + n * (n + 1U),
              memory + n * (n + 2U),
              memory + n * (n + 3U)};
  solve(&s, clocks, links, n_links);
  free(memory);
  return FAL_OK;
}
