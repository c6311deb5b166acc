// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/minphase.h"

#include "core/arena.h"
#include "core/fft.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Room for the cepstrum, which is longer than the response: times its length
#define OVERSAMPLING 4U

/// Magnitudes are taken as no less than this below the largest
#define FLOOR 1e-6

/// A transform and its buffers
typedef struct {
  const FalFft* fft;
  float*        bins; ///< [2 * size]
  float*        work;
  float*        x; ///< [size]
} Cepstrum;

static void
lay_out(Cepstrum* const cepstrum, FalArena* const arena)
{
  const size_t size = fal_fft_size(cepstrum->fft);

  cepstrum->bins = fal_arena_floats(arena, 2U * size);
  cepstrum->work = fal_arena_floats(arena, fal_fft_work_floats(cepstrum->fft));
  cepstrum->x    = fal_arena_floats(arena, size);
}

/// Where the real part of a bin is; the imaginary one is #FAL_BLOCK_BINS after
static size_t
place_of(const uint32_t j)
{
  return (size_t)j / FAL_BLOCK_BINS * FAL_BLOCK_FLOATS + j % FAL_BLOCK_BINS;
}

/// Replace the spectrum by the logarithm of its magnitudes
static void
take_logarithm(float* const bins, const uint32_t size)
{
  double most = 0.0;
  for (uint32_t j = 0U; j < size; ++j) {
    float* const z = bins + place_of(j);
    z[0]           = hypotf(z[0], z[FAL_BLOCK_BINS]);
    most           = fmax(most, (double)z[0]);
  }
  const double least = most * FLOOR;
  for (uint32_t j = 0U; j < size; ++j) {
    float* const z    = bins + place_of(j);
    z[0]              = (float)log(fmax((double)z[0], least));
    z[FAL_BLOCK_BINS] = 0.0F;
  }
}

/// Replace a spectrum by its exponential
static void
take_exponential(float* const bins, const uint32_t size)
{
  for (uint32_t j = 0U; j < size; ++j) {
    float* const z         = bins + place_of(j);
    const double magnitude = exp((double)z[0]) / size;
    const double phase     = (double)z[FAL_BLOCK_BINS];
    z[0]                   = (float)(magnitude * cos(phase));
    z[FAL_BLOCK_BINS]      = (float)(magnitude * sin(phase));
  }
}

/// Replace a channel that is not silent
static void
convert(const Cepstrum* const c, float* const samples, const uint32_t n_frames)
{
  const uint32_t size = fal_fft_size(c->fft);

  fal_fft_forward(c->fft, c->bins, samples, n_frames, c->work);
  take_logarithm(c->bins, size);
  fal_fft_inverse(c->fft, c->x, NULL, c->bins, c->work);
  c->x[0] /= (float)size;
  for (uint32_t t = 1U; t < size; ++t) {
    c->x[t] *= 2.0F / (float)size;
  }
  fal_fft_forward(c->fft, c->bins, c->x, size, c->work);
  take_exponential(c->bins, size);
  fal_fft_inverse(c->fft, c->x, NULL, c->bins, c->work);
  memcpy(samples, c->x, n_frames * sizeof(float));
}

static bool
is_silent(const float* const samples, const uint32_t n_frames)
{
  for (uint32_t t = 0U; t < n_frames; ++t) {
    if (samples[t] != 0.0F) {
      return false;
    }
  }
  return true;
}

FalStatus
fal_minphase(FalAudio* const audio)
{
  if (audio->n_frames > FAL_FFT_MAX_SIZE / OVERSAMPLING) {
    return FAL_ERR_TOO_LARGE;
  }
  uint32_t size = 4096U; // Short filters have long cepstra
  while (size < OVERSAMPLING * audio->n_frames) {
    size *= 2U;
  }

  Cepstrum  cepstrum = {NULL, NULL, NULL, NULL};
  FalArena  arena    = {NULL, 0U};
  FalStatus st       = fal_fft_get(&cepstrum.fft, size);
  if (st) {
    return st;
  }
  lay_out(&cepstrum, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    return st;
  }
  lay_out(&cepstrum, &arena);

  for (uint32_t c = 0U; c < audio->n_channels; ++c) {
    float* const samples = audio->samples + (size_t)c * audio->n_frames;
    if (!is_silent(samples, audio->n_frames)) {
      convert(&cepstrum, samples, audio->n_frames);
    }
  }
  fal_arena_release(arena.base);
  return FAL_OK;
}
