// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/fft.h"
#include "core/fft_slices.h"
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

static Entry* entries; ///< Read and changed while the planner is locked

static bool
is_power_of_two(const uint32_t n)
{
  return n && !(n & (n - 1U));
}

/**
   The fastest number of rows for a whole transform.

   Beyond the first level cache, short transforms of cached pieces beat one
   long one; columns are best when their chunk fits into that cache.
*/
static uint32_t
fastest_n_rows(const uint32_t size)
{
  return size < 16384U ? 1U : size <= 65536U ? 64U : 128U;
}

static void
write_turn(float* const z, const double turns)
{
  z[0] = (float)cos(2.0 * M_PI * turns);
  z[1] = (float)sin(2.0 * M_PI * turns);
}

/// Angles are kept small and exact: indices wrap before they become floating
static void
write_tables(FalFft* const fft)
{
  const uint64_t size = fft->size;

  for (uint32_t r = 0U; r < fft->n_rows; ++r) {
    write_turn(fft->twists + 2U * (size_t)r, r / (4.0 * fft->n_rows));
    for (uint32_t q = 0U; q < fft->n_columns; ++q) {
      const uint64_t turn = ((uint64_t)r * q) % size;
      write_turn(fft->twiddles + 2U * ((size_t)r * fft->n_columns + q),
                 ((double)q / 4.0 - (double)turn) / (double)size);
    }
  }
}

/// Plan `howmany` transforms of length n with the given stride
static fftwf_plan
plan_many(const uint32_t n, const uint32_t howmany, float* const in,
          float* const out, const int sign)
{
  const int length = (int)n;
  const int stride = (int)howmany;

  return fftwf_plan_many_dft(1, &length, stride, (fftwf_complex*)in, NULL,
                             stride, 1, (fftwf_complex*)out, NULL, stride, 1,
                             sign, FFTW_ESTIMATE);
}

static void
lay_out(FalFft* const fft, FalArena* const arena)
{
  fft->twists   = fal_arena_floats(arena, 2U * (size_t)fft->n_rows);
  fft->twiddles = fal_arena_floats(arena, 2U * (size_t)fft->size);
}

static void
destroy_plan(const fftwf_plan plan)
{
  if (plan) {
    fftwf_destroy_plan(plan);
  }
}

static void
clear(FalFft* const fft)
{
  destroy_plan(fft->columns_forward);
  destroy_plan(fft->columns_inverse);
  destroy_plan(fft->row_forward);
  destroy_plan(fft->row_inverse);
  fal_arena_release(fft->twists);
}

static FalStatus
init(FalFft* const fft)
{
  FalArena arena = {NULL, 0U};
  lay_out(fft, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }
  lay_out(fft, &arena);
  write_tables(fft);

  // Scratch to plan with: measuring overwrites it
  FalArena     scratch   = {NULL, 0U};
  const size_t n_chunk   = 2U * (size_t)fft->n_rows * FAL_CHUNK_COLUMNS;
  const size_t n_row     = 2U * (size_t)fft->n_columns;
  const size_t n_scratch = n_chunk > n_row ? n_chunk : n_row;
  (void)fal_arena_floats(&scratch, n_scratch);
  (void)fal_arena_floats(&scratch, n_scratch);
  if ((st = fal_arena_allocate(&scratch))) {
    return st;
  }
  float* const in  = fal_arena_floats(&scratch, n_scratch);
  float* const out = fal_arena_floats(&scratch, n_scratch);

  if (fft->n_rows > 1U) {
    fft->columns_forward =
      plan_many(fft->n_rows, FAL_CHUNK_COLUMNS, in, in, FFTW_FORWARD);
    fft->columns_inverse =
      plan_many(fft->n_rows, FAL_CHUNK_COLUMNS, in, in, FFTW_BACKWARD);
  }
  fft->row_forward = plan_many(fft->n_columns, 1U, in, out, FFTW_FORWARD);
  fft->row_inverse = plan_many(fft->n_columns, 1U, in, out, FFTW_BACKWARD);

  const bool planned =
    fft->row_forward && fft->row_inverse &&
    (fft->n_rows == 1U || (fft->columns_forward && fft->columns_inverse));
  fal_arena_release(scratch.base);
  return planned ? FAL_OK : FAL_ERR_NO_MEM;
}

static FalStatus
add_entry(const FalFft** const fft, Entry* const entry)
{
  const FalStatus st = init(&entry->fft);
  if (st) {
    clear(&entry->fft);
    return st;
  }

  entry->next = entries;
  entries     = entry;
  *fft        = &entry->fft;
  return FAL_OK;
}

FalStatus
fal_fft_get(const FalFft** const fft, const uint32_t size, uint32_t n_rows)
{
  if (!is_power_of_two(size) || size < FAL_FFT_MIN_SIZE ||
      size > FAL_FFT_MAX_SIZE || (n_rows && !is_power_of_two(n_rows)) ||
      n_rows > size / FAL_CHUNK_COLUMNS) {
    return FAL_ERR_BAD_ARG;
  }
  n_rows = n_rows ? n_rows : fastest_n_rows(size);

  FalStatus st = FAL_ERR_NO_MEM;
  fal_planner_lock();
  for (Entry* e = entries; e; e = e->next) {
    if (e->fft.size == size && e->fft.n_rows == n_rows) {
      *fft = &e->fft;
      fal_planner_unlock();
      return FAL_OK;
    }
  }

  Entry* const entry = (Entry*)calloc(1U, sizeof(Entry));
  if (entry) {
    entry->fft.simd      = fal_simd_get();
    entry->fft.size      = size;
    entry->fft.n_rows    = n_rows;
    entry->fft.n_columns = size / n_rows;
    if ((st = add_entry(fft, entry))) {
      free(entry);
    }
  }
  fal_planner_unlock();
  return st;
}
