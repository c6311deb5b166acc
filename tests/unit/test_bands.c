// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/bands.h"
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

static double
energy(const float* const x, const size_t n)
{
  double sum = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    sum += (double)x[t] * x[t];
  }
  return sum;
}

static void
test_a_tone_is_in_its_own_band_only(void** const state)
{
  (void)state;

  enum { n = 48000 };
  float* const x = (float*)malloc(2U * n * sizeof(float));
  assert_non_null(x);
  float* const y = x + n;
  for (uint32_t tone = 0U; tone < FAL_N_BANDS; ++tone) {
    const double turn = 2.0 * M_PI * fal_band_hz(tone) / 48000.0;
    for (size_t t = 0U; t < n; ++t) {
      x[t] = (float)(sin(turn * (double)t) * sin(M_PI * (double)t / n));
    }
    FalBands* bands = NULL;
    assert_int_equal(fal_bands_new(&bands, x, n, 48000.0), FAL_OK);
    for (uint32_t b = 0U; b < FAL_N_BANDS; ++b) {
      fal_bands_take(bands, y, b);
      const double share = energy(y, n) / energy(x, n);
      assert_true(b == tone ? fabs(share - 1.0) < 1e-4 : share < 1e-6);
    }
    fal_bands_free(bands);
  }
  free(x);
}

static void
test_powers_of_bands_add_up(void** const state)
{
  (void)state;

  enum { n = 48000 };
  float* const x = (float*)calloc(2U * n, sizeof(float));
  assert_non_null(x);
  float* const y = x + n;
  for (double f_hz = 300.0; f_hz < 6000.0; f_hz *= 1.07) { // Edges, too
    for (size_t t = 0U; t < n; ++t) {
      x[t] += (float)(sin(2.0 * M_PI * f_hz * (double)t / 48000.0) *
                      sin(M_PI * (double)t / n));
    }
  }
  FalBands* bands = NULL;
  double    sum   = 0.0;
  assert_int_equal(fal_bands_new(&bands, x, n, 48000.0), FAL_OK);
  for (uint32_t b = 0U; b < FAL_N_BANDS; ++b) {
    fal_bands_take(bands, y, b);
    sum += energy(y, n);
  }
  assert_true(fabs(sum / energy(x, n) - 1.0) < 1e-3);
  fal_bands_free(bands);
  free(x);
}

static void
test_the_number_of_bands_follows_the_rate(void** const state)
{
  (void)state;

  assert_int_equal(fal_n_bands(1000.0), 3U);
  assert_int_equal(fal_n_bands(8000.0), 6U);
  assert_int_equal(fal_n_bands(44100.0), 8U);
  assert_int_equal(fal_n_bands(48000.0), 9U);
  assert_int_equal(fal_n_bands(192000.0), 9U);
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    const float x[1]  = {1.0F};
    FalBands*   bands = NULL;
    fail_allocation(n);
    const FalStatus st = fal_bands_new(&bands, x, 1U, 11111.0);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    fal_bands_free(bands);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_tone_is_in_its_own_band_only),
    cmocka_unit_test(test_powers_of_bands_add_up),
    cmocka_unit_test(test_the_number_of_bands_follows_the_rate),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
