// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/octaves.h"

#include "core/arena.h"
#include "core/real_fft.h"
#include "ir/bands.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Frames of the longest response
#define MOST_FRAMES (1U << 24U)

/// Steps are powers of two up to 2^(N_STEPS - 1)
#define N_STEPS 16U

/// A band rings as long behind the response, and as long before it
#define RING_S 0.05

struct FalOctaves {
  uint32_t   n_frames;
  uint32_t   n_ring;
  uint32_t   n_bands;
  double     rate_hz;
  uint32_t   size;          ///< Frames of the whole transform
  uint32_t   log_steps;     ///< Of the lowest band
  FalRealFft ffts[N_STEPS]; ///< Of size >> index
  float*     upper;         ///< [n_bins], share of the band above an edge
  float*     bins;          ///< [2 * n_bins], of the response or the sum
  float*     part;          ///< [2 * n_bins], of a band
  float*     samples;       ///< [size]
  float*     sum;           ///< [size], of bands whose step is 1
};

/// log2 of the step of a band: the last one may hold anything
static uint32_t
log_step(const FalOctaves* const octaves, const uint32_t band)
{
  uint32_t k = 0U;
  while (band + 1U < octaves->n_bands && k + 1U < N_STEPS &&
         octaves->rate_hz >= ldexp(6.0 * fal_band_hz(band), (int)k + 1)) {
    ++k;
  }
  return k;
}

uint32_t
fal_octaves_step(const FalOctaves* const octaves, const uint32_t band)
{
  return 1U << log_step(octaves, band);
}

uint32_t
fal_octaves_samples(const FalOctaves* const octaves, const uint32_t band)
{
  const uint32_t k = log_step(octaves, band);
  return (octaves->n_frames + octaves->n_ring + (1U << k) - 1U) >> k;
}

static void
lay_out(FalOctaves* const octaves, FalArena* const arena)
{
  const size_t size = octaves->size;

  octaves->upper   = fal_arena_floats(arena, size / 2U + 1U);
  octaves->bins    = fal_arena_floats(arena, size + 2U);
  octaves->part    = fal_arena_floats(arena, size + 2U);
  octaves->samples = fal_arena_floats(arena, size);
  octaves->sum     = fal_arena_floats(arena, size);
}

/// Return the first bin at or above a frequency
static uint32_t
bin_of(const FalOctaves* const octaves, const double f_hz)
{
  const uint32_t n_bins = octaves->size / 2U + 1U;
  const double   bin    = ceil(f_hz / octaves->rate_hz * octaves->size);
  return bin < n_bins ? (uint32_t)bin : n_bins;
}

/// Fill in what the band above has of each bin between two centres
static void
set_upper(FalOctaves* const octaves)
{
  for (uint32_t b = 1U; b < octaves->n_bands; ++b) {
    const double   centre_hz = fal_band_hz(b);
    const double   bin_hz    = octaves->rate_hz / octaves->size;
    const uint32_t end       = bin_of(octaves, centre_hz);
    for (uint32_t k = bin_of(octaves, 0.5 * centre_hz); k < end; ++k) {
      octaves->upper[k] =
        (float)fal_band_share(log2(k * bin_hz / centre_hz) + 0.5);
    }
  }
}

FalStatus
fal_octaves_new(FalOctaves** const octaves, const uint32_t n_frames,
                const double rate_hz)
{
  FalOctaves laid = {.n_frames = n_frames,
                     .n_ring   = (uint32_t)(RING_S * rate_hz),
                     .n_bands  = fal_n_bands(rate_hz),
                     .rate_hz  = rate_hz};
  if (n_frames > MOST_FRAMES) {
    return FAL_ERR_TOO_LARGE;
  }

  // All steps divide the size, and what rings at either end must not meet
  const uint32_t log_steps = log_step(&laid, 0U);
  const uint32_t n         = n_frames + 2U * laid.n_ring;
  laid.size      = fal_real_fft_fast_size((n >> log_steps) + 1U) << log_steps;
  laid.log_steps = log_steps;

  FalArena arena = {NULL, 0U};
  (void)fal_arena_carve(&arena, sizeof(FalOctaves));
  lay_out(&laid, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }
  FalOctaves* const made =
    (FalOctaves*)fal_arena_carve(&arena, sizeof(FalOctaves));
  lay_out(&laid, &arena);
  *made = laid;

  for (uint32_t k = 0U; !st && k <= log_steps; ++k) {
    st = fal_real_fft_init(&made->ffts[k], made->size >> k);
  }
  if (st) {
    fal_octaves_free(made);
    return st;
  }
  set_upper(made);
  *octaves = made;
  return FAL_OK;
}

void
fal_octaves_free(FalOctaves* const octaves)
{
  for (uint32_t k = 0U; octaves && k <= octaves->log_steps; ++k) {
    fal_real_fft_clear(&octaves->ffts[k]);
  }
  fal_arena_release(octaves); // It lies at the start of its own memory
}

void
fal_octaves_split(FalOctaves* const octaves, const float* const x)
{
  const size_t n = octaves->n_frames;
  memcpy(octaves->samples, x, n * sizeof(float));
  memset(octaves->samples + n, 0, (octaves->size - n) * sizeof(float));
  fal_real_fft_forward(&octaves->ffts[0], octaves->bins, octaves->samples);
}

/// The bins of a band, and where its centre is
typedef struct {
  uint32_t first;
  uint32_t centre;
  uint32_t end;
} Range;

static Range
range_of(const FalOctaves* const octaves, const uint32_t band)
{
  const double   centre_hz = fal_band_hz(band);
  const uint32_t n_bins    = octaves->size / 2U + 1U;
  const bool     is_last   = band + 1U == octaves->n_bands;
  return (Range){band ? bin_of(octaves, 0.5 * centre_hz) : 0U,
                 bin_of(octaves, centre_hz),
                 is_last ? n_bins : bin_of(octaves, 2.0 * centre_hz)};
}

/// Return what a band has of a bin in its range
static float
weight(const FalOctaves* const octaves, const uint32_t band,
       const Range* const range, const uint32_t k)
{
  if (k < range->centre) {
    return band ? octaves->upper[k] : 1.0f;
  }
  return band + 1U < octaves->n_bands ? 1.0f - octaves->upper[k] : 1.0f;
}

void
fal_octaves_take(FalOctaves* const octaves, float* const y, const uint32_t band)
{
  const uint32_t step  = log_step(octaves, band);
  const uint32_t n     = fal_octaves_samples(octaves, band);
  const Range    range = range_of(octaves, band);
  const float    scale = 1.0f / (float)octaves->size;

  memset(octaves->part, 0, ((octaves->size >> step) + 2U) * sizeof(float));
  for (uint32_t k = range.first; k < range.end; ++k) {
    const float w              = scale * weight(octaves, band, &range, k);
    octaves->part[2U * k]      = w * octaves->bins[2U * k];
    octaves->part[2U * k + 1U] = w * octaves->bins[2U * k + 1U];
  }
  fal_real_fft_inverse(&octaves->ffts[step], octaves->samples, octaves->part);
  memcpy(y, octaves->samples, n * sizeof(float));
}

/// Return a number from -1 to 1 (xorshift64: Marsaglia 2003)
static float
draw(uint64_t* const s)
{
  *s ^= *s << 13U;
  *s ^= *s >> 7U;
  *s ^= *s << 17U;
  return (float)((double)(int64_t)*s / 9223372036854775808.0);
}

const float*
fal_octaves_noise(FalOctaves* const octaves, const uint32_t band,
                  const uint64_t seed, uint32_t* const period)
{
  const uint32_t step  = log_step(octaves, band);
  const Range    range = range_of(octaves, band);
  uint64_t       state = seed;

  *period = octaves->size >> step;
  memset(octaves->part, 0, (*period + 2U) * sizeof(float));
  for (uint32_t k = range.first; k < range.end; ++k) {
    const float w              = weight(octaves, band, &range, k);
    octaves->part[2U * k]      = w * draw(&state);
    octaves->part[2U * k + 1U] = w * draw(&state);
  }
  octaves->part[1] = 0.0f; // Of frequency 0
  fal_real_fft_inverse(&octaves->ffts[step], octaves->samples, octaves->part);
  return octaves->samples;
}

void
fal_octaves_begin(FalOctaves* const octaves)
{
  memset(octaves->bins, 0, (octaves->size + 2U) * sizeof(float));
  memset(octaves->sum, 0, octaves->size * sizeof(float));
}

void
fal_octaves_add(FalOctaves* const octaves, const float* const y,
                const uint32_t band)
{
  const uint32_t step = log_step(octaves, band);
  const uint32_t n    = fal_octaves_samples(octaves, band);
  const uint32_t size = octaves->size >> step;
  if (!step) {
    for (uint32_t t = 0U; t < n; ++t) {
      octaves->sum[t] += y[t];
    }
    return;
  }

  memcpy(octaves->samples, y, n * sizeof(float));
  memset(octaves->samples + n, 0, (size - n) * sizeof(float));
  fal_real_fft_forward(&octaves->ffts[step], octaves->part, octaves->samples);
  const float scale = (float)(1U << step) / (float)octaves->size;
  for (uint32_t i = 0U; i < size; ++i) { // All but the bin at half the rate
    octaves->bins[i] += scale * octaves->part[i];
  }
}

void
fal_octaves_join(FalOctaves* const octaves, float* const x)
{
  fal_real_fft_inverse(&octaves->ffts[0], octaves->samples, octaves->bins);
  for (uint32_t t = 0U; t < octaves->n_frames; ++t) {
    x[t] = octaves->samples[t] + octaves->sum[t];
  }
}
