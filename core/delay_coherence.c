// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_coherence.h"

#include <math.h>
#include <stdint.h>

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

/// Sums of spectra over some bins
typedef struct {
  double aa;
  double bb;
  double re;
  double im;
} Sum;

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

double
fal_coherence_weigh(double* const weights, double* const nats,
                    const FalSpectra* const spectra,
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

  double information = 0.0;
  *nats              = 0.0;
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
    weights[k] = weight;
    *nats += log1p(ratio) / size;
    information += 2.0 * spectra->n_frames / size * angle * angle * ratio;
  }
  return information;
}
