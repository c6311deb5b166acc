// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/convolve.h"
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

// Singles round at -150 dB; transforms and sums of many terms add some 20 dB
#define ERROR_DB (-128.0)
#define PEAK_ERROR_DB (-112.0)

static const FalMethod methods[] = {FAL_METHOD_AUTO, FAL_METHOD_DIRECT,
                                    FAL_METHOD_FFT};
static const FalMode   modes[]   = {FAL_FULL, FAL_SAME, FAL_VALID};

/// Where a mode starts, by its words
static size_t
start_of(const FalMode mode, const size_t n, const size_t m)
{
  return mode == FAL_FULL ? 0U
         : mode == FAL_SAME
           ? (m - 1U) / 2U
           : (n < m ? n : m) - 1U; // The shorter lies wholly inside from here
}

static void
check(const size_t n, const size_t m, const uint64_t seed)
{
  float* const  x = ref_new_noise(n, seed);
  float* const  h = ref_floats(m);
  double* const expected =
    (ref_decaying_noise(h, m, seed + 1U), ref_convolution(x, n, h, m));
  double energy = 0.0;
  for (size_t t = 0U; t < n + m - 1U; ++t) {
    energy += expected[t] * expected[t] / (double)(n + m - 1U);
  }

  for (size_t i = 0U; i < 9U; ++i) {
    const FalMode mode  = modes[i / 3U];
    const size_t  n_y   = fal_mode_frames(mode, n, m);
    const size_t  start = start_of(mode, n, m);
    float* const  y     = ref_floats(n_y + 1U);
    y[n_y]              = 1e30F;
    assert_int_equal(fal_convolve(y, x, n, h, m, mode, methods[i % 3U]),
                     FAL_OK);

    double error = 0.0;
    for (size_t t = 0U; t < n_y; ++t) {
      const double e = (double)y[t] - expected[start + t];
      assert_true(20.0 * log10(fabs(e) + 1e-30) - 10.0 * log10(energy) <
                  PEAK_ERROR_DB);
      error += e * e / (double)n_y;
    }
    // A mode may be a few frames only: too few for an average
    assert_true(mode != FAL_FULL ||
                10.0 * log10(error / energy + 1e-40) < ERROR_DB);
    assert_true(y[n_y] == 1e30F);
    free(y);
  }
  free(expected);
  free(h);
  free(x);
}

static void
test_every_mode_and_method_is_the_sum(void** const state)
{
  (void)state;
  for (size_t n = 1U; n <= 12U; ++n) {
    for (size_t m = 1U; m <= 12U; ++m) {
      check(n, m, 100U * n + m);
    }
  }
  uint64_t random = 1U;
  for (uint64_t seed = 0U; seed < 60U; ++seed) {
    const size_t most = 1U << ref_between(&random, 4U, 13U);
    check(ref_between(&random, 1U, most), ref_between(&random, 1U, most), seed);
  }
}

static void
test_any_part_is_the_same_part_of_the_whole(void** const state)
{
  (void)state;

  const size_t n      = 30000U;
  const size_t m      = 300U;
  float* const x      = ref_new_noise(n, 1U);
  float* const h      = ref_new_noise(m, 2U);
  float* const whole  = ref_floats(n + m + 99999U);
  float* const part   = ref_floats(n + m + 99999U);
  uint64_t     random = 3U;
  for (size_t i = 0U; i < 100U; ++i) {
    const FalMethod method = i & 1U ? FAL_METHOD_DIRECT : FAL_METHOD_FFT;
    const size_t    start  = ref_between(&random, 0U, n + m + 1000U);
    const size_t    n_y    = ref_between(&random, 0U, 40000U);
    assert_int_equal(fal_convolve(whole, x, n, h, m, FAL_FULL, method), FAL_OK);
    assert_int_equal(fal_convolve_part(part, start, n_y, x, n, h, m, method),
                     FAL_OK);
    for (size_t t = 0U; t < n_y; ++t) {
      assert_true(fabsf(part[t] - whole[start + t]) < 1e-5F);
    }
  }
  free(part);
  free(whole);
  free(h);
  free(x);
}

static void
test_modes_have_their_sizes(void** const state)
{
  (void)state;
  assert_int_equal(fal_mode_frames(FAL_FULL, 7U, 3U), 9U);
  assert_int_equal(fal_mode_frames(FAL_SAME, 7U, 3U), 7U);
  assert_int_equal(fal_mode_frames(FAL_SAME, 3U, 7U), 3U);
  assert_int_equal(fal_mode_frames(FAL_VALID, 7U, 3U), 5U);
  assert_int_equal(fal_mode_frames(FAL_VALID, 3U, 7U), 5U);
  assert_int_equal(fal_mode_frames(FAL_VALID, 4U, 4U), 1U);
}

static void
test_long_sums_stay_exact(void** const state)
{
  (void)state;

  // Checked at some places: the whole sum would take minutes
  enum { n_places = 300 };
  const size_t    n       = 300000U;
  const size_t    m       = 60000U;
  float* const    x       = ref_new_noise(n, 1U);
  float* const    h       = ref_new_noise(m, 2U);
  float* const    y       = ref_floats(n + m - 1U);
  const FalMethod each[2] = {FAL_METHOD_FFT, FAL_METHOD_DIRECT};
  for (size_t i = 0U; i < 2U; ++i) {
    const size_t n_i = i ? m : n; // The direct sum of both is slow
    assert_int_equal(fal_convolve(y, x, n_i, h, m, FAL_FULL, each[i]), FAL_OK);

    float    found[n_places];
    double   expected[n_places];
    uint64_t random = 3U;
    for (size_t k = 0U; k < n_places; ++k) {
      const size_t t = ref_between(&random, 0U, n_i + m - 2U);
      found[k]       = y[t];
      expected[k]    = ref_convolution_at(x, n_i, h, m, t);
    }
    assert_true(ref_error_db(found, expected, n_places) < ERROR_DB);
  }
  free(y);
  free(h);
  free(x);
}

static void
test_the_chosen_method_turns_from_the_sum_to_transforms_once(void** const state)
{
  (void)state;
  for (size_t n = 1U; n < 1000000U; n *= 4U) {
    size_t m = 1U;
    while (m < n &&
           fal_convolve_method(n + m - 1U, n, m) == FAL_METHOD_DIRECT) {
      m *= 2U;
    }
    for (; m < n; m *= 2U) {
      assert_int_equal(fal_convolve_method(n + m - 1U, n, m), FAL_METHOD_FFT);
      assert_int_equal(fal_convolve_method(n + m - 1U, m, n), FAL_METHOD_FFT);
    }
  }
  assert_int_equal(fal_convolve_method(1U, 1U, 1U), FAL_METHOD_DIRECT);
  assert_int_equal(fal_convolve_method(1000000U, 1000000U, 1U),
                   FAL_METHOD_DIRECT);
}

static void
test_nothing_is_no_sequence(void** const state)
{
  (void)state;
  float x[4] = {1.0F};
  float y[8] = {0.0F};
  assert_int_equal(fal_convolve(y, x, 0U, x, 4U, FAL_FULL, FAL_METHOD_AUTO),
                   FAL_ERR_BAD_ARG);
  assert_int_equal(fal_convolve(y, x, 4U, x, 0U, FAL_FULL, FAL_METHOD_AUTO),
                   FAL_ERR_BAD_ARG);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_mode_and_method_is_the_sum),
    cmocka_unit_test(test_any_part_is_the_same_part_of_the_whole),
    cmocka_unit_test(test_modes_have_their_sizes),
    cmocka_unit_test(test_long_sums_stay_exact),
    cmocka_unit_test(
      test_the_chosen_method_turns_from_the_sum_to_transforms_once),
    cmocka_unit_test(test_nothing_is_no_sequence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
