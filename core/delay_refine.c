// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_refine.c The fraction of a frame, from phases

#include "core/arena.h"
#include "core/delay_coherence.h"
#include "core/delay_ops.h"
#include "core/delay_parts.h"
#include "core/delay_spectra.h"
#include "core/real_fft.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// How much finer than a frame the correlation is searched
#define OVERSAMPLING 8U

/// Passes over the recordings at most; each one reads along a better line
#define MAX_PASSES 4U

/// Deviations that a drift must have to be believed
#define DRIFT_SIGMAS 4.5

/// Least drift that is told from none, frames a frame
#define LEAST_SLOPE 2e-9

/// What the phases tell
typedef struct {
  double* weights;     ///< [n_bins] of the cross-spectrum
  double* slopes;      ///< [n_bins][2], weights times the angles of a frame
  double* bends;       ///< [n_bins][2], … times their squares
  double  information; ///< Fisher's, of the lag, 1 / frames²
  double  nats;        ///< That recordings have in common, a frame
  double  sign;        ///< 1, or -1 if the polarity is inverted
  double  lag;         ///< Left of the line's, frames
  double  slope;       ///< Left of the line's
  double  slope_error; ///< Deviation of the slope
} Phases;

static void
lay_out(Phases* const phases, const size_t n_bins, FalArena* const arena)
{
  const size_t n_bytes = n_bins * sizeof(double);

  phases->weights = (double*)fal_arena_carve(arena, n_bytes);
  phases->slopes  = (double*)fal_arena_carve(arena, 2U * n_bytes);
  phases->bends   = (double*)fal_arena_carve(arena, 2U * n_bytes);
}

/// Find the highest peak of the weighted correlation within a radius of frames
static FalStatus
search(Phases* const phases, const FalSpectra* const spectra,
       const double radius)
{
  FalRealFft     fft   = {0};
  const uint32_t size  = spectra->fft.size * OVERSAMPLING;
  FalStatus      st    = fal_real_fft_init(&fft, size);
  FalArena       arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, (size_t)size + 2U);
  (void)fal_arena_floats(&arena, size);
  if (!st) {
    st = fal_arena_allocate(&arena);
  }
  if (st) {
    fal_real_fft_clear(&fft);
    return st;
  }

  float* const g       = fal_arena_floats(&arena, (size_t)size + 2U);
  float* const r       = fal_arena_floats(&arena, size);
  double       largest = 1e-300;
  for (uint32_t k = 2U * spectra->low; k < 2U * spectra->high; ++k) {
    largest = fmax(largest, fabs(spectra->ab[k] * phases->weights[k / 2U]));
  }
  for (uint32_t k = 2U * spectra->low; k < 2U * spectra->high; ++k) {
    g[k] = (float)(spectra->ab[k] * phases->weights[k / 2U] / largest);
  }
  fal_real_fft_inverse(&fft, r, g);

  const int32_t reach = (int32_t)ceil(radius * OVERSAMPLING);
  float         best  = 0.0f;
  for (int32_t i = -reach; i <= reach; ++i) {
    const float height = r[i < 0 ? i + (int32_t)size : i];
    if (fabsf(height) > best) {
      best         = fabsf(height);
      phases->lag  = (double)i / OVERSAMPLING;
      phases->sign = height < 0.0f ? -1.0 : 1.0;
    }
  }

  fal_arena_release(arena.base);
  fal_real_fft_clear(&fft);
  return FAL_OK;
}

/// First and second derivative of a group's correlation at a lag
static void
differentiate(const Phases* const phases, const FalSpectra* const spectra,
              const uint32_t group, const double lag, double* const first,
              double* const second)
{
  const size_t n_bins  = spectra->fft.n_bins;
  const size_t low     = spectra->low;
  const double step    = 2.0 * M_PI / spectra->fft.size * lag;
  double       sums[2] = {0.0, 0.0};
  fal_delay_ops_get()->differentiate(
    sums, spectra->groups + 2U * (group * n_bins + low),
    phases->slopes + 2U * low, phases->bends + 2U * low, spectra->high - low,
    step * (double)low, step);
  *first  = -phases->sign * sums[0];
  *second = phases->sign * sums[1];
}

/// Weigh the bins, also for the derivatives
static void
weigh(Phases* const phases, const FalSpectra* const spectra,
      const FalDelayPair* const pair)
{
  const double unit = 2.0 * M_PI / spectra->fft.size;
  phases->information =
    fmax(1e-12, fal_coherence_weigh(phases->weights, &phases->nats, spectra,
                                    pair->method, pair->beta));
  for (uint32_t k = spectra->low; k < spectra->high; ++k) {
    const double slope          = phases->weights[k] * unit * k;
    phases->slopes[2U * k]      = slope;
    phases->slopes[2U * k + 1U] = slope;
    phases->bends[2U * k]       = slope * unit * k;
    phases->bends[2U * k + 1U]  = slope * unit * k;
  }
}

/// Newton's method for the lag, and for the slope unless it is fixed
static void
solve(Phases* const phases, const FalSpectra* const spectra,
      const bool fixed_slope)
{
  phases->slope       = 0.0;
  phases->slope_error = INFINITY;
  for (uint32_t step = 0U; step < 8U; ++step) {
    double d[FAL_MAX_GROUPS];
    double h[FAL_MAX_GROUPS];
    double sum_d = 0.0;
    double sum_h = 0.0;
    double dt    = 0.0;
    double ht    = 0.0;
    double htt   = 0.0;
    for (uint32_t g = 0U; g < spectra->n_groups; ++g) {
      const double t = spectra->times[g];
      differentiate(phases, spectra, g, phases->lag + phases->slope * t, &d[g],
                    &h[g]);
      sum_d += d[g];
      sum_h += h[g];
      dt += d[g] * t;
      ht += h[g] * t;
      htt += h[g] * t * t;
    }

    const double det = sum_h * htt - ht * ht;
    if (!(sum_h > 0.0)) {
      return;
    }
    if (fixed_slope || spectra->n_groups < 3U || !(det > 1e-9 * sum_h * htt)) {
      const double change = sum_d / sum_h;
      phases->lag += fmax(-0.5, fmin(0.5, change));
      if (fabs(change) < 1e-10) {
        return;
      }
      continue;
    }

    // Scatter of the groups beyond what coherence foretells widens the error
    const double scale   = phases->information / sum_h;
    const double mean    = ht / sum_h;
    const double slope   = (dt - mean * sum_d) / (htt - mean * ht);
    const double lag     = sum_d / sum_h - slope * mean;
    double       scatter = 0.0;
    for (uint32_t g = 0U; g < spectra->n_groups; ++g) {
      const double t    = spectra->times[g];
      const double left = d[g] - h[g] * (lag + slope * t);
      scatter += h[g] > 0.0 ? scale * left * left / h[g] : 0.0;
    }
    scatter             = fmax(1.0, scatter / (spectra->n_groups - 2.0));
    phases->slope_error = sqrt(scatter / (scale * (htt - mean * ht)));
    phases->lag += fmax(-0.5, fmin(0.5, lag));
    phases->slope += slope;
    if (fabs(lag) < 1e-10) {
      return;
    }
  }
}

FalStatus
fal_delay_refine(FalLine* const line, FalFit* const result,
                 const FalDelayPair* const pair)
{
  FalSpectra spectra     = {0};
  Phases     phases      = {.sign = 1.0};
  FalArena   arena       = {NULL, 0U};
  bool       fixed_slope = false;
  double     radius      = fmax(3.0, 0.25e-3 * pair->rate_hz);

  FalStatus st = fal_spectra_init(&spectra, line, pair);
  if (!st) {
    lay_out(&phases, spectra.fft.n_bins, &arena);
    st = fal_arena_allocate(&arena);
  }
  if (!st) {
    lay_out(&phases, spectra.fft.n_bins, &arena);
  }

  for (uint32_t pass = 0U; !st && pass < MAX_PASSES; ++pass) {
    if ((st = fal_spectra_read(&spectra, line, pair))) {
      break;
    }
    weigh(&phases, &spectra, pair);
    if ((st = search(&phases, &spectra, radius))) {
      break;
    }
    solve(&phases, &spectra, fixed_slope);

    const double slope  = line->slope + phases.slope;
    const bool   drifts = fabs(slope) > DRIFT_SIGMAS * phases.slope_error &&
                        fabs(slope) > LEAST_SLOPE &&
                        fabs(slope) < 2.0 * FAL_MAX_SLOPE;
    double turn = fabs(phases.lag) + fabs(phases.slope * spectra.times[0]);
    line->lag += phases.lag;
    line->inverted      = phases.sign < 0.0;
    result->information = phases.nats;
    if (!fixed_slope && drifts) {
      line->slope       = slope;
      result->deviation = hypot(1.0 / sqrt(phases.information),
                                phases.slope_error * line->origin);
    } else {
      turn              = fmax(turn, fabs(line->slope * spectra.times[0]));
      turn              = fixed_slope
                            ? turn
                            : fmax(turn, fabs(phases.slope * spectra.times[0])) + 1.0;
      fixed_slope       = true;
      line->slope       = 0.0;
      result->deviation = 1.0 / sqrt(phases.information);
    }
    radius = 1.0;
    if (turn < 0.05) {
      break;
    }
  }

  fal_arena_release(arena.base);
  fal_spectra_clear(&spectra);
  return st;
}
