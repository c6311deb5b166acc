// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  What convolution and correlation do to spectra, by the definition
  X(f) = sum over t of x[t] exp(-2 pi i f t), f in cycles per frame.
*/

#include "core/correlate.h"
#include "core/resample.h"
#include "tests/law/ways.h"

#include <complex.h>

#define N_SEEDS 25U
#define N_FREQUENCIES 10U

typedef double complex Complex;

static Complex
spectrum(const float* const x, const size_t n, const double frequency)
{
  Complex sum = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    sum += (double)x[t] * cexp(-2.0 * I * M_PI * frequency * (double)t);
  }
  return sum;
}

/// The level that a spectrum has where nothing adds up: the root of the energy
static double
level(const float* const x, const size_t n)
{
  double energy = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    energy += (double)x[t] * (double)x[t];
  }
  return sqrt(energy);
}

/// Check that y has the spectrum `expected`, up to the rounding of y
static void
assert_spectrum(const float* const y, const size_t n, const double frequency,
                const Complex expected)
{
  const double error = cabs(spectrum(y, n, frequency) - expected);
  assert_true(error <= level(y, n) * pow(10.0, (LAW_DB + 12.0) / 20.0));
}

static double
random_frequency(uint64_t* const random)
{
  return (double)ref_between(random, 0U, 1U << 20U) / (double)(1U << 21U);
}

static void
test_spectra_multiply(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    uint64_t     random = seed;
    const size_t n_x    = ref_between(&random, 1U, 700U);
    const size_t n_h    = ref_between(&random, 1U, 700U);
    float* const x      = ref_new_noise(n_x, seed + 1U);
    float* const h      = ref_new_noise(n_h, seed + 2U);
    for (uint32_t way = 0U; way < N_WAYS; ++way) {
      float* const y = law_new_convolution((Way)way, x, n_x, h, n_h);
      for (uint32_t i = 0U; i < N_FREQUENCIES; ++i) {
        const double f = random_frequency(&random);
        assert_spectrum(y, n_x + n_h - 1U, f,
                        spectrum(x, n_x, f) * spectrum(h, n_h, f));
      }
      free(y);
    }
    free(h);
    free(x);
  }
}

static void
test_a_tone_gains_what_the_spectrum_says(void** const state)
{
  (void)state;
  enum { n_h = 300, n_x = 1000 };
  const double most   = pow(10.0, LAW_DB / 20.0);
  uint64_t     random = 1U;
  float* const h      = ref_new_noise(n_h, 1U);
  float* const tone   = ref_floats(n_x);
  for (uint32_t i = 0U; i < N_FREQUENCIES; ++i) {
    const double f = random_frequency(&random);
    for (size_t t = 0U; t < n_x; ++t) {
      tone[t] = (float)cos(2.0 * M_PI * f * (double)t);
    }

    // Once all of the response has met it, a tone of this gain and phase
    const Complex gain = spectrum(h, n_h, f);
    for (uint32_t way = 0U; way < N_WAYS; ++way) {
      float* const y     = law_new_convolution((Way)way, tone, n_x, h, n_h);
      double       error = 0.0;
      for (size_t t = n_h - 1U; t < n_x; ++t) {
        const Complex turn = cexp(2.0 * I * M_PI * f * (double)t);
        const double  e    = (double)y[t] - creal(gain * turn);
        error += e * e;
      }
      assert_true(sqrt(error) < level(h, n_h) * level(tone, n_x) * most);
      free(y);
    }
  }
  free(tone);
  free(h);
}

static void
test_a_resampled_response_is_scaled_by_the_ratio_of_rates(void** const state)
{
  (void)state;

  // Noise that swells and dies away, so that nothing is cut at the edges
  enum { n = 8000 };
  const double rate_hz = 48000.0;
  float* const h       = ref_new_noise(n, 1U);
  for (size_t t = 0U; t < n; ++t) {
    const double swell = sin(M_PI * (double)t / n);
    h[t] *= (float)(swell * swell * swell * swell);
  }

  static const double others_hz[] = {44100.0, 96000.0, 32000.0};
  for (size_t i = 0U; i < 3U; ++i) {
    const double other_hz = others_hz[i];
    const size_t n_other  = fal_resampled_frames(n, rate_hz, other_hz);
    float* const other    = ref_floats(n_other);
    assert_int_equal(fal_resample(other, h, n, rate_hz, other_hz), FAL_OK);
    for (double tone_hz = 100.0; tone_hz < 14000.0; tone_hz *= 1.5) {
      const Complex now = spectrum(h, n, tone_hz / rate_hz);
      const Complex then =
        spectrum(other, n_other, tone_hz / other_hz) * rate_hz / other_hz;
      assert_true(cabs(then - now) < 1e-4 * level(h, n));
    }
    free(other);
  }
  free(h);
}

static void
test_the_cross_spectrum_turns_with_the_delay(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    uint64_t     random = seed;
    const size_t n      = ref_between(&random, 1U, 700U);
    const size_t late   = ref_between(&random, 0U, 300U);
    float* const a      = ref_new_noise(n, seed + 1U);
    float* const b      = ref_floats(n + late);
    memcpy(b + late, a, n * sizeof(float));

    // a and b correlate to what has the spectrum conj(A) B, from lag 1 - n on
    const size_t n_r  = 2U * n + late - 1U;
    float* const r    = ref_floats(n_r);
    FalPair      pair = {a, b, n, n + late, 0, 0, false};
    fal_pair_set_lags(&pair, FAL_FULL);
    assert_int_equal(fal_correlate(r, &pair), FAL_OK);
    for (uint32_t i = 0U; i < N_FREQUENCIES; ++i) {
      const double  f     = random_frequency(&random);
      const Complex cross = conj(spectrum(a, n, f)) * spectrum(b, n + late, f);
      const Complex turn  = cexp(-2.0 * I * M_PI * f * (double)late);
      const double  power = creal(cross * conj(turn));
      assert_true(cabs(cross - power * turn) <= 1e-9 * level(r, n_r));
      assert_spectrum(r, n_r, f,
                      cross * cexp(-2.0 * I * M_PI * f * (double)(n - 1U)));
    }
    free(r);
    free(b);
    free(a);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_spectra_multiply),
    cmocka_unit_test(test_a_tone_gains_what_the_spectrum_says),
    cmocka_unit_test(test_a_resampled_response_is_scaled_by_the_ratio_of_rates),
    cmocka_unit_test(test_the_cross_spectrum_turns_with_the_delay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
