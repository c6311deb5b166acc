// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/grid.h"

#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Floats of the turns of a transform: three for each butterfly of a stage
static size_t
n_turns(const uint32_t n)
{
  size_t sum = 0U;
  for (uint32_t m = n; m > 4U; m /= 4U) {
    sum += 6U * (size_t)(m / 4U);
  }
  return sum;
}

static void
write_turn(float* const w, const double turns)
{
  w[0] = (float)cos(2.0 * M_PI * turns);
  w[1] = (float)sin(2.0 * M_PI * turns);
}

static void
write_turns(float* w, const uint32_t n)
{
  for (uint32_t m = n; m > 4U; m /= 4U) {
    for (uint32_t j = 0U; j < m / 4U; ++j) {
      for (uint32_t i = 1U; i < 4U; ++i) {
        write_turn(w, -(double)(i * j) / (double)m);
        w += 2;
      }
    }
  }
}

static uint32_t
log2_of(const uint32_t n)
{
  return (uint32_t)__builtin_ctz(n);
}

/// The frequency that a forward transform of n points leaves at a place
static uint32_t
frequency_at(const uint32_t place, const uint32_t n)
{
  // The digits in reverse: in base 4, and for twice a power of 4 the last in 2
  uint32_t frequency = 0U;
  uint32_t shift     = 0U;
  for (uint32_t n_left = log2_of(n); n_left;) {
    const uint32_t n_bits = n_left > 1U ? 2U : 1U;
    n_left -= n_bits;
    frequency |= ((place >> n_left) & ((1U << n_bits) - 1U)) << shift;
    shift += n_bits;
  }
  return frequency;
}

double
fal_grid_frequency(const FalGrid* const grid, const uint32_t g,
                   const uint32_t b, const uint32_t lane)
{
  const uint32_t place = g * FAL_GRID_LANES + lane;
  const uint32_t k     = frequency_at(place, grid->n_rows) +
                     grid->n_rows * frequency_at(b, grid->n_columns);
  const double f = ((double)k - 0.25) / (double)grid->size;
  return f < 0.5 ? f : f - 1.0;
}

static void
lay_out(FalGrid* const grid, FalArena* const arena)
{
  grid->twist     = fal_arena_floats(arena, 2U * (size_t)grid->n_rows);
  grid->turns     = fal_arena_floats(arena, n_turns(grid->n_rows));
  grid->row_turns = fal_arena_floats(arena, n_turns(grid->n_columns));
  grid->fine      = fal_arena_floats(arena, fal_grid_scratch_floats(grid));
  grid->coarse =
    fal_arena_floats(arena, 2U * (size_t)grid->n_chunks * grid->n_rows);
}

static void
write_tables(const FalGrid* const grid)
{
  write_turns(grid->turns, grid->n_rows);
  write_turns(grid->row_turns, grid->n_columns);
  for (uint32_t r = 0U; r < grid->n_rows; ++r) {
    const double k     = (double)frequency_at(r, grid->n_rows) - 0.25;
    const double turns = -k / (double)grid->size;

    write_turn(grid->twist + 2U * (size_t)r,
               (double)r / (4.0 * (double)grid->n_rows));
    for (uint32_t lane = 0U; lane < FAL_GRID_LANES; ++lane) {
      float* const to = grid->fine + (size_t)r * FAL_ELEMENT + lane;
      float        w[2];
      write_turn(w, turns * (double)lane);
      to[0]              = w[0];
      to[FAL_GRID_LANES] = w[1];
    }
    for (uint32_t c = 0U; c < grid->n_chunks; ++c) {
      write_turn(grid->coarse + 2U * ((size_t)c * grid->n_rows + r),
                 turns * (double)(c * FAL_GRID_LANES));
    }
  }
}

/// Make new tables; null if there is no memory
static FalGrid*
new_grid(const uint32_t size)
{
  // As square as it can be: then 16 columns, or rows, fit into the cache
  uint32_t n_rows = FAL_GRID_LANES;
  while ((uint64_t)n_rows * n_rows * 4U <= size) {
    n_rows *= 2U;
  }

  FalGrid* const grid = (FalGrid*)calloc(1U, sizeof(FalGrid));
  if (!grid) {
    return NULL;
  }
  *grid = (FalGrid){
    .ops       = fal_grid_ops_get(),
    .size      = size,
    .n_rows    = n_rows,
    .n_columns = size / n_rows,
    .n_chunks  = size / n_rows / FAL_GRID_LANES,
    .n_groups  = n_rows / FAL_GRID_LANES,
  };

  FalArena arena = {NULL, 0U};
  lay_out(grid, &arena);
  if (fal_arena_allocate(&arena)) {
    free(grid);
    return NULL;
  }
  lay_out(grid, &arena);
  write_tables(grid);
  return grid;
}

FalStatus
fal_grid_get(const FalGrid** const grid, const uint32_t size)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static FalGrid*        grids[FAL_GRID_MAX_LOG2 + 1U];

  if (size < FAL_GRID_MIN_SIZE || size > FAL_GRID_MAX_SIZE ||
      (size & (size - 1U))) {
    return FAL_ERR_BAD_ARG;
  }

  const uint32_t i = log2_of(size);
  pthread_mutex_lock(&lock);
  if (!grids[i]) {
    grids[i] = new_grid(size);
  }
  const FalGrid* const found = grids[i];
  pthread_mutex_unlock(&lock);
  if (found) {
    *grid = found;
  }
  return found ? FAL_OK : FAL_ERR_NO_MEM;
}
