// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/lag_window.h"

#include "core/arena.h"
#include "core/fft.h"
#include "core/simd.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Blocks whose products are summed at a time, before double precision
#define BATCH 16U

/// Block sizes: below, calls cost more than they do; above, caches overflow
#define LEAST_BLOCK 4096U
#define MOST_BLOCK 131072U

/// Slots of spectra are side by side for each block of bins
typedef struct {
  const FalFft* fft;
  size_t        size;
  int64_t       min_shift; ///< First difference d of block numbers
  size_t        n_shifts;
  float*        a;      ///< [size / 16][BATCH][32], conjugate spectra
  float*        b;      ///< [size / 16][BATCH + n_shifts - 1][32], spectra
  double*       sums;   ///< [n_shifts][2 * size]
  float*        bins;   ///< [2 * size]
  float*        halves; ///< [2][size]
  float*        work;   ///< [fal_fft_work_floats()]
} Window;

static int64_t
floor_div(const int64_t n, const int64_t d)
{
  return n / d - (n % d < 0);
}

static void
lay_out(Window* const w, FalArena* const arena)
{
  const size_t size    = w->size;
  const size_t n_slots = BATCH + w->n_shifts - 1U;

  w->a = fal_arena_floats(arena, 2U * size * BATCH);
  w->b = fal_arena_floats(arena, 2U * size * n_slots);
  w->sums =
    (double*)fal_arena_carve(arena, 2U * size * w->n_shifts * sizeof(double));
  w->bins   = fal_arena_floats(arena, 2U * size);
  w->halves = fal_arena_floats(arena, 2U * size);
  w->work   = fal_arena_floats(arena, fal_fft_work_floats(w->fft));
}

/// Transform block `j` of x to a slot; blocks beyond x are silent
static void
transform_block(const Window* const w, float* const slots, const size_t n_slots,
                const size_t slot, const float* const x, const size_t n_x,
                const int64_t j, const float sign_im)
{
  const int64_t start = j * (int64_t)w->size;
  const size_t  left =
    start >= 0 && start < (int64_t)n_x ? n_x - (size_t)start : 0U;
  const size_t n = left < w->size ? left : w->size;
  if (n) {
    fal_fft_forward(w->fft, w->bins, x + start, (uint32_t)n, w->work);
  } else {
    memset(w->bins, 0, 2U * w->size * sizeof(float));
  }

  for (size_t block = 0U; block < w->size / FAL_BLOCK_BINS; ++block) {
    const float* const from = w->bins + block * FAL_BLOCK_FLOATS;
    float* const       to = slots + (block * n_slots + slot) * FAL_BLOCK_FLOATS;
    for (size_t k = 0U; k < FAL_BLOCK_BINS; ++k) {
      to[k]                  = from[k];
      to[k + FAL_BLOCK_BINS] = sign_im * from[k + FAL_BLOCK_BINS];
    }
  }
}

/// Keep the last n_shifts - 1 of b's slots, as the first of the next batch
static void
move_slots(const Window* const w)
{
  const size_t n_slots = BATCH + w->n_shifts - 1U;
  const size_t n_kept  = (w->n_shifts - 1U) * FAL_BLOCK_FLOATS;
  for (size_t block = 0U; block < w->size / FAL_BLOCK_BINS; ++block) {
    float* const slots = w->b + block * n_slots * FAL_BLOCK_FLOATS;
    memmove(slots, slots + (size_t)BATCH * FAL_BLOCK_FLOATS,
            n_kept * sizeof(float));
  }
}

/// Add the products of a batch of n blocks, for every shift
static void
add_batch(const Window* const w, const uint32_t n)
{
  const FalSimd* const simd    = fal_simd_get();
  const size_t         n_slots = BATCH + w->n_shifts - 1U;

  for (size_t block = 0U; block < w->size / FAL_BLOCK_BINS; ++block) {
    const float* const a = w->a + block * BATCH * FAL_BLOCK_FLOATS;
    const float* const b = w->b + block * n_slots * FAL_BLOCK_FLOATS;
    for (size_t d = 0U; d < w->n_shifts; ++d) {
      double* const sums =
        w->sums + 2U * d * w->size + block * FAL_BLOCK_FLOATS;
      _Alignas(FAL_ALIGNMENT) float products[FAL_BLOCK_FLOATS] = {0.0F};

      simd->accumulate(products, a, b + d * FAL_BLOCK_FLOATS, n);
      for (size_t k = 0U; k < FAL_BLOCK_FLOATS; ++k) {
        sums[k] += (double)products[k];
      }
    }
  }
}

/// Transform shift d back, and add the lags that it holds to r
static void
add_lags(const Window* const w, const size_t d, float* const r,
         const int64_t min_lag, const size_t n_lags)
{
  const int64_t       size     = (int64_t)w->size;
  const double        gain     = 1.0 / (double)size;
  float* const        positive = w->halves;
  float* const        negative = w->halves + w->size;
  const double* const in       = w->sums + 2U * d * w->size;
  for (size_t k = 0U; k < 2U * w->size; ++k) {
    w->bins[k] = (float)(gain * in[k]);
  }
  fal_fft_inverse(w->fft, positive, negative, w->bins, w->work);

  // The real part is lag l >= 0 of the blocks, minus the imaginary l - size
  const int64_t middle = (w->min_shift + (int64_t)d) * size;
  for (int64_t l = 1 - size; l < size; ++l) {
    const int64_t place = middle + l - min_lag;
    if (place >= 0 && place < (int64_t)n_lags) {
      r[place] += l >= 0 ? positive[l] : -negative[l + size];
    }
  }
}

static void
correlate(const Window* const w, float* const r, const int64_t min_lag,
          const size_t n_lags, const float* const a, const size_t n_a,
          const float* const b, const size_t n_b)
{
  const size_t n_blocks = (n_a + w->size - 1U) / w->size;
  const size_t n_kept   = w->n_shifts - 1U;
  const size_t n_slots  = BATCH + n_kept;

  for (size_t s = 0U; s < n_kept; ++s) {
    transform_block(w, w->b, n_slots, s, b, n_b, w->min_shift + (int64_t)s,
                    1.0F);
  }
  for (size_t j = 0U; j < n_blocks; j += BATCH) {
    const uint32_t n = (uint32_t)(n_blocks - j < BATCH ? n_blocks - j : BATCH);
    for (size_t s = 0U; s < n; ++s) {
      transform_block(w, w->a, BATCH, s, a, n_a, (int64_t)(j + s), -1.0F);
      transform_block(w, w->b, n_slots, n_kept + s, b, n_b,
                      w->min_shift + (int64_t)(n_kept + j + s), 1.0F);
    }
    add_batch(w, n);
    move_slots(w);
  }

  memset(r, 0, n_lags * sizeof(float));
  for (size_t d = 0U; d < w->n_shifts; ++d) {
    add_lags(w, d, r, min_lag, n_lags);
  }
}

FalStatus
fal_correlate_window(float* const r, const int64_t min_lag, const size_t n_lags,
                     const float* const a, const size_t n_a,
                     const float* const b, const size_t n_b)
{
  uint32_t size = LEAST_BLOCK;
  while (size < n_lags && size < MOST_BLOCK) {
    size *= 2U;
  }

  Window    w  = {.size = size};
  FalStatus st = FAL_OK;
  if ((st = fal_fft_get(&w.fft, size, 0U, FAL_FFT_ESTIMATE))) {
    return st;
  }
  const int64_t max_lag = min_lag + (int64_t)n_lags - 1;
  w.min_shift           = floor_div(min_lag, (int64_t)size);
  w.n_shifts = (size_t)(floor_div(max_lag, (int64_t)size) + 2 - w.min_shift);

  FalArena arena = {NULL, 0U};
  lay_out(&w, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    return st;
  }
  lay_out(&w, &arena);
  correlate(&w, r, min_lag, n_lags, a, n_a, b, n_b);
  fal_arena_release(arena.base);
  return FAL_OK;
}
