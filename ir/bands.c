// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/bands.h"

#include "core/arena.h"
#include "core/fft.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/// Octaves on either side of an edge in which two bands cross over
#define HALF_EDGE 0.2

struct FalBands {
  const FalFft* fft;
  uint32_t      n_frames;
  uint32_t      n_bands;
  double        rate_hz;
  float*        octaves; ///< [size], log2 of each bin's frequency over 1 kHz
  float*        bins;    ///< [2 * size], the spectrum of the response
  float*        taken;   ///< [2 * size], of a band
  float*        work;
  float*        first; ///< [size]
};

double
fal_band_hz(const uint32_t band)
{
  return ldexp(1000.0, (int)band - 4);
}

uint32_t
fal_n_bands(const double rate_hz)
{
  uint32_t n = 0U;
  while (n < FAL_N_BANDS && fal_band_hz(n) * M_SQRT2 < 0.5 * rate_hz) {
    ++n;
  }
  return n;
}

static void
lay_out(FalBands* const bands, FalArena* const arena)
{
  const size_t size = fal_fft_size(bands->fft);

  bands->octaves = fal_arena_floats(arena, size);
  bands->bins    = fal_arena_floats(arena, 2U * size);
  bands->taken   = fal_arena_floats(arena, 2U * size);
  bands->work    = fal_arena_floats(arena, fal_fft_work_floats(bands->fft));
  bands->first   = fal_arena_floats(arena, size);
}

FalStatus
fal_bands_new(FalBands** const bands, const float* const x,
              const uint32_t n_frames, const double rate_hz)
{
  // What the filters do before and after the response must not come round
  const double n_needed = n_frames + 0.1 * rate_hz;
  uint32_t     size     = FAL_FFT_MIN_SIZE;
  while (size < n_needed && size < FAL_FFT_MAX_SIZE) {
    size *= 2U;
  }
  if (size < n_needed) {
    return FAL_ERR_TOO_LARGE;
  }

  FalBands laid = {
    .n_frames = n_frames, .n_bands = fal_n_bands(rate_hz), .rate_hz = rate_hz};
  FalArena  arena = {NULL, 0U};
  FalStatus st    = fal_fft_get(&laid.fft, size);
  if (st) {
    return st;
  }
  (void)fal_arena_carve(&arena, sizeof(FalBands));
  lay_out(&laid, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    return st;
  }
  FalBands* const made = (FalBands*)fal_arena_carve(&arena, sizeof(FalBands));
  lay_out(&laid, &arena);
  *made = laid;

  for (uint32_t j = 0U; j < size; ++j) {
    const double f_hz = fabs(fal_fft_frequency(made->fft, j)) * rate_hz;
    made->octaves[j]  = (float)log2(f_hz / 1000.0);
  }
  fal_fft_forward(made->fft, made->bins, x, n_frames, made->work);
  *bands = made;
  return FAL_OK;
}

void
fal_bands_free(FalBands* const bands)
{
  fal_arena_release(bands); // It lies at the start of its own memory
}

double
fal_band_share(const double octaves)
{
  if (fabs(octaves) >= HALF_EDGE) {
    return octaves > 0.0;
  }
  const double s = sin(0.25 * M_PI * (1.0 + octaves / HALF_EDGE));
  return s * s;
}

void
fal_bands_take(FalBands* const bands, float* const y, const uint32_t band)
{
  const uint32_t size   = fal_fft_size(bands->fft);
  const double   centre = (double)band - 4.0;
  for (uint32_t j = 0U; j < size; ++j) {
    const double above = bands->octaves[j] - (centre - 0.5);
    const double power = fal_band_share(above) * fal_band_share(1.0 - above);
    const float  w     = (float)(sqrt(power) / size);
    const size_t at =
      (size_t)j / FAL_BLOCK_BINS * FAL_BLOCK_FLOATS + j % FAL_BLOCK_BINS;
    bands->taken[at]                  = w * bands->bins[at];
    bands->taken[at + FAL_BLOCK_BINS] = w * bands->bins[at + FAL_BLOCK_BINS];
  }
  fal_fft_inverse(bands->fft, bands->first, NULL, bands->taken, bands->work);
  memcpy(y, bands->first, bands->n_frames * sizeof(float));
}
