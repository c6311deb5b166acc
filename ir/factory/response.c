// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/response.h"

#include "ir/factory/acoustics.h"
#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

FalStatus
fal_response_init(FalResponse* const response, const uint32_t n_channels,
                  const uint32_t n_frames)
{
  double* const samples =
    calloc((size_t)n_channels * n_frames, sizeof(*samples));
  if (!samples) {
    return FAL_ERR_NO_MEM;
  }
  *response = (FalResponse){samples, n_channels, n_frames};
  return FAL_OK;
}

void
fal_response_clear(FalResponse* const response)
{
  free(response->samples);
  *response = (FalResponse){NULL, 0U, 0U};
}

double*
fal_response_channel(const FalResponse* const response, const uint32_t channel)
{
  return response->samples + (size_t)channel * response->n_frames;
}

void
fal_response_high_pass(FalResponse* const response, const double frequency_hz)
{
  // Bilinear transform of s^2 / (s^2 + sqrt(2) s + 1)
  const double w  = tan(M_PI * frequency_hz / FAL_FACTORY_RATE_HZ);
  const double b  = 1.0 / (1.0 + sqrt(2.0) * w + w * w);
  const double a1 = 2.0 * b * (w * w - 1.0);
  const double a2 = b * (1.0 - sqrt(2.0) * w + w * w);
  for (uint32_t c = 0U; c < response->n_channels; ++c) {
    double* const x  = fal_response_channel(response, c);
    double        s1 = 0.0;
    double        s2 = 0.0;
    for (uint32_t t = 0U; t < response->n_frames; ++t) {
      const double y = b * x[t] + s1;
      s1             = -2.0 * b * x[t] - a1 * y + s2;
      s2             = b * x[t] - a2 * y;
      x[t]           = y;
    }
  }
}

void
fal_response_fade_out(FalResponse* const response, const uint32_t n_frames)
{
  for (uint32_t c = 0U; c < response->n_channels; ++c) {
    double* const end =
      fal_response_channel(response, c) + response->n_frames - n_frames;
    for (uint32_t t = 0U; t < n_frames; ++t) {
      const double phase = M_PI * (double)(t + 1U) / (double)n_frames;
      end[t] *= 0.5 + 0.5 * cos(phase);
    }
  }
}

void
fal_response_reverse(FalResponse* const response)
{
  for (uint32_t c = 0U; c < response->n_channels; ++c) {
    double* const x = fal_response_channel(response, c);
    for (uint32_t t = 0U; t < response->n_frames / 2U; ++t) {
      double* const other   = x + response->n_frames - 1U - t;
      const double  swapped = x[t];
      x[t]                  = *other;
      *other                = swapped;
    }
  }
}

/// Return the K-weighted power that pink noise of power 1 comes out with
static double
pink_power(const FalDft* const dft, double complex* const z,
           const double* const samples, const uint32_t n_frames)
{
  for (uint32_t t = 0U; t < dft->size; ++t) {
    z[t] = t < n_frames ? samples[t] : 0.0;
  }
  fal_dft_forward(dft, z);

  double in  = 0.0;
  double out = 0.0;
  for (uint32_t k = 1U; k < dft->size / 2U; ++k) {
    const double f_hz = FAL_FACTORY_RATE_HZ * (double)k / (double)dft->size;
    if (f_hz >= 20.0 && f_hz <= 20000.0) {
      const double weight    = fal_k_weight(f_hz) / f_hz;
      const double magnitude = cabs(z[k]);
      in += weight;
      out += weight * magnitude * magnitude;
    }
  }
  return out / in;
}

FalStatus
fal_response_normalise(FalResponse* const response)
{
  // At 20 Hz, fine enough for short responses too
  const uint32_t least =
    response->n_frames < 4096U ? 4096U : response->n_frames;
  const uint32_t size = fal_dft_size(least);

  FalDft                dft = {0U, NULL};
  double complex* const z   = calloc(size, sizeof(*z));
  if (!z || fal_dft_init(&dft, size)) {
    free(z);
    return FAL_ERR_NO_MEM;
  }

  const uint32_t n_channels = response->n_channels;
  const uint32_t n_outputs  = n_channels > 1U ? 2U : 1U;
  for (uint32_t o = 0U; o < n_outputs; ++o) {
    double power = 0.0;
    for (uint32_t c = o; c < n_channels; c += n_outputs) {
      const double* const x = fal_response_channel(response, c);
      power += pink_power(&dft, z, x, response->n_frames);
    }
    for (uint32_t c = o; c < n_channels; c += n_outputs) {
      double* const x = fal_response_channel(response, c);
      for (uint32_t t = 0U; t < response->n_frames; ++t) {
        x[t] /= sqrt(power);
      }
    }
  }

  fal_dft_clear(&dft);
  free(z);
  return FAL_OK;
}
