// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/lag_window.h"

#include "core/arena.h"
#include "core/grid.h"
#include "core/sum_ops.h"

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
  const FalGrid* grid;
  size_t         size;
  int64_t        min_shift; ///< First difference d of block numbers
  size_t         n_shifts;
  float*         a;       ///< [size / 16][BATCH][32], of reversed blocks
  float*         b;       ///< [size / 16][BATCH + n_shifts - 1][32]
  double*        sums;    ///< [n_shifts][2 * size]
  float*         matrix;  ///< [2 * size]
  float*         halves;  ///< [2][size], also for blocks that are not whole
  float*         scratch; ///< [fal_grid_scratch_floats()]
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
  w->matrix  = fal_arena_floats(arena, 2U * size);
  w->halves  = fal_arena_floats(arena, 2U * size);
  w->scratch = fal_arena_floats(arena, fal_grid_scratch_floats(w->grid));
}

/// Transform a whole block to a slot
static void
transform(const Window* const w, float* const slots, const size_t n_slots,
          const size_t slot, const float* const x)
{
  const FalGrid* const grid   = w->grid;
  const size_t         stride = n_slots * FAL_ELEMENT;
  for (uint32_t c = 0U; c < grid->n_chunks; ++c) {
    fal_grid_forward_columns(grid, w->matrix, x, c, w->scratch);
  }
  for (uint32_t g = 0U; g < grid->n_groups; ++g) {
    fal_grid_forward_group(
      grid, slots + g * grid->n_columns * stride + slot * FAL_ELEMENT, stride,
      w->matrix, g);
  }
}

/// Frames of x in block j, which may lie outside of it
static size_t
n_frames_in(const Window* const w, const size_t n_x, const int64_t j)
{
  const int64_t start = j * (int64_t)w->size;
  const size_t  left =
    start >= 0 && start < (int64_t)n_x ? n_x - (size_t)start : 0U;
  return left < w->size ? left : w->size;
}

/// Transform block j of b; beyond b there is silence
static void
transform_b(const Window* const w, const size_t slot, const float* const b,
            const size_t n_b, const int64_t j)
{
  const size_t       n_slots = BATCH + w->n_shifts - 1U;
  const size_t       n       = n_frames_in(w, n_b, j);
  const float* const block   = b + (n ? j * (int64_t)w->size : 0);
  if (n == w->size) {
    transform(w, w->b, n_slots, slot, block);
    return;
  }
  memcpy(w->halves, block, n * sizeof(float));
  memset(w->halves + n, 0, (w->size - n) * sizeof(float));
  transform(w, w->b, n_slots, slot, w->halves);
}

/// Transform block j of a, reversed
static void
transform_a(const Window* const w, const size_t slot, const float* const a,
            const size_t n_a, const size_t j)
{
  const size_t       n     = n_frames_in(w, n_a, (int64_t)j);
  const float* const block = a + j * w->size;
  memset(w->halves, 0, (w->size - n) * sizeof(float));
  for (size_t t = 0U; t < n; ++t) {
    w->halves[w->size - 1U - t] = block[t];
  }
  transform(w, w->a, BATCH, slot, w->halves);
}

/// Keep the last n_shifts - 1 of b's slots, as the first of the next batch
static void
move_slots(const Window* const w)
{
  const size_t n_slots = BATCH + w->n_shifts - 1U;
  const size_t n_kept  = (w->n_shifts - 1U) * FAL_ELEMENT;
  for (size_t block = 0U; block < w->size / FAL_GRID_LANES; ++block) {
    float* const slots = w->b + block * n_slots * FAL_ELEMENT;
    memmove(slots, slots + (size_t)BATCH * FAL_ELEMENT, n_kept * sizeof(float));
  }
}

/// Add the products of a batch of n blocks, for every shift
static void
add_batch(const Window* const w, const uint32_t n)
{
  const FalSumOps* const ops     = fal_sum_ops_get();
  const size_t           n_slots = BATCH + w->n_shifts - 1U;

  for (size_t block = 0U; block < w->size / FAL_GRID_LANES; ++block) {
    const float* const a = w->a + block * BATCH * FAL_ELEMENT;
    const float* const b = w->b + block * n_slots * FAL_ELEMENT;
    for (size_t d = 0U; d < w->n_shifts; ++d) {
      double* const sums = w->sums + 2U * d * w->size + block * FAL_ELEMENT;
      _Alignas(FAL_ALIGNMENT) float products[FAL_ELEMENT] = {0.0F};

      ops->accumulate(products, a, b + d * FAL_ELEMENT, n);
      for (size_t k = 0U; k < FAL_ELEMENT; ++k) {
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
  const FalGrid* const grid = w->grid;
  const double         gain = 1.0 / (double)w->size;
  const double* const  in   = w->sums + 2U * d * w->size;
  for (size_t k = 0U; k < 2U * w->size; ++k) {
    w->matrix[k] = (float)(gain * in[k]);
  }
  for (uint32_t g = 0U; g < grid->n_groups; ++g) {
    fal_grid_inverse_group(grid, w->matrix, g);
  }
  memset(w->halves + w->size, 0, w->size * sizeof(float));
  for (uint32_t c = 0U; c < grid->n_chunks; ++c) {
    fal_grid_inverse_columns(grid, w->halves, w->halves + w->size, w->matrix, c,
                             w->scratch);
  }

  // Lag 0 of the blocks is frame size - 1 of their convolution
  const int64_t first =
    (w->min_shift + (int64_t)d - 1) * (int64_t)w->size + 1 - min_lag;
  for (int64_t t = 0; t < 2 * (int64_t)w->size - 1; ++t) {
    if (first + t >= 0 && first + t < (int64_t)n_lags) {
      r[first + t] += w->halves[t];
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

  for (size_t s = 0U; s < n_kept; ++s) {
    transform_b(w, s, b, n_b, w->min_shift + (int64_t)s);
  }
  for (size_t j = 0U; j < n_blocks; j += BATCH) {
    const uint32_t n = (uint32_t)(n_blocks - j < BATCH ? n_blocks - j : BATCH);
    for (size_t s = 0U; s < n; ++s) {
      transform_a(w, s, a, n_a, j + s);
      transform_b(w, n_kept + s, b, n_b,
                  w->min_shift + (int64_t)(n_kept + j + s));
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
  if ((st = fal_grid_get(&w.grid, size))) {
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
