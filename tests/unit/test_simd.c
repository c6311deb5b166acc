// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/simd.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

/// Rounding of some tens of single-precision operations on values near 1
static const double bound = 2e-5;

extern const FalSimd fal_simd_wide;

/// The loops numbered i: those that this processor can run, and then those of
/// the widest vectors, made of narrower ones
static const FalSimd*
variant(const uint32_t i)
{
  return fal_simd_variant(i)              ? fal_simd_variant(i)
         : !i || fal_simd_variant(i - 1U) ? &fal_simd_wide
                                          : NULL;
}

static float*
aligned(const size_t n)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n);
  assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
  return (float*)arena.base;
}

static float*
aligned_noise(const size_t n, const uint64_t seed)
{
  float* const x = aligned(n);
  ref_noise(x, n, seed);
  return x;
}

static void
assert_close(const float* const a, const double* const b, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    assert_true(fabs((double)a[i] - b[i]) < bound);
  }
}

/// Call a check for each instruction set of this machine
static void
for_variants(void (*const check)(const FalSimd*))
{
  uint32_t n = 0U;
  for (; variant(n); ++n) {
    check(variant(n));
  }
  assert_true(n > 0U);
}

enum { N_BLOCKS = 5, N_COLUMNS = 48 };

/// Untwist and overlap-add one value: y and overlap from z and w
static void
reference_untwist(double* const y, double* const overlap, const float* const z,
                  const float* const w)
{
  const double re = (double)z[0] * (double)w[0] + (double)z[1] * (double)w[1];
  const double im = (double)z[1] * (double)w[0] - (double)z[0] * (double)w[1];
  *y              = re + *overlap;
  *overlap        = im;
}

static void
check_twists(const FalSimd* const simd)
{
  const uint32_t n       = N_COLUMNS;
  float* const   x       = aligned_noise(n, 1U);
  float* const   w       = aligned_noise(2U * n, 2U);
  float* const   z       = aligned(2U * n);
  float* const   y       = aligned(n);
  float* const   overlap = aligned_noise(n, 3U);

  double expected[2U * N_COLUMNS];
  for (uint32_t t = 0U; t < n; ++t) {
    expected[2U * t]      = (double)x[t] * (double)w[2U * t];
    expected[2U * t + 1U] = (double)x[t] * (double)w[2U * t + 1U];
  }
  simd->twist(z, x, w, n);
  assert_close(z, expected, 2U * (size_t)n);

  double sums[N_COLUMNS];
  double rest[N_COLUMNS];
  for (uint32_t t = 0U; t < n; ++t) {
    rest[t] = (double)overlap[t];
    reference_untwist(&sums[t], &rest[t], z + 2U * t, w + 2U * t);
  }
  simd->untwist(y, overlap, z, w, n);
  assert_close(y, sums, n);
  assert_close(overlap, rest, n);

  fal_arena_release(overlap);
  fal_arena_release(y);
  fal_arena_release(z);
  fal_arena_release(w);
  fal_arena_release(x);
}

static void
test_twists_are_complex_products(void** const state)
{
  (void)state;
  for_variants(check_twists);
}

static void
check_blocks(const FalSimd* const simd)
{
  const size_t stride = 96U;
  float* const z      = aligned_noise(32U * N_BLOCKS, 8U);
  float* const bins   = aligned(stride * N_BLOCKS);
  float* const packed = aligned(32U * N_BLOCKS);
  float* const back   = aligned(32U * N_BLOCKS);

  simd->split(bins, stride, z, N_BLOCKS);
  simd->split(packed, 32U, z, N_BLOCKS);
  for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
    for (uint32_t k = 0U; k < 16U; ++k) {
      assert_true(bins[b * stride + k] == z[32U * b + 2U * k]);
      assert_true(bins[b * stride + 16U + k] == z[32U * b + 2U * k + 1U]);
    }
  }
  simd->join(back, packed, N_BLOCKS);
  assert_memory_equal(back, z, 32U * N_BLOCKS * sizeof(float));

  fal_arena_release(back);
  fal_arena_release(packed);
  fal_arena_release(bins);
  fal_arena_release(z);
}

static void
test_blocks_hold_the_parts_apart(void** const state)
{
  (void)state;
  for_variants(check_blocks);
}

static void
check_direct(const FalSimd* const simd)
{
  enum { MOST = 300 };
  uint64_t     seed = 5U;
  float* const x    = aligned_noise(MOST, 10U);
  float* const taps = aligned(MOST + 2U * FAL_DIRECT_PAD);
  float* const h    = taps + FAL_DIRECT_PAD;
  float* const y    = aligned(MOST);
  for (uint32_t round = 0U; round < 500U; ++round) {
    const uint32_t from = (uint32_t)ref_between(&seed, 0U, 150U);
    const uint32_t n_y  = (uint32_t)ref_between(&seed, 1U, 140U);
    const uint32_t n_x  = (uint32_t)ref_between(&seed, 0U, from + n_y);
    ref_noise(h, MOST, round);
    ref_noise(y, MOST, round + 1U);

    double expected[MOST];
    for (uint32_t t = 0U; t < MOST; ++t) {
      expected[t] = (double)y[t];
      for (uint32_t j = 0U; t < n_y && j < n_x && j <= from + t; ++j) {
        expected[t] += (double)x[j] * (double)h[from + t - j];
      }
    }
    simd->direct(y, from, n_y, x, n_x, h);
    assert_close(y, expected, MOST);
  }

  fal_arena_release(y);
  fal_arena_release(taps);
  fal_arena_release(x);
}

static void
test_direct_is_the_sum_and_writes_its_frames_only(void** const state)
{
  (void)state;
  for_variants(check_direct);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_twists_are_complex_products),
    cmocka_unit_test(test_blocks_hold_the_parts_apart),
    cmocka_unit_test(test_direct_is_the_sum_and_writes_its_frames_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
