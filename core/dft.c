// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/dft.h"

#include "core/arena.h"
#include "core/grid_ops.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/// Columns in a chunk, and rows in a group
#define LANES 16U

/// Sizes: 2 to these powers
#define LEAST_LOG2 9U
#define MOST_LOG2 25U

/// Return the exponent of a power of two, or of three times one
static uint32_t
log2_of(const uint64_t size)
{
  return (uint32_t)__builtin_ctzll(size);
}

bool
fal_dft_is_size(const uint64_t size)
{
  const uint64_t odd = size ? size >> log2_of(size) : 0U;
  return (odd == 1U || odd == 3U) && size >= 1U << LEAST_LOG2 &&
         size <= 1U << MOST_LOG2 && (odd == 1U || size >= 3U << LEAST_LOG2);
}

/// Where a forward transform of n points leaves a frequency
static uint32_t
place_of(uint32_t frequency, uint32_t n)
{
  uint32_t place = 0U;
  for (; n > 4U; frequency /= 4U) {
    n /= 4U;
    place += frequency % 4U * n;
  }
  return place + frequency;
}

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
lay_out(FalDft* const dft, FalArena* const arena)
{
  const size_t rows    = dft->n_rows;
  const size_t columns = dft->n_columns;

  dft->places = (uint32_t*)fal_arena_carve(arena, rows * sizeof(uint32_t));
  dft->frequencies =
    (uint32_t*)fal_arena_carve(arena, columns * sizeof(uint32_t));
  dft->turns         = fal_arena_floats(arena, n_turns(dft->n_rows));
  dft->row_turns     = fal_arena_floats(arena, n_turns(dft->n_columns));
  dft->fine          = fal_arena_floats(arena, rows * FAL_ELEMENT);
  dft->coarse        = fal_arena_floats(arena, columns / LANES * rows * 2U);
  dft->unfold_fine   = fal_arena_floats(arena, FAL_ELEMENT);
  dft->unfold_coarse = fal_arena_floats(arena, dft->n_pairs / LANES);
}

/// Write exp(-2 pi i (first + k) / n) for some k, `step` floats apart
static void
write_circle(float* const re, float* const im, const size_t step,
             const uint32_t n_steps, const double first, const double turn)
{
  /// Angles after which a recurrence starts afresh
  enum { RENEWAL = 64 };
  const double step_re = cos(2.0 * M_PI * turn);
  const double step_im = -sin(2.0 * M_PI * turn);
  double       w_re    = 1.0;
  double       w_im    = 0.0;
  for (uint32_t k = 0U; k < n_steps; ++k) {
    if (k % RENEWAL == 0U) {
      w_re = cos(2.0 * M_PI * (first + k * turn));
      w_im = -sin(2.0 * M_PI * (first + k * turn));
    }
    re[k * step]      = (float)w_re;
    im[k * step]      = (float)w_im;
    const double next = w_re * step_re - w_im * step_im;
    w_im              = w_re * step_im + w_im * step_re;
    w_re              = next;
  }
}

/// The turns of all stages: for each j of a stage of length m those of 1 to 3 j
static void
write_turns(float* w, const uint32_t n)
{
  for (uint32_t m = n; m > 4U; m /= 4U) {
    for (uint32_t i = 1U; i < 4U; ++i) {
      float* const to = w + 2U * (size_t)(i - 1U);
      write_circle(to, to + 1, 6U, m / 4U, 0.0, (double)i / m);
    }
    w += 6U * (size_t)(m / 4U);
  }
}

static void
write_tables(const FalDft* const dft)
{
  const double   n        = dft->n_pairs;
  const uint32_t n_chunks = dft->n_columns / LANES;

  write_turns(dft->turns, dft->n_rows);
  write_turns(dft->row_turns, dft->n_columns);
  for (uint32_t r = 0U; r < dft->n_rows; ++r) {
    float* const fine   = dft->fine + (size_t)r * FAL_ELEMENT;
    float* const coarse = dft->coarse + 2U * (size_t)r;
    dft->places[r]      = place_of(r, dft->n_rows);
    write_circle(fine, fine + LANES, 1U, LANES, 0.0, r / n);
    write_circle(coarse, coarse + 1, 2U * (size_t)dft->n_rows, n_chunks, 0.0,
                 r * (double)LANES / n);
  }
  for (uint32_t k = 0U; k < dft->n_columns; ++k) {
    dft->frequencies[place_of(k, dft->n_columns)] = k;
  }
  write_circle(dft->unfold_fine, dft->unfold_fine + LANES, 1U, LANES, 0.5 / n,
               0.5 / n);
  write_circle(dft->unfold_coarse, dft->unfold_coarse + 1, 2U,
               dft->n_pairs / (2U * LANES), 0.0, LANES * 0.5 / n);
}

/// Make new tables; null if there is no memory
static FalDft*
new_dft(const uint32_t size)
{
  // As square as it can be: then 16 columns, or rows, fit into the cache
  const uint32_t n      = size / 2U;
  const bool     thrice = n % 3U == 0U;
  uint32_t       n_rows = thrice ? 3U * LANES : LANES;
  while ((uint64_t)n_rows * n_rows * 4U <= n) {
    n_rows *= thrice ? 4U : 2U;
  }

  FalDft* const dft = (FalDft*)calloc(1U, sizeof(FalDft));
  if (!dft) {
    return NULL;
  }
  *dft = (FalDft){.ops       = fal_dft_ops_get(),
                  .n_pairs   = n,
                  .n_rows    = n_rows,
                  .n_columns = n / n_rows};

  FalArena arena = {NULL, 0U};
  lay_out(dft, &arena);
  if (fal_arena_allocate(&arena)) {
    free(dft);
    return NULL;
  }
  lay_out(dft, &arena);
  write_tables(dft);
  return dft;
}

FalStatus
fal_dft_get(const FalDft** const dft, const uint32_t size)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static FalDft*         made[2][MOST_LOG2 + 1U];

  if (!fal_dft_is_size(size)) {
    return FAL_ERR_BAD_ARG;
  }

  FalDft** const own = &made[size % 3U == 0U][log2_of(size)];
  pthread_mutex_lock(&lock);
  if (!*own) {
    *own = new_dft(size);
  }
  const FalDft* const found = *own;
  pthread_mutex_unlock(&lock);
  if (found) {
    *dft = found;
  }
  return found ? FAL_OK : FAL_ERR_NO_MEM;
}

size_t
fal_dft_scratch_floats(const FalDft* const dft)
{
  return (size_t)dft->n_rows * FAL_ELEMENT;
}

/// Turn a chunk of transformed columns over to the matrix
static void
spread(const FalDft* const dft, float* const matrix, const uint32_t chunk,
       const float* const scratch)
{
  dft->ops->spread(matrix + (size_t)chunk * LANES * FAL_ELEMENT,
                   (size_t)dft->n_columns * FAL_ELEMENT, scratch, dft->n_rows,
                   dft->places, dft->fine,
                   dft->coarse + 2U * (size_t)chunk * dft->n_rows);
}

void
fal_dft_forward(const FalDft* const dft, float* const bins, float* const x,
                float* const scratch)
{
  const FalDftOps* const ops     = dft->ops;
  const size_t           columns = dft->n_columns;
  float* const           re      = x; // The planes, when all pairs are taken
  float* const           im      = x + dft->n_pairs;

  for (uint32_t c = 0U; c < columns / LANES; ++c) {
    ops->take_pairs(scratch, x + (size_t)c * 2U * LANES, columns, dft->n_rows,
                    dft->turns);
    spread(dft, bins, c, scratch);
  }
  for (uint32_t g = 0U; g < dft->n_rows / LANES; ++g) {
    const size_t at = (size_t)g * LANES;
    ops->give_planes(re + at, im + at, dft->n_rows,
                     bins + g * columns * FAL_ELEMENT, dft->n_columns,
                     dft->frequencies, dft->row_turns);
  }
  ops->unfold(bins, re, im, dft->n_pairs, dft->unfold_fine, dft->unfold_coarse);
}

// Parts exchanged before and after make the transform its inverse
void
fal_dft_inverse(const FalDft* const dft, float* const x, float* const bins,
                float* const scratch)
{
  const FalDftOps* const ops     = dft->ops;
  const size_t           columns = dft->n_columns;
  float* const           re      = x;
  float* const           im      = x + dft->n_pairs;

  ops->fold(re, im, bins, dft->n_pairs, dft->unfold_fine, dft->unfold_coarse);
  for (uint32_t c = 0U; c < columns / LANES; ++c) {
    const size_t at = (size_t)c * LANES;
    ops->take_planes(scratch, im + at, re + at, columns, dft->n_rows,
                     dft->turns);
    spread(dft, bins, c, scratch);
  }
  for (uint32_t g = 0U; g < dft->n_rows / LANES; ++g) {
    ops->give_pairs(x + (size_t)g * 2U * LANES, dft->n_rows,
                    bins + g * columns * FAL_ELEMENT, dft->n_columns,
                    dft->frequencies, dft->row_turns);
  }
}
