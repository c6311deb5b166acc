// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_spectra.h"

#include "core/arena.h"
#include "core/delay_ops.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Blocks are no longer, for the stationarity of speech and music
#define MAX_SIZE 8192U

/// Blocks are no shorter
#define MIN_SIZE 128U

/// Drift within a block that costs no coherence below 20 kHz, frames
#define MAX_SMEAR 0.2

/// More blocks are thinned out: the fraction is known well enough
#define MAX_BLOCKS 4096U

static void
lay_out(FalSpectra* const spectra, FalArena* const arena)
{
  const size_t n_bins = spectra->fft.n_bins;

  spectra->aa = (double*)fal_arena_carve(arena, n_bins * sizeof(double));
  spectra->bb = (double*)fal_arena_carve(arena, n_bins * sizeof(double));
  spectra->ab = (double*)fal_arena_carve(arena, 2U * n_bins * sizeof(double));
  spectra->groups  = fal_arena_floats(arena, spectra->n_groups * 2U * n_bins);
  spectra->a       = fal_arena_floats(arena, 2U * n_bins);
  spectra->b       = fal_arena_floats(arena, 2U * n_bins);
  spectra->cosine  = fal_arena_floats(arena, spectra->fft.size);
  spectra->sine    = fal_arena_floats(arena, spectra->fft.size);
  spectra->samples = fal_arena_floats(arena, spectra->fft.size);
}

FalStatus
fal_spectra_init(FalSpectra* const spectra, const FalLine* const line,
                 const FalDelayPair* const pair)
{
  double start = 0.0;
  double end   = 0.0;
  *spectra     = (FalSpectra){0};
  if (!fal_line_overlap(line, pair, &start, &end)) {
    return FAL_ERR_BAD_ARG;
  }

  const double span = end - start;
  uint32_t     size = MAX_SIZE;
  while (size > MIN_SIZE &&
         (size * 8.0 > span || size * fabs(line->slope) > MAX_SMEAR * 2.0)) {
    size /= 2U;
  }

  const double hops = fmax(0.0, ceil((span - size) / (size / 2.0)));
  spectra->n_blocks = 1U + (uint32_t)fmin(hops, MAX_BLOCKS - 1.0);
  spectra->n_groups =
    spectra->n_blocks < FAL_MAX_GROUPS ? spectra->n_blocks : FAL_MAX_GROUPS;
  spectra->n_frames   = fmin(span, (spectra->n_blocks + 1.0) * size / 2.0);
  spectra->n_averages = fmax(1.0, spectra->n_frames / size * 2.0 * 0.95 - 1.0);

  FalStatus st = fal_real_fft_init(&spectra->fft, size);
  if (st) {
    return st;
  }

  FalArena arena = {NULL, 0U};
  lay_out(spectra, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    fal_spectra_clear(spectra);
    return st;
  }
  spectra->memory = arena.base;
  lay_out(spectra, &arena);
  for (uint32_t t = 0U; t < size; ++t) {
    spectra->cosine[t] = (float)(0.5 * cos(2.0 * M_PI * (t + 0.5) / size));
    spectra->sine[t]   = (float)(0.5 * sin(2.0 * M_PI * (t + 0.5) / size));
  }

  static const FalWeighting all = {FAL_DELAY_ML, 0.0, 0.0};
  fal_weighting_band(&all, pair, size / pair->rate_hz, spectra->fft.n_bins,
                     &spectra->low, &spectra->high);
  return FAL_OK;
}

void
fal_spectra_clear(FalSpectra* const spectra)
{
  fal_real_fft_clear(&spectra->fft);
  fal_arena_release(spectra->memory);
  *spectra = (FalSpectra){0};
}

/// Read a block under a taper that is `late` by a fraction of a frame
static FalStatus
read_block(const FalSpectra* const spectra, float* const bins,
           const FalRecording* const recording, const uint32_t channel,
           const int64_t start, const double late)
{
  const double    angle = 2.0 * M_PI * late / spectra->fft.size;
  const float     c     = (float)cos(angle);
  const float     s     = (float)sin(angle);
  const FalStatus st = fal_recording_read(recording, channel, spectra->samples,
                                          start, spectra->fft.size);
  if (!st) {
    fal_delay_ops_get()->taper(spectra->samples, spectra->cosine, spectra->sine,
                               spectra->fft.size, c, s);
    fal_real_fft_forward(&spectra->fft, bins, spectra->samples);
  }
  return st;
}

/// Add a block's spectra; `rest` is the delay that its reading left over
static void
accumulate(const FalSpectra* const spectra, float* const group,
           const double rest)
{
  const uint32_t low   = spectra->low;
  const size_t   first = 2U * (size_t)low;
  const double   angle = 2.0 * M_PI * rest / spectra->fft.size;
  fal_delay_ops_get()->accumulate(
    group + first, spectra->aa + low, spectra->bb + low, spectra->a + first,
    spectra->b + first, spectra->high - low, angle * low, angle);
}

FalStatus
fal_spectra_read(FalSpectra* const spectra, const FalLine* const line,
                 const FalDelayPair* const pair)
{
  const size_t   n_bins = spectra->fft.n_bins;
  const uint32_t size   = spectra->fft.size;
  double         start  = 0.0;
  double         end    = 0.0;
  if (!fal_line_overlap(line, pair, &start, &end)) {
    return FAL_ERR_BAD_ARG;
  }

  memset(spectra->aa, 0, n_bins * sizeof(double));
  memset(spectra->bb, 0, n_bins * sizeof(double));
  memset(spectra->ab, 0, 2U * n_bins * sizeof(double));
  memset(spectra->groups, 0, spectra->n_groups * 2U * n_bins * sizeof(float));

  const double   ways  = fmax(0.0, end - start - size);
  const double   first = ways > 0.0 ? start + size / 2.0 : (start + end) / 2.0;
  const uint32_t n     = spectra->n_blocks;
  for (uint32_t g = 0U; g < spectra->n_groups; ++g) {
    const uint32_t from = (uint32_t)((uint64_t)n * g / spectra->n_groups);
    const uint32_t to = (uint32_t)((uint64_t)n * (g + 1U) / spectra->n_groups);
    float* const   group = spectra->groups + g * 2U * n_bins;

    spectra->times[g] = 0.0;
    for (uint32_t i = from; i < to; ++i) {
      const double middle =
        round(first + (n > 1U ? ways * i / (n - 1.0) : 0.0));
      const double  delay = fal_line_at(line, middle);
      const int64_t at    = (int64_t)middle - (int64_t)(size / 2U);
      const int64_t shift = llround(delay);
      FalStatus     st =
        read_block(spectra, spectra->a, &pair->a, line->channel_a, at, 0.0);
      if (!st) {
        st = read_block(spectra, spectra->b, &pair->b, line->channel_b,
                        at + shift, delay - (double)shift);
      }
      if (st) {
        return st;
      }
      accumulate(spectra, group, delay - (double)shift);
      spectra->times[g] += (middle - line->origin) / (to - from);
    }
    for (size_t k = 0U; k < 2U * n_bins; ++k) {
      spectra->ab[k] += (double)group[k];
    }
  }
  return FAL_OK;
}
