// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/fft.h"
#include "core/fft_slices.h"
#include "core/grid.h"
#include "core/planner.h"
#include "core/simd.h"
#include "core/status.h"

#include <fftw3.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// Transforms are kept for the life of the process, in a list
typedef struct Entry {
  struct Entry* next;
  FalFft        fft;
} Entry;

/// Groups of so many blocks take about a microsecond
#define BLOCKS_TO_STEP 64U

static Entry* entries; ///< Read and changed while the planner is locked

static bool
is_power_of_two(const uint32_t n)
{
  return n && !(n & (n - 1U));
}

static void
clear(FalFft* const fft)
{
  if (fft->forward) {
    fftwf_destroy_plan(fft->forward);
  }
  if (fft->inverse) {
    fftwf_destroy_plan(fft->inverse);
  }
  fal_arena_release(fft->twists);
}

/// Plan without measuring, which pays nothing at these sizes
static fftwf_plan
plan(const uint32_t size, float* const in, float* const out, const int sign)
{
  return fftwf_plan_dft_1d((int)size, (fftwf_complex*)in, (fftwf_complex*)out,
                           sign, FFTW_ESTIMATE);
}

/// Make the transform of a block that is too small for a grid
static FalStatus
init_small(FalFft* const fft)
{
  const size_t n_floats = 2U * (size_t)fft->size;

  fft->simd     = fal_simd_get();
  fft->n_groups = 1U;
  fft->n_blocks = fft->size / FAL_BLOCK_BINS;
  fft->n_steps  = 1U;

  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n_floats);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }
  fft->twists = (float*)arena.base;
  for (uint32_t n = 0U; n < fft->size; ++n) {
    const double angle       = M_PI * n / (2.0 * fft->size);
    fft->twists[2U * n]      = (float)cos(angle);
    fft->twists[2U * n + 1U] = (float)sin(angle);
  }

  // Memory to plan with
  FalArena scratch = {NULL, 0U};
  (void)fal_arena_floats(&scratch, 2U * n_floats);
  if ((st = fal_arena_allocate(&scratch))) {
    return st;
  }
  float* const in = (float*)scratch.base;
  fft->forward    = plan(fft->size, in, in + n_floats, FFTW_FORWARD);
  fft->inverse    = plan(fft->size, in, in + n_floats, FFTW_BACKWARD);
  fal_arena_release(scratch.base);
  return fft->forward && fft->inverse ? FAL_OK : FAL_ERR_NO_MEM;
}

static FalStatus
init(FalFft* const fft)
{
  if (fft->size < FAL_GRID_MIN_SIZE) {
    return init_small(fft);
  }

  const FalStatus st = fal_grid_get(&fft->grid, fft->size);
  if (!st) {
    fft->n_chunks = fft->grid->n_chunks;
    fft->n_groups = fft->grid->n_groups;
    fft->n_blocks = fft->grid->n_columns;
    fft->n_steps  = fft->n_blocks < BLOCKS_TO_STEP ? 1U : FAL_GRID_STEPS;
  }
  return st;
}

/// Make a transform and put it into the list, which is locked
static FalStatus
add_entry(const FalFft** const fft, const uint32_t size)
{
  Entry* const entry = (Entry*)calloc(1U, sizeof(Entry));
  if (!entry) {
    return FAL_ERR_NO_MEM;
  }

  entry->fft.size    = size;
  const FalStatus st = init(&entry->fft);
  if (st) {
    clear(&entry->fft);
    free(entry);
    return st;
  }

  entry->next = entries;
  entries     = entry;
  *fft        = &entry->fft;
  return FAL_OK;
}

FalStatus
fal_fft_get(const FalFft** const fft, const uint32_t size)
{
  if (!is_power_of_two(size) || size < FAL_FFT_MIN_SIZE ||
      size > FAL_FFT_MAX_SIZE) {
    return FAL_ERR_BAD_ARG;
  }

  fal_planner_lock();
  Entry* entry = entries;
  while (entry && entry->fft.size != size) {
    entry = entry->next;
  }
  FalStatus st = FAL_OK;
  if (entry) {
    *fft = &entry->fft;
  } else {
    st = add_entry(fft, size);
  }
  fal_planner_unlock();
  return st;
}

double
fal_fft_frequency(const FalFft* const fft, const uint32_t j)
{
  if (fft->grid) {
    const uint32_t block = j / FAL_BLOCK_BINS;
    return fal_grid_frequency(fft->grid, block / fft->n_blocks,
                              block % fft->n_blocks, j % FAL_BLOCK_BINS);
  }
  const double f = ((double)j - 0.25) / (double)fft->size;
  return f < 0.5 ? f : f - 1.0;
}
