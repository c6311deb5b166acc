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

/// How far speech may take the level down from that of pink noise
static const double least_shade_db = -0.4;

/// How much K weighs a frequency
static double
k_weight(const double f_hz)
{
  const double cos_w = cos(2.0 * pi * f_hz / 48000.0);
  double       power = 1.0;
  for (size_t s = 0U; s < 2U; ++s) {
    power *=
      power_of(k_weighting[s].b, cos_w) / power_of(k_weighting[s].a, cos_w);
  }
  return power;
}

typedef double (*Spectrum)(double f_hz);

static double
pink(const double f_hz)
{
  return f_hz < 20.0 || f_hz > 20000.0 ? 0.0 : 1.0 / f_hz;
}

/// The long-term average of speech: ITU-T P.50 (1999), 4.1
static double
speech(const double f_hz)
{
  if (f_hz < 100.0 || f_hz > 8000.0) {
    return 0.0;
  }
  const double x = log10(f_hz);
  const double density_db =
    -376.44 + x * (465.439 + x * (-157.745 + x * 16.7124));
  return pow(10.0, density_db / 10.0);
}

enum { of_pink, of_speech, n_spectra };

static const Spectrum spectra[n_spectra] = {pink, speech};

/// A transform of one size, and its buffers
typedef struct {
  const FalFft* fft;
  float*        bins;
  float*        work;
  float*        weights[n_spectra]; ///< [size], of each bin; their sum is 1
} Meter;

static void
lay_out(Meter* const meter, FalArena* const arena)
{
  const size_t size = fal_fft_size(meter->fft);

  meter->bins = fal_arena_floats(arena, 2U * size);
  meter->work = fal_arena_floats(arena, fal_fft_work_floats(meter->fft));
  for (uint32_t s = 0U; s < n_spectra; ++s) {
    meter->weights[s] = fal_arena_floats(arena, size);
  }
}

static void
set_weights(const Meter* const meter, const double rate_hz)
{
  const uint32_t size            = fal_fft_size(meter->fft);
  double         sums[n_spectra] = {0.0, 0.0};
  for (uint32_t j = 0U; j < size; ++j) {
    const double f_hz = fabs(fal_fft_frequency(meter->fft, j)) * rate_hz;
    const double k    = k_weight(f_hz);
    for (uint32_t s = 0U; s < n_spectra; ++s) {
      const double w       = k * spectra[s](f_hz);
      meter->weights[s][j] = (float)w;
      sums[s] += w;
    }
  }
  for (uint32_t s = 0U; s < n_spectra; ++s) {
    for (uint32_t j = 0U; sums[s] > 0.0 && j < size; ++j) {
      meter->weights[s][j] = (float)(meter->weights[s][j] / sums[s]);
    }
  }
}

/// Add a response's power with each spectrum
static void
measure(const Meter* const meter, double* const powers, const float* const x,
        const uint32_t n_frames)
{
  const uint32_t size = fal_fft_size(meter->fft);
  fal_fft_forward(meter->fft, meter->bins, x, n_frames < size ? n_frames : size,
                  meter->work);

  for (uint32_t j = 0U; j < size; ++j) {
    const float* const block =
      meter->bins + j / FAL_BLOCK_BINS * FAL_BLOCK_FLOATS;
    const double re    = block[j % FAL_BLOCK_BINS];
    const double im    = block[j % FAL_BLOCK_BINS + FAL_BLOCK_BINS];
    const double power = re * re + im * im;
    for (uint32_t s = 0U; s < n_spectra; ++s) {
      powers[s] += meter->weights[s][j] * power;
    }
  }
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

  Meter     meter = {NULL, NULL, NULL, {NULL, NULL}};
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

  double powers[n_spectra] = {0.0, 0.0};
  set_weights(&meter, rate_hz);
  for (uint32_t r = 0U; r < n_routes; ++r) {
    measure(&meter, powers, routes[r].ir, routes[r].n_frames);
  }
  const double least = powers[of_pink] * pow(10.0, least_shade_db / 10.0);
  const double power = fmax(least, fmin(powers[of_pink], powers[of_speech]));
  *level             = sqrt(power / n_outputs);
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
