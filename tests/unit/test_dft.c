// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/dft.h"
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

/// Bins that are compared with their definition
#define N_BINS 200U

static const uint32_t sizes[] = {512U,  1024U, 1536U,  2048U,  3072U,
                                 4096U, 6144U, 12288U, 16384U, 98304U};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

extern const FalDftOps fal_dft_ops_wide;

/// The loops numbered i: those that this processor can run, and then those of
/// the widest vectors, made of narrower ones
static const FalDftOps*
variant(const uint32_t i)
{
  return fal_dft_ops_variant(i)              ? fal_dft_ops_variant(i)
         : !i || fal_dft_ops_variant(i - 1U) ? &fal_dft_ops_wide
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

/// Everything for one size, with noise, and the loops numbered `variant`
typedef struct {
  FalDft dft;
  float* noise; ///< [size]
  float* x;     ///< [size], the same
  float* bins;  ///< [size + 2]
  float* scratch;
} Bench;

static Bench
new_bench(const uint32_t size, const FalDftOps* const ops)
{
  const FalDft* dft = NULL;
  assert_true(fal_dft_is_size(size));
  assert_int_equal(fal_dft_get(&dft, size), FAL_OK);
  Bench b   = {.dft = *dft, .noise = ref_new_noise(size, size)};
  b.dft.ops = ops;
  b.x       = new_aligned(size);
  b.bins    = new_aligned((size_t)size + 2U);
  b.scratch = new_aligned(fal_dft_scratch_floats(dft));
  memcpy(b.x, b.noise, size * sizeof(float));
  return b;
}

static void
free_bench(Bench* const b)
{
  fal_arena_release(b->scratch);
  fal_arena_release(b->bins);
  fal_arena_release(b->x);
  free(b->noise);
}

static void
check_bins(const uint32_t size, const FalDftOps* const ops)
{
  Bench b = new_bench(size, ops);
  fal_dft_forward(&b.dft, b.bins, b.x, b.scratch);

  float    found[2U * N_BINS];
  double   expected[2U * N_BINS];
  uint64_t random = 1U;
  for (uint32_t i = 0U; i < N_BINS; ++i) {
    // The first, the middle and the last have no partner
    const uint64_t k  = i < 3U ? (uint64_t)size / 4U * i
                               : ref_between(&random, 1U, size / 2U - 1U);
    double         re = 0.0;
    double         im = 0.0;
    for (uint64_t t = 0U; t < size; ++t) {
      const double angle = -2.0 * M_PI * (double)(k * t % size) / size;
      re += (double)b.noise[t] * cos(angle);
      im += (double)b.noise[t] * sin(angle);
    }
    found[2U * i]         = b.bins[2U * k];
    found[2U * i + 1U]    = b.bins[2U * k + 1U];
    expected[2U * i]      = re;
    expected[2U * i + 1U] = im;
  }
  assert_true(ref_error_db(found, expected, 2U * N_BINS) < ERROR_DB);
  free_bench(&b);
}

static void
test_bins_are_those_of_the_definition(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; variant(i); ++i) {
    for (uint32_t s = 0U; s < N_SIZES && sizes[s] <= 16384U; ++s) {
      check_bins(sizes[s], variant(i));
    }
  }
}

static void
test_there_and_back_is_size_times_the_same(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; variant(i); ++i) {
    for (uint32_t s = 0U; s < N_SIZES; ++s) {
      const uint32_t size   = sizes[s];
      Bench          b      = new_bench(size, variant(i));
      double* const  wanted = ref_doubles(size);
      for (uint32_t t = 0U; t < size; ++t) {
        wanted[t] = (double)b.noise[t] * size;
      }
      fal_dft_forward(&b.dft, b.bins, b.x, b.scratch);
      fal_dft_inverse(&b.dft, b.x, b.bins, b.scratch);
      assert_true(ref_error_db(b.x, wanted, size) < ERROR_DB);
      free(wanted);
      free_bench(&b);
    }
  }
}

static void
test_impossible_sizes_are_refused(void** const state)
{
  (void)state;
  const FalDft*  dft    = NULL;
  const uint32_t none[] = {0U, 256U, 511U, 768U, 2560U, 4608U, 1U << 26U};
  for (uint32_t i = 0U; i < sizeof(none) / sizeof(none[0]); ++i) {
    assert_false(fal_dft_is_size(none[i]));
    assert_int_equal(fal_dft_get(&dft, none[i]), FAL_ERR_BAD_ARG);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bins_are_those_of_the_definition),
    cmocka_unit_test(test_there_and_back_is_size_times_the_same),
    cmocka_unit_test(test_impossible_sizes_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
