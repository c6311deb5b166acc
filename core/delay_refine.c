// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_refine.c The fraction of a frame, from phases

#include "core/arena.h"
#include "core/delay_parts.h"
#include "core/delay_spectra.h"
#include "core/real_fft.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Half the bins over which coherence is estimated
#define SMOOTHING 4

/// Half those over which weak coherence is
#define WIDE_SMOOTHING 64

/// Coherence below this multiple of chance's mean is not believed
#define CHANCE 5.0

/// Incoherence that is believed: rounding of single precision
#define LEAST_NOISE 1e-6

/// Noise that is believed of the mean power: the images of good resamplers
#define LEAST_FLOOR 1e-12

/// Incoherence near half the rate, where resamplers leave images
#define EDGE_NOISE 1e-3

/// Where that begins, cycles a frame
#define EDGE 0.45

/// How much finer than a frame the correlation is searched
#define OVERSAMPLING 8U

/// Passes over the recordings at most; each one reads along a better line
#define MAX_PASSES 4U

/// Deviations that a drift must have to be believed
#define DRIFT_SIGMAS 4.5

/// Least drift that is told from none, frames a frame
#define LEAST_SLOPE 2e-9

/// Sums of spectra over some bins
typedef struct {
  double aa;
  double bb;
  double re;
  double im;
} Sum;

/// What the phases tell
typedef struct {
  double* weights;     ///< [n_bins] of the cross-spectrum, maximum likelihood
  double  information; ///< Fisher's, of the lag, 1 / frames²
  double  sign;        ///< 1, or -1 if the polarity is inverted
  double  lag;         ///< Left of the line's, frames
  double  slope;       ///< Left of the line's
  double  slope_error; ///< Deviation of the slope
} Phases;

/**
   Estimate the squared coherence around a bin, without its bias.

   @param around Overwritten: the sums over the neighbours. They are added anew
   for each bin: differences of running sums would drown what is weak.
   @return 0 where chance alone would often give as much.
*/
static double
measure_coherence(Sum* const around, const FalSpectra* const spectra,
                  const int64_t k, const int64_t radius)
{
  const int64_t low   = spectra->low;
  const int64_t high  = spectra->high;
  const int64_t first = k - radius > low ? k - radius : low;
  const int64_t last  = k + radius + 1 < high ? k + radius + 1 : high;

  *around = (Sum){0.0, 0.0, 0.0, 0.0};
  for (int64_t j = first; j < last; ++j) {
    around->aa += spectra->aa[j];
    around->bb += spectra->bb[j];
    around->re += spectra->ab[2 * j];
    around->im += spectra->ab[2 * j + 1];
  }

  // A tapered bin shares half of its noise with its neighbours
  const double n_averages =
    spectra->n_averages * fmax(1.0, 0.5 * (double)(last - first) + 0.5);
  const double bias = 1.0 / fmax(1.5, n_averages);
  const double raw  = (around->re * around->re + around->im * around->im) /
                     (around->aa * around->bb + 1e-300);
  return raw < CHANCE * bias ? 0.0 : (raw - bias) / (1.0 - bias);
}

/// Estimate coherence, and the weights that follow from it
static void
weigh(Phases* const phases, const FalSpectra* const spectra,
      const FalDelayMethod method, const double beta)
{
  const double size = spectra->fft.size;
  double       aa   = 0.0;
  double       bb   = 0.0;
  for (uint32_t k = spectra->low; k < spectra->high; ++k) {
    aa += spectra->aa[k];
    bb += spectra->bb[k];
  }
  const double mean = sqrt(aa * bb) / (spectra->high - spectra->low);

  phases->information = 0.0;
  for (int64_t k = spectra->low; k < (int64_t)spectra->high; ++k) {
    Sum    near    = {0.0, 0.0, 0.0, 0.0};
    double squared = measure_coherence(&near, spectra, k, SMOOTHING);
    if (squared == 0.0) { // Perhaps too weak to be seen bin by bin
      Sum wide = {0.0, 0.0, 0.0, 0.0};
      squared  = measure_coherence(&wide, spectra, k, WIDE_SMOOTHING);
    }

    const double angle = 2.0 * M_PI * (double)k / size;
    const double power = near.aa * near.bb + 1e-300;
    const double weakness =
      LEAST_FLOOR * mean * (2.0 * SMOOTHING + 1.0) / sqrt(power);
    const double least = fmin(
      1.0, weakness + ((double)k < EDGE * size ? LEAST_NOISE : EDGE_NOISE));
    const double ratio   = squared / (1.0 - fmin(squared, 1.0 - least));
    const double modulus = sqrt(near.re * near.re + near.im * near.im) + 1e-300;
    // Of weak bins the modulus is chance; what is expected of it is not
    double weight = ratio / fmax(modulus, sqrt(squared * power) + 1e-300);
    switch (method) {
      case FAL_DELAY_AUTO:
      case FAL_DELAY_ML:
        break;
      case FAL_DELAY_XCORR:
        weight = 1.0;
        break;
      case FAL_DELAY_PHAT:
        weight = pow(modulus, -beta);
        break;
      case FAL_DELAY_SCOT:
        weight = 1.0 / sqrt(power);
        break;
      case FAL_DELAY_ROTH:
        weight = 1.0 / (near.aa + 1e-300);
        break;
    }
    phases->weights[k] = weight;
    phases->information +=
      2.0 * spectra->n_frames / size * angle * angle * ratio;
  }
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
  const float* const g =
    spectra->groups + group * 2U * (size_t)spectra->fft.n_bins;
  const double unit = 2.0 * M_PI / spectra->fft.size;
  *first            = 0.0;
  *second           = 0.0;

  double       re      = cos(unit * lag * spectra->low);
  double       im      = sin(unit * lag * spectra->low);
  const double step_re = cos(unit * lag);
  const double step_im = sin(unit * lag);
  for (uint32_t k = spectra->low; k < spectra->high; ++k) {
    const double g_re   = (double)g[2U * (size_t)k];
    const double g_im   = (double)g[2U * (size_t)k + 1U];
    const double weight = phases->weights[k] * unit * k;
    *first -= weight * (g_re * im + g_im * re);
    *second += weight * unit * k * (g_re * re - g_im * im);

    const double next = re * step_re - im * step_im;
    im                = re * step_im + im * step_re;
    re                = next;
  }
  *first *= phases->sign;
  *second *= phases->sign;
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
    (void)fal_arena_carve(&arena, spectra.fft.n_bins * sizeof(double));
    st             = fal_arena_allocate(&arena);
    phases.weights = (double*)(void*)arena.base;
  }

  for (uint32_t pass = 0U; !st && pass < MAX_PASSES; ++pass) {
    if ((st = fal_spectra_read(&spectra, line, pair))) {
      break;
    }
    weigh(&phases, &spectra, pair->method, pair->beta);
    if (!(phases.information > 0.0)) {
      phases.information = 1e-12;
    }
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
    line->inverted = phases.sign < 0.0;
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
