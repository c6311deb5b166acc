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
test_bands_add_up_to_the_response(void** const state)
{
  (void)state;

  const double rates_hz[] = {1000.0, 8000.0, 44100.0, 48000.0, 192000.0};
  for (size_t r = 0U; r < 5U; ++r) {
    for (uint32_t n = 1U; n < 20000U; n = n * 7U + 1U) {
      FalBands*    bands = NULL;
      float* const x     = (float*)malloc(3U * n * sizeof(float));
      assert_non_null(x);
      float* const y   = x + n;
      float* const sum = y + n;
      ref_noise(x, n, n);
      assert_int_equal(fal_bands_new(&bands, x, n, rates_hz[r]), FAL_OK);
      for (uint32_t t = 0U; t < n; ++t) {
        sum[t] = -x[t];
      }
      for (uint32_t b = 0U; b < fal_n_bands(rates_hz[r]); ++b) {
        fal_bands_take(bands, y, b, FAL_BANDS_SUM);
        for (uint32_t t = 0U; t < n; ++t) {
          sum[t] += y[t];
        }
      }
      // Single precision, through two transforms: -110 dB
      assert_true(energy(sum, n) < 1e-11 * energy(x, n));
      fal_bands_free(bands);
      free(x);
    }
  }
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
      fal_bands_take(bands, y, b, FAL_BANDS_POWER);
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

  enum { n = 20000 };
  float x[n];
  float y[n];
  ref_noise(x, n, 3U);
  // Only what lies within the bands: noise taken from the middle ones
  FalBands* bands = NULL;
  assert_int_equal(fal_bands_new(&bands, x, n, 48000.0), FAL_OK);
  fal_bands_take(bands, x, 5U, FAL_BANDS_SUM);
  fal_bands_free(bands);
  assert_int_equal(fal_bands_new(&bands, x, n, 48000.0), FAL_OK);
  double sum = 0.0;
  for (uint32_t b = 3U; b < 8U; ++b) {
    fal_bands_take(bands, y, b, FAL_BANDS_POWER);
    sum += energy(y, n);
  }
  assert_true(fabs(sum / energy(x, n) - 1.0) < 1e-3);
  fal_bands_free(bands);
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
    cmocka_unit_test(test_bands_add_up_to_the_response),
    cmocka_unit_test(test_a_tone_is_in_its_own_band_only),
    cmocka_unit_test(test_powers_of_bands_add_up),
    cmocka_unit_test(test_the_number_of_bands_follows_the_rate),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
