// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/real_fft.h"
#include "core/status.h"
#include "tests/failing.h"
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

static float*
new_floats(const size_t n)
{
  const size_t n_bytes = (n * sizeof(float) + 63U) / 64U * 64U;
  float* const x       = (float*)aligned_alloc(64U, n_bytes);
  assert_non_null(x);
  return x;
}

static void
test_bins_are_those_of_the_definition(void** const state)
{
  (void)state;
  static const uint32_t sizes[] = {16U,  18U,   30U,   32U,   90U,  512U,
                                   640U, 1024U, 1536U, 2048U, 6144U};
  for (uint32_t s = 0U; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    const uint32_t n   = sizes[s];
    FalRealFft     fft = {0};
    assert_int_equal(fal_real_fft_init(&fft, n), FAL_OK);
    assert_int_equal(fft.n_bins, n / 2U + 1U);

    float* const x    = new_floats(n);
    float* const y    = new_floats(n);
    float* const bins = new_floats(n + 2U);
    ref_noise(x, n, n);
    memcpy(y, x, n * sizeof(float));
    fal_real_fft_forward(&fft, bins, y);
    for (uint32_t k = 0U; k <= n / 2U; ++k) {
      double re = 0.0;
      double im = 0.0;
      for (uint32_t t = 0U; t < n; ++t) {
        const double angle = -2.0 * M_PI * (double)(k * t % n) / n;
        re += (double)x[t] * cos(angle);
        im += (double)x[t] * sin(angle);
      }
      // Rounding grows as the root of n log n, from 2^-24
      const double bound = 1e-6 * sqrt(n);
      assert_true(fabs((double)bins[2U * k] - re) < bound);
      assert_true(fabs((double)bins[2U * k + 1U] - im) < bound);
    }
    free(x);
    free(y);
    free(bins);
    fal_real_fft_clear(&fft);
  }
}

static void
test_back_is_size_times_the_samples(void** const state)
{
  (void)state;
  for (uint64_t least = 16U; least < 300000U; least = least * 3U + 1U) {
    const uint32_t n = fal_real_fft_fast_size(least);
    assert_true(n >= least);
    assert_int_equal(n % 2U, 0U);
    FalRealFft fft = {0};
    assert_int_equal(fal_real_fft_init(&fft, n), FAL_OK);

    float* const x    = new_floats(n);
    float* const y    = new_floats(n);
    float* const bins = new_floats(n + 2U);
    ref_noise(x, n, n);
    memcpy(y, x, n * sizeof(float));
    fal_real_fft_forward(&fft, bins, y);
    fal_real_fft_inverse(&fft, y, bins);
    for (uint32_t t = 0U; t < n; ++t) {
      assert_true(fabs((double)y[t] / n - (double)x[t]) < 2e-6);
    }
    free(x);
    free(y);
    free(bins);
    fal_real_fft_clear(&fft);
  }
}

static void
test_failed_alloc(void** const state)
{
  (void)state;
  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalRealFft fft = {0};
    fail_allocation(n);
    const FalStatus st = fal_real_fft_init(&fft, 480U);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    fal_real_fft_clear(&fft);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bins_are_those_of_the_definition),
    cmocka_unit_test(test_back_is_size_times_the_samples),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
