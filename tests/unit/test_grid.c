// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/fft.h"
#include "core/grid.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Singles round at -150 dB; a transform of 2^17 points adds at most 17 dB
#define ERROR_DB (-130.0)

#define LEAST FAL_GRID_MIN_SIZE
#define MOST 131072U

extern const FalGridOps fal_grid_ops_wide;

/// The loops numbered i: those that this processor can run, and then those of
/// the widest vectors, made of narrower ones
static const FalGridOps*
variant(const uint32_t i)
{
  return fal_grid_ops_variant(i)              ? fal_grid_ops_variant(i)
         : !i || fal_grid_ops_variant(i - 1U) ? &fal_grid_ops_wide
                                              : NULL;
}

static float*
new_aligned(const size_t n)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n);
  assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
  return fal_arena_floats(&arena, n);
}

/// Everything for one size, with the loops numbered `variant`
typedef struct {
  FalGrid grid;
  float*  matrix;
  float*  scratch;
} Bench;

static Bench
new_bench(const uint32_t size, const FalGridOps* const ops)
{
  const FalGrid* grid = NULL;
  assert_int_equal(fal_grid_get(&grid, size), FAL_OK);
  Bench b    = {*grid, NULL, NULL};
  b.grid.ops = ops;
  b.matrix   = new_aligned(2U * (size_t)size);
  b.scratch  = new_aligned(fal_grid_scratch_floats(&b.grid));
  return b;
}

static void
free_bench(Bench* const b)
{
  fal_arena_release(b->scratch);
  fal_arena_release(b->matrix);
}

static void
forward(const Bench* const b, float* const bins, const float* const x)
{
  for (uint32_t c = 0U; c < b->grid.n_chunks; ++c) {
    fal_grid_forward_columns(&b->grid, b->matrix, x, c, b->scratch);
  }
  for (uint32_t g = 0U; g < b->grid.n_groups; ++g) {
    fal_grid_forward_group(&b->grid, bins + g * fal_grid_group_floats(&b->grid),
                           FAL_ELEMENT, b->matrix, g);
  }
}

static void
inverse(const Bench* const b, float* const y, float* const overlap,
        const float* const bins)
{
  memcpy(b->matrix, bins, 2U * (size_t)b->grid.size * sizeof(float));
  for (uint32_t g = 0U; g < b->grid.n_groups; ++g) {
    fal_grid_inverse_group(&b->grid, b->matrix, g);
  }
  for (uint32_t c = 0U; c < b->grid.n_chunks; ++c) {
    fal_grid_inverse_columns(&b->grid, y, overlap, b->matrix, c, b->scratch);
  }
}

static void
check_bins(const uint32_t size, const FalGridOps* const ops)
{
  Bench        b    = new_bench(size, ops);
  float* const x    = ref_new_noise(size, size);
  float* const bins = new_aligned(2U * (size_t)size);
  forward(&b, bins, x);

  // Some bins, by the definition
  double   error  = 0.0;
  double   energy = 0.0;
  uint64_t random = 1U;
  for (uint32_t i = 0U; i < 200U; ++i) {
    const uint32_t g = (uint32_t)ref_between(&random, 0U, b.grid.n_groups - 1U);
    const uint32_t k =
      (uint32_t)ref_between(&random, 0U, b.grid.n_columns - 1U);
    const uint32_t lane = (uint32_t)ref_between(&random, 0U, 15U);
    const double   f    = fal_grid_frequency(&b.grid, g, k, lane);
    double         re   = 0.0;
    double         im   = 0.0;
    for (uint32_t t = 0U; t < size; ++t) {
      const double turns = fmod(f * (double)t, 1.0);
      re += (double)x[t] * cos(2.0 * M_PI * turns);
      im -= (double)x[t] * sin(2.0 * M_PI * turns);
    }
    const float* const found = bins + g * fal_grid_group_floats(&b.grid) +
                               (size_t)k * FAL_ELEMENT + lane;
    error += pow((double)found[0] - re, 2.0) + pow((double)found[16] - im, 2.0);
    energy += re * re + im * im;
  }
  assert_true(10.0 * log10(error / energy) < ERROR_DB);
  fal_arena_release(bins);
  free(x);
  free_bench(&b);
}

static void
test_bins_are_the_spectrum_at_their_frequencies(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; variant(i); ++i) {
    for (uint32_t size = LEAST; size <= 16384U; size *= 2U) {
      check_bins(size, variant(i));
    }
  }
}

static void
check_product(const uint32_t size, const FalGridOps* const ops)
{
  Bench        b       = new_bench(size, ops);
  float* const x       = ref_new_noise(size, 1U);
  float* const h       = ref_new_noise(size, 2U);
  float* const xs      = new_aligned(2U * (size_t)size);
  float* const hs      = new_aligned(2U * (size_t)size);
  float* const y       = new_aligned(size);
  float* const overlap = new_aligned(size);
  forward(&b, xs, x);
  forward(&b, hs, h);
  for (size_t k = 0U; k < 2U * (size_t)size; ++k) {
    if (!(k & 16U)) {
      const float re = xs[k] * hs[k] - xs[k + 16U] * hs[k + 16U];
      const float im = xs[k] * hs[k + 16U] + xs[k + 16U] * hs[k];
      xs[k]          = re / (float)size;
      xs[k + 16U]    = im / (float)size;
    }
  }

  // What is in the overlap is added, and then replaced
  for (uint32_t t = 0U; t < size; ++t) {
    overlap[t] = 3.0F;
  }
  inverse(&b, y, overlap, xs);

  enum { n_places = 300 };
  float    found[n_places];
  double   expected[n_places];
  uint64_t random = 3U;
  for (uint32_t i = 0U; i < n_places; ++i) {
    const size_t t = ref_between(&random, 0U, 2U * size - 1U);
    found[i]       = t < size ? y[t] - 3.0F : overlap[t - size];
    expected[i]    = ref_convolution_at(x, size, h, size, t);
  }
  assert_true(ref_error_db(found, expected, n_places) < -120.0);
  fal_arena_release(overlap);
  fal_arena_release(y);
  fal_arena_release(hs);
  fal_arena_release(xs);
  free(h);
  free(x);
  free_bench(&b);
}

static void
test_a_product_of_spectra_is_the_linear_convolution(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; variant(i); ++i) {
    for (uint32_t size = LEAST; size <= MOST; size *= 2U) {
      check_product(size, variant(i));
    }
  }
}

static void
test_there_and_back_is_the_same(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; variant(i); ++i) {
    for (uint32_t size = LEAST; size <= MOST; size *= 2U) {
      Bench         b       = new_bench(size, variant(i));
      float* const  x       = ref_new_noise(size, size);
      float* const  bins    = new_aligned(2U * (size_t)size);
      float* const  y       = new_aligned(size);
      float* const  overlap = new_aligned(size);
      double* const wanted  = ref_doubles(size);
      forward(&b, bins, x);
      inverse(&b, y, overlap, bins);
      for (uint32_t t = 0U; t < size; ++t) {
        wanted[t] = (double)x[t] * (double)size;
      }
      assert_true(ref_error_db(y, wanted, size) < ERROR_DB);
      free(wanted);
      fal_arena_release(overlap);
      fal_arena_release(y);
      fal_arena_release(bins);
      free(x);
      free_bench(&b);
    }
  }
}

static void
test_impossible_sizes_are_refused(void** const state)
{
  (void)state;
  const FalGrid* grid    = NULL;
  const uint32_t sizes[] = {0U, 128U, 300U, FAL_GRID_MAX_SIZE * 2U};
  for (uint32_t i = 0U; i < 4U; ++i) {
    assert_int_equal(fal_grid_get(&grid, sizes[i]), FAL_ERR_BAD_ARG);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bins_are_the_spectrum_at_their_frequencies),
    cmocka_unit_test(test_a_product_of_spectra_is_the_linear_convolution),
    cmocka_unit_test(test_there_and_back_is_the_same),
    cmocka_unit_test(test_impossible_sizes_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
