// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/acoustics.h"
#include "ir/decay.h"
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
#include <string.h>

static const double rate_hz = 24000.0;

/// Noise that decays by 60 dB in a time, over steady noise; n frames
static float*
decaying(const uint32_t n, const double seconds, const double noise_db,
         const uint64_t seed)
{
  float* const x = (float*)malloc(2U * n * sizeof(float));
  assert_non_null(x);
  ref_noise(x, 2U * (size_t)n, seed);
  const double floor_gain = pow(10.0, noise_db / 20.0);
  for (uint32_t t = 0U; t < n; ++t) {
    const double gain = pow(10.0, -3.0 * t / rate_hz / seconds);
    x[t]              = (float)(x[t] * gain + x[n + t] * floor_gain);
  }
  return x;
}

static void
test_the_line_and_the_noise_are_found(void** const state)
{
  (void)state;

  for (double seconds = 0.2; seconds < 4.0; seconds *= 1.7) {
    for (double noise_db = -80.0; noise_db <= -30.0; noise_db += 10.0) {
      const uint32_t n =
        (uint32_t)(rate_hz * seconds * (-noise_db / 60.0 + 0.7));
      float* const x = decaying(n, seconds, noise_db, (uint64_t)(n + noise_db));
      FalDecay     decay;
      assert_int_equal(fal_decay_fit(&decay, x, n, rate_hz), FAL_OK);
      assert_true(decay.is_valid);

      // Uniform noise from -1 to 1 has a power of 1/3
      const double power_db = 10.0 * log10(1.0 / 3.0);
      const double knee     = -noise_db / 60.0 * seconds * rate_hz;
      assert_true(fabs(decay.slope_db_s * seconds / -60.0 - 1.0) < 0.06);
      assert_true(fabs(decay.noise_db - noise_db - power_db) < 1.0);
      assert_true(fabs(decay.start_db - power_db) < 2.5);
      assert_true(fabs(decay.knee / knee - 1.0) < 0.06);
      free(x);
    }
  }
}

static void
test_without_noise_the_decay_goes_to_the_end(void** const state)
{
  (void)state;

  // Cut off 30 dB down
  float* const x = decaying(12000U, 1.0, -300.0, 2U);
  FalDecay     decay;
  assert_int_equal(fal_decay_fit(&decay, x, 12000U, rate_hz), FAL_OK);
  assert_true(decay.is_valid);
  assert_true(fabs(decay.slope_db_s / -60.0 - 1.0) < 0.1);
  assert_true(decay.knee > 10000U);
  free(x);
}

static void
test_what_does_not_decay_has_no_line(void** const state)
{
  (void)state;

  for (uint32_t n = 0U; n < 3000U; n = n * 3U + 1U) {
    float    x[3000];
    FalDecay decay = {.is_valid = true};
    ref_noise(x, 3000U, n);
    assert_int_equal(fal_decay_fit(&decay, x, n, rate_hz), FAL_OK);
    assert_false(decay.is_valid);

    memset(x, 0, sizeof(x));
    assert_int_equal(fal_decay_fit(&decay, x, n, rate_hz), FAL_OK);
    assert_false(decay.is_valid);
  }
}

static void
test_reverberation_times_are_right_in_spite_of_noise(void** const state)
{
  (void)state;

  static const double noises_db[] = {-300.0, -60.0, -50.0};
  for (double seconds = 0.3; seconds < 3.0; seconds *= 2.9) {
    for (size_t i = 0U; i < 3U; ++i) {
      const uint32_t n     = (uint32_t)(rate_hz * seconds * 2.0);
      float* const   x     = decaying(n, seconds, noises_db[i], n + i);
      uint32_t       n_got = 0U;
      FalMeasures    m[FAL_N_MEASURES];
      assert_int_equal(fal_acoustics_measure(m, &n_got, x, n, 0U, rate_hz),
                       FAL_OK);
      assert_int_equal(n_got, 9U);
      for (uint32_t b = 0U; b < n_got; ++b) {
        assert_true(m[b].has_energy);
        assert_true(m[b].centre_hz == (b ? fal_band_hz(b - 1U) : 0.0));
        if (m[b].centre_hz > 0.0 && m[b].centre_hz < 900.0) {
          continue; // Too few independent samples for a bound
        }
        assert_true(m[b].t20.is_valid);
        assert_true(m[b].t30.is_valid || noises_db[i] > -55.0);
        assert_true(fabs(m[b].t30.seconds / seconds - 1.0) < 0.06);
        assert_true(fabs(m[b].t20.seconds / seconds - 1.0) < 0.08);
        assert_true(fabs(m[b].edt.seconds / seconds - 1.0) < 0.25);

        // The energy before a time of an exponential decay
        const double fall  = 6.0 * log(10.0) / seconds;
        const double early = 1.0 - exp(-0.08 * fall);
        const double c80   = 10.0 * log10(early / (1.0 - early));
        assert_true(fabs(m[b].c80_db - c80) < 1.5);
        const double half = 1.0 - exp(-0.05 * fall);
        const double c50  = 10.0 * log10(half / (1.0 - half));
        assert_true(fabs(m[b].c50_db - c50) < 1.5);
        assert_true(fabs(m[b].d50 - half) < 0.08);
      }
      free(x);
    }
  }
}

static void
test_a_decay_that_is_cut_off_counts_as_if_it_went_on(void** const state)
{
  (void)state;

  // 28 dB of a decay of 1 s: without what lies beyond, the curve bends down
  for (uint64_t seed = 0U; seed < 5U; ++seed) {
    const uint32_t n     = (uint32_t)(rate_hz * 28.0 / 60.0);
    float* const   x     = decaying(n, 1.0, -300.0, seed);
    uint32_t       n_got = 0U;
    FalMeasures    m[FAL_N_MEASURES];
    assert_int_equal(fal_acoustics_measure(m, &n_got, x, n, 0U, rate_hz),
                     FAL_OK);
    assert_true(fabs(m[0].t20.seconds - 1.0) < 0.04);
    free(x);
  }
}

static void
test_what_cannot_be_known_is_not_called_valid(void** const state)
{
  (void)state;

  // 30 dB of decay give no T30, and no T20 that deserves the name
  FalMeasures  m[FAL_N_MEASURES];
  uint32_t     n_got = 0U;
  float* const x     = decaying(36000U, 1.0, -30.0, 1U);
  assert_int_equal(fal_acoustics_measure(m, &n_got, x, 36000U, 0U, rate_hz),
                   FAL_OK);
  assert_true(m[0].edt.is_valid);
  assert_false(m[0].t20.is_valid);
  assert_false(m[0].t30.is_valid);

  memset(x, 0, 36000U * sizeof(float));
  assert_int_equal(fal_acoustics_measure(m, &n_got, x, 36000U, 0U, rate_hz),
                   FAL_OK);
  for (uint32_t b = 0U; b < n_got; ++b) {
    assert_false(m[b].has_energy);
    assert_false(m[b].t20.is_valid);
  }
  free(x);
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  float* const x      = decaying(3000U, 0.1, -70.0, 4U);
  bool         failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    uint32_t    n_got = 0U;
    FalMeasures m[FAL_N_MEASURES];
    fail_allocation(n);
    const FalStatus st =
      fal_acoustics_measure(m, &n_got, x, 3000U, 0U, 12345.0);
    failed = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_line_and_the_noise_are_found),
    cmocka_unit_test(test_without_noise_the_decay_goes_to_the_end),
    cmocka_unit_test(test_what_does_not_decay_has_no_line),
    cmocka_unit_test(test_reverberation_times_are_right_in_spite_of_noise),
    cmocka_unit_test(test_a_decay_that_is_cut_off_counts_as_if_it_went_on),
    cmocka_unit_test(test_what_cannot_be_known_is_not_called_valid),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
