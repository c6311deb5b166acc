// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/cabinet.h"

#include "ir/factory/acoustics.h"
#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#define N_RINGS 24U
#define N_SECTORS 16U

/// Return exp(-i angle) of a frequency after a time
static double complex
delayed(const double f_hz, const double time_s)
{
  const double angle = 2.0 * M_PI * f_hz * time_s;
  return fal_complex(cos(angle), -sin(angle));
}

/// Return how a ring moves: a wave that goes out, and comes back from the edge
static double complex
ring_motion(const FalCabinet* const cabinet, const double radius_m,
            const double f_hz)
{
  const double loss = f_hz / cabinet->decoupling_hz / cabinet->cone_m;
  const double back = 2.0 * cabinet->cone_m - radius_m;
  return exp(-loss * radius_m) * delayed(f_hz, radius_m / cabinet->cone_speed) -
         cabinet->edge * exp(-loss * back) *
           delayed(f_hz, back / cabinet->cone_speed);
}

/// Return the pressure of a cone at a microphone, 1 for a rigid one at 1 m
static double complex
cone_pressure(const FalCabinet* const cabinet, const double offset_m,
              const double depth_m, const double f_hz)
{
  double complex sum = 0.0;
  for (uint32_t i = 0U; i < N_RINGS; ++i) {
    const double   radius = cabinet->cone_m * ((double)i + 0.5) / N_RINGS;
    double complex ring   = 0.0;
    for (uint32_t j = 0U; j < N_SECTORS; ++j) {
      const double angle    = M_PI * ((double)j + 0.5) / N_SECTORS;
      const double x        = offset_m - radius * cos(angle);
      const double y        = radius * sin(angle);
      const double distance = sqrt(x * x + y * y + depth_m * depth_m);
      ring += delayed(f_hz, distance / FAL_SOUND_SPEED) / distance;
    }
    sum += 2.0 * radius / cabinet->cone_m * ring *
           ring_motion(cabinet, radius, f_hz);
  }
  return sum / (N_RINGS * N_SECTORS);
}

/// Return all that reaches the microphone through the air
static double complex
air_pressure(const FalCabinet* const cabinet, const double f_hz)
{
  const double   depth = cabinet->distance_m;
  double complex sum   = cone_pressure(cabinet, cabinet->offset_m, depth, f_hz);

  if (cabinet->pitch_m > 0.0) {
    const double pitch = cabinet->pitch_m;
    sum += cone_pressure(cabinet, pitch - cabinet->offset_m, depth, f_hz) +
           cone_pressure(cabinet, pitch, depth, f_hz) +
           cone_pressure(cabinet, pitch * sqrt(2.0), depth, f_hz);
  }

  // Edges of the baffle radiate once more what passes them, turned over
  const double half = 0.5 * cabinet->baffle_m;
  const double edge = half + sqrt(half * half + depth * depth);
  sum -=
    0.2 / (1.0 + f_hz / 1500.0) / edge * delayed(f_hz, edge / FAL_SOUND_SPEED);

  if (cabinet->open) {
    // The back's pressure comes round the baffle
    const double round = 0.8 * cabinet->baffle_m + depth;
    const double dull  = 1.0 / (1.0 + f_hz * f_hz / (900.0 * 900.0));
    sum -= 0.8 * dull / round * delayed(f_hz, round / FAL_SOUND_SPEED);
  }
  if (cabinet->floor_m > 0.0) {
    const double path =
      sqrt(4.0 * cabinet->floor_m * cabinet->floor_m + depth * depth);
    const double dull = 1.0 / (1.0 + f_hz * f_hz / (1500.0 * 1500.0));
    sum += 0.7 * dull / path * delayed(f_hz, path / FAL_SOUND_SPEED);
  }
  return sum;
}

/// Return coil, box and cap
static double complex
motor(const FalCabinet* const cabinet, const double f_hz)
{
  const double complex s = fal_complex(0.0, f_hz / cabinet->resonance_hz);
  double complex       h = s * s / (s * s + s / cabinet->q + 1.0);
  h /= 1.0 + fal_complex(0.0, f_hz / cabinet->inductance_hz);

  // Butterworth's low-pass of fourth order
  const double complex c = fal_complex(0.0, f_hz / cabinet->cutoff_hz);
  h /= (c * c + 0.7654 * c + 1.0) * (c * c + 1.8478 * c + 1.0);

  for (uint32_t i = 0U; i < cabinet->n_peaks; ++i) {
    const FalPeak* const peak = &cabinet->peaks[i];
    const double complex p    = fal_complex(0.0, f_hz / peak->frequency_hz);
    const double         root = pow(10.0, peak->gain_db / 40.0);
    h *=
      (p * p + p * root / peak->q + 1.0) / (p * p + p / (root * peak->q) + 1.0);
  }
  return h;
}

FalStatus
fal_cabinet_render(FalResponse* const response, const FalCabinet* const cabinet)
{
  const uint32_t size = fal_dft_size(2U * response->n_frames);

  double complex* const z   = calloc(size, sizeof(*z));
  FalDft                dft = {0U, NULL};
  if (!z || fal_dft_init(&dft, size)) {
    free(z);
    return FAL_ERR_NO_MEM;
  }

  // The way to the microphone is taken off: the sound comes at once
  const double first = sqrt(cabinet->distance_m * cabinet->distance_m +
                            fmax(0.0, cabinet->offset_m - cabinet->cone_m) *
                              fmax(0.0, cabinet->offset_m - cabinet->cone_m)) /
                       FAL_SOUND_SPEED;
  for (uint32_t k = 1U; k < size / 2U; ++k) {
    const double f_hz = FAL_FACTORY_RATE_HZ * (double)k / (double)size;
    z[k]              = motor(cabinet, f_hz) * air_pressure(cabinet, f_hz) *
           conj(delayed(f_hz, first));
    z[size - k] = conj(z[k]);
  }
  fal_dft_inverse(&dft, z);
  for (uint32_t t = 0U; t < response->n_frames; ++t) {
    response->samples[t] += creal(z[t]);
  }

  fal_dft_clear(&dft);
  free(z);
  return FAL_OK;
}
