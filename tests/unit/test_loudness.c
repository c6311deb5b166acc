// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/convolve.h"
#include "ir/loudness.h"
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

/// Decaying noise, darker with time
static void
room(float* const x, const size_t n, const uint64_t seed)
{
  ref_noise(x, n, seed);
  double low = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    const double u = (double)t / (double)n;
    low += (x[t] - low) * (1.0 - 0.95 * u);
    x[t] = (float)(low * exp(-6.9 * u));
  }
}

static double
level_db(const float* const x, const uint32_t n, const double rate_hz)
{
  double         level  = 0.0;
  const FalRoute routes = {0U, 0U, n, x};
  assert_int_equal(fal_loudness_of_routes(&level, &routes, 1U, 1U, rate_hz),
                   FAL_OK);
  return 20.0 * log10(level);
}

static void
test_the_identity_is_0_db(void** const state)
{
  (void)state;

  const double rates_hz[] = {8000.0, 44100.0, 48000.0, 192000.0, 768000.0};
  for (size_t i = 0U; i < 5U; ++i) {
    const float x[3] = {0.0F, 1.0F, 0.0F};
    assert_true(fabs(level_db(x, 3U, rates_hz[i])) < 1e-4);
  }
}

static void
test_silence_around_a_response_does_not_matter(void** const state)
{
  (void)state;

  enum { n = 5000, most = 400000 };
  float* const x = (float*)calloc(most, sizeof(float));
  assert_non_null(x);
  room(x, n, 1U);
  const double home_db = level_db(x, n, 48000.0);
  for (uint32_t length = 6000U; length <= most; length += 98500U) {
    assert_true(fabs(level_db(x, length, 48000.0) - home_db) < 0.01);
  }
  memmove(x + 200000U, x, n * sizeof(float));
  memset(x, 0, n * sizeof(float));
  assert_true(fabs(level_db(x, most, 48000.0) - home_db) < 0.01);
  free(x);
}

static void
test_gain_shows_as_gain(void** const state)
{
  (void)state;

  float x[3000];
  room(x, 3000U, 2U);
  const double home_db = level_db(x, 3000U, 44100.0);
  for (size_t t = 0U; t < 3000U; ++t) {
    x[t] *= 0.1F;
  }
  assert_true(fabs(level_db(x, 3000U, 44100.0) - home_db + 20.0) < 1e-4);
}

static void
test_the_sample_rate_does_not_matter(void** const state)
{
  (void)state;

  FalAudio audio = {(float*)calloc(20000U, sizeof(float)), 1U, 20000U, 48000.0};
  assert_non_null(audio.samples);
  room(audio.samples + 2000U, 16000U, 3U);
  double home = 0.0;
  assert_int_equal(fal_loudness_of_audio(&home, &audio), FAL_OK);
  const double rates_hz[] = {96000.0, 192000.0, 88200.0};
  for (size_t i = 0U; i < 3U; ++i) {
    double       level = 0.0;
    const double from  = audio.rate_hz;
    assert_int_equal(fal_audio_resample(&audio, rates_hz[i]), FAL_OK);
    fal_audio_scale(&audio, from / rates_hz[i]);
    assert_int_equal(fal_loudness_of_audio(&level, &audio), FAL_OK);
    assert_true(fabs(20.0 * log10(level / home)) < 0.02);
  }
  fal_audio_clear(&audio);
}

/// One section of BS.1770 at 48 kHz, in place
static void
section(double* const x, const size_t n, const double* const b, const double* a)
{
  double z1 = 0.0;
  double z2 = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    const double in = x[t];
    x[t]            = b[0] * in + z1;
    z1              = b[1] * in - a[0] * x[t] + z2;
    z2              = b[2] * in - a[1] * x[t];
  }
}

/// K-weighted power in time: the filters of BS.1770-4, run over the signal
static double
weighted_power(const float* const x, const size_t n)
{
  static const double b1[] = {1.53512485958697, -2.69169618940638,
                              1.19839281085285};
  static const double a1[] = {-1.69065929318241, 0.73248077421585};
  static const double b2[] = {1.0, -2.0, 1.0};
  static const double a2[] = {-1.99004745483398, 0.99007225036621};

  double* const y = (double*)malloc(n * sizeof(double));
  assert_non_null(y);
  for (size_t t = 0U; t < n; ++t) {
    y[t] = x[t];
  }
  section(y, n, b1, a1);
  section(y, n, b2, a2);
  double power = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    power += y[t] * y[t];
  }
  free(y);
  return power;
}

/// Power of pink noise a hertz
static double
pink(const double f_hz)
{
  return f_hz < 20.0 || f_hz > 20000.0 ? 0.0 : 1.0 / f_hz;
}

/// Power of speech a hertz, ITU-T P.50
static double
speech(const double f_hz)
{
  const double x = log10(f_hz);
  return f_hz < 100.0 || f_hz > 8000.0
           ? 0.0
           : pow(10.0,
                 -37.644 + 46.5439 * x - 15.7745 * x * x + 1.67124 * x * x * x);
}

/// Noise that has a period of a fifth of a second, twice
enum { n_period = 9600 };

/// Make a sum of waves, one at each whole number of periods: [2 * n_period]
static float*
draw(double (*const power)(double))
{
  const size_t  n      = n_period;
  uint64_t      random = 1U;
  double* const sums   = (double*)calloc(n, sizeof(double));
  float* const  x      = (float*)malloc(2U * n * sizeof(float));
  assert_non_null(sums);
  assert_non_null(x);
  for (size_t k = 1U; k < n / 2U; ++k) {
    const double amplitude = sqrt(power(48000.0 * (double)k / (double)n));
    const double phase =
      2.0 * M_PI * (double)(ref_random(&random) >> 11U) / 9007199254740992.0;
    const double turn = 2.0 * M_PI * (double)k / (double)n;
    const double re   = cos(turn);
    const double im   = sin(turn);
    double       c    = amplitude * cos(phase);
    double       s    = amplitude * sin(phase);
    for (size_t t = 0U; amplitude > 0.0 && t < n; ++t) {
      sums[t] += c;
      const double next = c * re - s * im;
      s                 = c * im + s * re;
      c                 = next;
    }
  }
  for (size_t t = 0U; t < n; ++t) {
    x[t] = x[t + n] = (float)sums[t];
  }
  free(sums);
  return x;
}

enum { n_ir = 1200 };

/// What a loudness meter shows with a response, over what it shows without
static double
metered_db(const float* const h, const float* const x)
{
  float* const y = (float*)malloc((2U * n_period + n_ir - 1U) * sizeof(float));
  assert_non_null(y);
  assert_int_equal(
    fal_convolve(y, x, 2U * n_period, h, n_ir, FAL_FULL, FAL_METHOD_AUTO),
    FAL_OK);

  // Steady from `n_ir` on; the meter's own start is the same for both
  const double db = 10.0 * log10(weighted_power(y + n_ir, n_period) /
                                 weighted_power(x + n_ir, n_period));
  free(y);
  return db;
}

static void
test_it_is_what_a_meter_shows_for_pink_noise_or_less_for_speech(
  void** const state)
{
  (void)state;

  float* const pink_x   = draw(pink);
  float* const speech_x = draw(speech);
  uint32_t     n_pink   = 0U;
  uint32_t     n_lowest = 0U;
  for (uint64_t seed = 0U; seed < 12U; ++seed) {
    float h[n_ir];
    room(h, n_ir, seed);
    h[0] += 3.0F * (float)(seed % 3U);
    const double pink_db  = metered_db(h, pink_x);
    const double shade_db = metered_db(h, speech_x) - pink_db;
    n_pink += shade_db > 0.0;
    n_lowest += shade_db < -0.4;
    const double db = pink_db + fmax(-0.4, fmin(0.0, shade_db));
    assert_true(fabs(level_db(h, n_ir, 48000.0) - db) < 0.05);
  }
  assert_true(n_pink && n_lowest && n_pink + n_lowest < 12U);
  free(pink_x);
  free(speech_x);
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    const float    x[1]  = {1.0F};
    double         level = 7.0;
    const FalRoute route = {0U, 0U, 1U, x};
    fail_allocation(n);
    const FalStatus st =
      fal_loudness_of_routes(&level, &route, 1U, 1U, 37000.0);
    failed = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(!failed || level == 7.0);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_identity_is_0_db),
    cmocka_unit_test(test_silence_around_a_response_does_not_matter),
    cmocka_unit_test(test_gain_shows_as_gain),
    cmocka_unit_test(test_the_sample_rate_does_not_matter),
    cmocka_unit_test(
      test_it_is_what_a_meter_shows_for_pink_noise_or_less_for_speech),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
