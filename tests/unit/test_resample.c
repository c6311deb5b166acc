// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/resample.h"
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

// Singles round at -150 dB, and soxr works with 28 bits (-168 dB)
#define FLOAT_DB (-140.0)

static const double PI = 3.14159265358979323846;

static const double rates_hz[][2] = {
  {44100.0, 48000.0},  {48000.0, 44100.0},  {96000.0, 48000.0},
  {48000.0, 192000.0}, {8000.0, 48000.0},   {48000.0, 48007.0},
  {44100.0, 88200.0},  {192000.0, 44100.0}, {1000.0, 1536000.0},
};

#define N_RATES (sizeof(rates_hz) / sizeof(rates_hz[0]))

/// How far y is from a tone, away from the edges, in dB
static double
tone_error_db(const float* const y, const size_t n, const size_t edge,
              const double frequency_hz, const double rate_hz,
              const double level)
{
  double error = 0.0;
  for (size_t t = edge; t + edge < n; ++t) {
    const double phase = 2.0 * PI * frequency_hz * (double)t / rate_hz;
    const double e     = (double)y[t] - level * sin(phase + 1.0);
    error += e * e;
  }
  return 10.0 * log10(2.0 * error / (double)(n - 2U * edge) + 1e-40);
}

/// The error of a resampled tone against what is left of it: `level`
static double
error_of_tone_db(const double from_hz, const double to_hz,
                 const double frequency_hz, const double level)
{
  const double low_hz = fmin(from_hz, to_hz);
  const double span_s = 2000.0 / low_hz;
  const size_t n      = (size_t)(span_s * from_hz);
  const size_t n_out  = fal_resampled_frames(n, from_hz, to_hz);
  float* const x      = ref_floats(n);
  float* const y      = ref_floats(n_out);
  for (size_t t = 0U; t < n; ++t) {
    x[t] = (float)sin(2.0 * PI * frequency_hz * (double)t / from_hz + 1.0);
  }

  assert_int_equal(fal_resample(y, x, n, from_hz, to_hz), FAL_OK);
  const double db = tone_error_db(y, n_out, (size_t)(500.0 * to_hz / low_hz),
                                  frequency_hz, to_hz, level);
  free(y);
  free(x);
  return db;
}

static void
test_a_tone_keeps_its_level_and_its_time(void** const state)
{
  (void)state;
  for (size_t i = 0U; i < N_RATES; ++i) {
    const double low_hz = fmin(rates_hz[i][0], rates_hz[i][1]);
    for (double part = 0.01; part < 0.45; part += 0.1) {
      assert_true(error_of_tone_db(rates_hz[i][0], rates_hz[i][1],
                                   part * low_hz, 1.0) < FLOAT_DB);
    }
  }
}

static void
test_what_the_new_rate_cannot_hold_is_removed(void** const state)
{
  (void)state;
  for (size_t i = 0U; i < N_RATES; ++i) {
    if (rates_hz[i][1] < 0.9 * rates_hz[i][0]) {
      for (double hz = 0.505 * rates_hz[i][1]; hz < 0.5 * rates_hz[i][0];
           hz += 1007.0) {
        assert_true(error_of_tone_db(rates_hz[i][0], rates_hz[i][1], hz, 0.0) <
                    FLOAT_DB);
      }
    }
  }
}

static void
test_a_ratio_of_some_ppm_stays_in_step(void** const state)
{
  (void)state;

  const double from_hz = 48000.0;
  const double to_hz   = from_hz * (1.0 + 145e-6);
  const size_t n       = 60U * 48000U;
  const size_t n_out   = fal_resampled_frames(n, from_hz, to_hz);
  float* const x       = ref_floats(n);
  float* const y       = ref_floats(n_out);
  for (size_t t = 0U; t < n; ++t) {
    x[t] = (float)sin(2.0 * PI * 1000.0 * (double)t / from_hz + 1.0);
  }

  assert_int_equal(fal_resample(y, x, n, from_hz, to_hz), FAL_OK);
  assert_true(tone_error_db(y, n_out, 1000U, 1000.0, to_hz, 1.0) < FLOAT_DB);
  free(y);
  free(x);
}

static void
test_the_length_follows_the_time(void** const state)
{
  (void)state;
  assert_int_equal(fal_resampled_frames(441U, 44100.0, 48000.0), 480U);
  assert_int_equal(fal_resampled_frames(442U, 44100.0, 48000.0), 482U);
  assert_int_equal(fal_resampled_frames(1U, 48000.0, 8000.0), 1U);
  assert_int_equal(fal_resampled_frames(480U, 48000.0, 44100.0), 441U);
}

static void
test_every_frame_is_written_even_of_the_shortest(void** const state)
{
  (void)state;
  for (size_t i = 0U; i < N_RATES; ++i) {
    for (size_t n = 1U; n < 40U; n += 1U + n / 4U) {
      const size_t n_out =
        fal_resampled_frames(n, rates_hz[i][0], rates_hz[i][1]);
      float* const x = ref_new_noise(n, n);
      float* const y = ref_floats(n_out + 1U);
      for (size_t t = 0U; t <= n_out; ++t) {
        y[t] = 1e30F;
      }

      assert_int_equal(fal_resample(y, x, n, rates_hz[i][0], rates_hz[i][1]),
                       FAL_OK);
      for (size_t t = 0U; t < n_out; ++t) {
        assert_true(fabsf(y[t]) < 4.0F);
      }
      assert_true(y[n_out] == 1e30F);
      free(y);
      free(x);
    }
  }
}

static void
test_the_same_rate_copies(void** const state)
{
  (void)state;
  float* const x = ref_new_noise(100U, 3U);
  float* const y = ref_floats(100U);
  assert_int_equal(fal_resample(y, x, 100U, 44100.0, 44100.0), FAL_OK);
  assert_memory_equal(x, y, 100U * sizeof(float));
  free(y);
  free(x);
}

static void
test_impossible_rates_are_refused(void** const state)
{
  (void)state;
  const double bad[] = {0.0, -1.0, (double)NAN, (double)INFINITY};
  float        x[4]  = {0};
  float        y[4]  = {0};
  for (size_t i = 0U; i < 4U; ++i) {
    assert_int_equal(fal_resample(y, x, 4U, bad[i], 48000.0), FAL_ERR_BAD_ARG);
    assert_int_equal(fal_resample(y, x, 4U, 48000.0, bad[i]), FAL_ERR_BAD_ARG);
  }
  assert_int_equal(fal_resample(y, x, 0U, 48000.0, 44100.0), FAL_ERR_BAD_ARG);
  assert_int_equal(fal_resample(y, x, 4U, 1e-300, 1e300), FAL_ERR_BAD_ARG);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_tone_keeps_its_level_and_its_time),
    cmocka_unit_test(test_what_the_new_rate_cannot_hold_is_removed),
    cmocka_unit_test(test_a_ratio_of_some_ppm_stays_in_step),
    cmocka_unit_test(test_the_length_follows_the_time),
    cmocka_unit_test(test_every_frame_is_written_even_of_the_shortest),
    cmocka_unit_test(test_the_same_rate_copies),
    cmocka_unit_test(test_impossible_rates_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
