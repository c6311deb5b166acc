// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/loudness.h"

#include "core/arena.h"
#include "core/fft.h"

#include <math.h>
#include <stddef.h>

static const double pi = 3.14159265358979323846;

/// A second-order section; a[0] is 1
typedef struct {
  double b[3];
  double a[3];
} Section;

/// ITU-R BS.1770-4, tables 1 and 2, for 48 kHz; read off as curves in Hz
static const Section k_weighting[] = {
  {{1.53512485958697, -2.69169618940638, 1.19839281085285},
   {1.0, -1.69065929318241, 0.73248077421585}},
  {{1.0, -2.0, 1.0}, {1.0, -1.99004745483398, 0.99007225036621}},
};

/// |p[0] + p[1] z + p[2] z²|² on the unit circle
static double
power_of(const double* const p, const double cos_w)
{
  return p[0] * p[0] + p[1] * p[1] + p[2] * p[2] +
         2.0 * p[1] * (p[0] + p[2]) * cos_w +
         2.0 * p[0] * p[2] * (2.0 * cos_w * cos_w - 1.0);
}

/// Power of K-weighted pink noise at a frequency
static double
weight(const double f_hz)
{
  if (f_hz < 20.0 || f_hz > 20000.0) {
    return 0.0;
  }
  const double cos_w = cos(2.0 * pi * f_hz / 48000.0);
  double       power = 1.0 / f_hz;
  for (size_t s = 0U; s < 2U; ++s) {
    power *=
      power_of(k_weighting[s].b, cos_w) / power_of(k_weighting[s].a, cos_w);
  }
  return power;
}

/// A transform of one size, and its buffers
typedef struct {
  const FalFft* fft;
  float*        bins;
  float*        work;
  float*        weights; ///< [size], of each bin; their sum is 1
} Meter;

static void
lay_out(Meter* const meter, FalArena* const arena)
{
  const size_t size = fal_fft_size(meter->fft);

  meter->bins    = fal_arena_floats(arena, 2U * size);
  meter->work    = fal_arena_floats(arena, fal_fft_work_floats(meter->fft));
  meter->weights = fal_arena_floats(arena, size);
}

static void
set_weights(const Meter* const meter, const double rate_hz)
{
  const uint32_t size = fal_fft_size(meter->fft);
  double         sum  = 0.0;
  for (uint32_t j = 0U; j < size; ++j) {
    const double f_hz = fabs(fal_fft_frequency(meter->fft, j)) * rate_hz;
    const double w    = weight(f_hz);
    meter->weights[j] = (float)w;
    sum += w;
  }
  for (uint32_t j = 0U; sum > 0.0 && j < size; ++j) {
    meter->weights[j] = (float)(meter->weights[j] / sum);
  }
}

/// Weighted power of a response
static double
measure(const Meter* const meter, const float* const x, const uint32_t n_frames)
{
  const uint32_t size = fal_fft_size(meter->fft);
  fal_fft_forward(meter->fft, meter->bins, x, n_frames < size ? n_frames : size,
                  meter->work);

  double power = 0.0;
  for (uint32_t j = 0U; j < size; ++j) {
    const float* const block =
      meter->bins + j / FAL_BLOCK_BINS * FAL_BLOCK_FLOATS;
    const double re = block[j % FAL_BLOCK_BINS];
    const double im = block[j % FAL_BLOCK_BINS + FAL_BLOCK_BINS];
    power += meter->weights[j] * (re * re + im * im);
  }
  return power;
}

FalStatus
fal_loudness_of_routes(double* const level, const FalRoute* const routes,
                       const uint32_t n_routes, const uint32_t n_outputs,
                       const double rate_hz)
{
  if (!n_routes || !n_outputs || !(rate_hz > 0.0)) {
    return FAL_ERR_BAD_ARG;
  }

  // At least a second, so that the lowest octaves have their bins
  uint32_t size = FAL_FFT_MIN_SIZE;
  for (uint32_t r = 0U; r < n_routes; ++r) {
    while (size < FAL_FFT_MAX_SIZE &&
           (size < routes[r].n_frames || size < rate_hz)) {
      size *= 2U;
    }
  }

  Meter     meter = {NULL, NULL, NULL, NULL};
  FalStatus st    = fal_fft_get(&meter.fft, size);
  if (st) {
    return st;
  }
  FalArena arena = {NULL, 0U};
  lay_out(&meter, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    return st;
  }
  lay_out(&meter, &arena);

  set_weights(&meter, rate_hz);
  double power = 0.0;
  for (uint32_t r = 0U; r < n_routes; ++r) {
    power += measure(&meter, routes[r].ir, routes[r].n_frames);
  }
  *level = sqrt(power / n_outputs);
  fal_arena_release(arena.base);
  return FAL_OK;
}

FalStatus
fal_loudness_of_audio(double* const level, const FalAudio* const audio)
{
  FalRoute routes[FAL_AUDIO_MAX_CHANNELS];
  if (audio->n_channels > FAL_AUDIO_MAX_CHANNELS) {
    return FAL_ERR_BAD_ARG;
  }
  for (uint32_t c = 0U; c < audio->n_channels; ++c) {
    routes[c] = (FalRoute){c, c, audio->n_frames,
                           audio->samples + (size_t)c * audio->n_frames};
  }
  return fal_loudness_of_routes(
    level, routes, audio->n_channels,
    audio->n_channels == 4U ? 2U : audio->n_channels, audio->rate_hz);
}
