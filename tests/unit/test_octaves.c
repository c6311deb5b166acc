// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/bands.h"
#include "ir/octaves.h"
#include "tests/failing.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <complex.h>
#include <math.h>

/// What a band has of a frequency, after octaves.h
static double
weight(const uint32_t band, const uint32_t n_bands, const double f_hz)
{
  const double above = log2(f_hz / fal_band_hz(band)) + 0.5;
  const double below = 1.0 - above;
  return (band ? fal_band_share(above) : 1.0) *
         (band + 1U < n_bands ? fal_band_share(below) : 1.0);
}

/// Take a band out by sums in double precision; `size` frames go round
static double*
take_slowly(const float* const x, const uint32_t n, const uint32_t size,
            const double rate_hz, const uint32_t band)
{
  double* const y = ref_doubles(size);
  for (uint32_t k = 0U; k <= size / 2U; ++k) {
    const double   f_hz = (double)k * rate_hz / size;
    const double   w    = k ? weight(band, fal_n_bands(rate_hz), f_hz) : !band;
    double complex bin  = 0.0;
    for (uint32_t t = 0U; w > 0.0 && t < n; ++t) {
      bin += (double)x[t] * cexp(-2.0 * M_PI * I * k * t / size);
    }
    bin *= w * (k && 2U * k < size ? 2.0 : 1.0) / size;
    for (uint32_t t = 0U; w > 0.0 && t < size; ++t) {
      y[t] += creal(bin * cexp(2.0 * M_PI * I * k * t / size));
    }
  }
  return y;
}

static void
test_a_band_is_what_the_definition_says(void** const state)
{
  (void)state;

  enum { n = 700 };
  const double rates_hz[] = {1000.0, 3000.0, 8000.0};
  float* const x          = ref_new_noise(n, 1U);
  for (size_t r = 0U; r < 3U; ++r) {
    const uint32_t n_bands = fal_n_bands(rates_hz[r]);
    FalOctaves*    octaves = NULL;
    uint32_t       size    = 0U;
    assert_int_equal(fal_octaves_new(&octaves, n, rates_hz[r]), FAL_OK);
    (void)fal_octaves_noise(octaves, n_bands - 1U, 1U, &size);
    for (uint32_t b = 0U; b < n_bands; ++b) {
      const uint32_t step     = fal_octaves_step(octaves, b);
      const uint32_t n_y      = fal_octaves_samples(octaves, b);
      double* const  slow     = take_slowly(x, n, size, rates_hz[r], b);
      double* const  expected = ref_doubles(n_y);
      float* const   y        = ref_floats(n_y);
      for (uint32_t t = 0U; t < n_y; ++t) {
        expected[t] = slow[t * step];
      }
      fal_octaves_split(octaves, x);
      fal_octaves_take(octaves, y, b);
      // Single precision, through two transforms
      assert_true(ref_error_db(y, expected, n_y) < -110.0);
      free(slow);
      free(expected);
      free(y);
    }
    fal_octaves_free(octaves);
  }
  free(x);
}

static void
test_what_is_taken_out_can_be_put_together_again(void** const state)
{
  (void)state;

  enum { n = 30000 };
  const double  rate_hz = 48000.0;
  const double  width   = 3000.0; // Frames: narrow in frequency, soon silent
  float* const  x       = ref_floats(n);
  float* const  y       = ref_floats(2U * n);
  double* const sum     = ref_doubles(n);
  FalOctaves*   octaves = NULL;
  assert_int_equal(fal_octaves_new(&octaves, n, rate_hz), FAL_OK);
  for (double f_hz = 40.0; f_hz < 20000.0; f_hz *= 1.9) {
    for (uint32_t t = 0U; t < n; ++t) {
      const double u = (t - 0.5 * n) / width;
      x[t]   = (float)(exp(-u * u) * sin(2.0 * M_PI * f_hz * t / rate_hz));
      sum[t] = (double)x[t];
    }
    // Band by band, as two objects that do not touch one another would
    float* const z = ref_floats(n);
    for (uint32_t b = 0U; b < fal_n_bands(rate_hz); ++b) {
      fal_octaves_split(octaves, x);
      fal_octaves_take(octaves, y, b);
      fal_octaves_begin(octaves);
      fal_octaves_add(octaves, y, b);
      fal_octaves_join(octaves, y);
      for (uint32_t t = 0U; t < n; ++t) {
        z[t] += y[t];
      }
    }
    assert_true(ref_error_db(z, sum, n) < -100.0); // -108 dB at the ends of x
    free(z);
  }
  fal_octaves_free(octaves);
  free(x);
  free(y);
  free(sum);
}

static void
test_noise_goes_round_within_its_band(void** const state)
{
  (void)state;

  FalOctaves* octaves = NULL;
  assert_int_equal(fal_octaves_new(&octaves, 48000U, 48000.0), FAL_OK);
  for (uint32_t b = 0U; b < 9U; ++b) {
    uint32_t           period = 0U;
    const float* const z      = fal_octaves_noise(octaves, b, 7U, &period);
    const uint32_t     step   = fal_octaves_step(octaves, b);
    double             power  = 0.0;
    double             slope  = 0.0;
    for (uint32_t t = 0U; t < period; ++t) {
      const double d = (double)z[t] - (double)z[t ? t - 1U : period - 1U];
      power += (double)z[t] * (double)z[t];
      slope += d * d;
    }
    // The mean of |1 - exp(i w)|^2 over the band's frequencies
    const double high_hz = b + 1U < 9U ? fal_band_hz(b) * M_SQRT2 : 24000.0;
    const double low_hz  = b ? fal_band_hz(b) * M_SQRT1_2 : 0.0;
    const double w0      = 2.0 * M_PI * low_hz * step / 48000.0;
    const double w1      = 2.0 * M_PI * high_hz * step / 48000.0;
    const double mean    = 2.0 - 2.0 * (sin(w1) - sin(w0)) / (w1 - w0);
    // 90 bins in the lowest band
    assert_true(fabs(slope / power / mean - 1.0) < 0.2);
  }
  fal_octaves_free(octaves);
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalOctaves* octaves = NULL;
    fail_allocation(n);
    const FalStatus st = fal_octaves_new(&octaves, 100U, 11111.0);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    fal_octaves_free(octaves);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_band_is_what_the_definition_says),
    cmocka_unit_test(test_what_is_taken_out_can_be_put_together_again),
    cmocka_unit_test(test_noise_goes_round_within_its_band),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
