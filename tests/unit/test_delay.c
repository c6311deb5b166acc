// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"
#include "core/recording.h"
#include "core/status.h"
#include "tests/continuous.h"
#include "tests/thin.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 16000.0

static void
add(float* const x, const float* const y)
{
  for (uint32_t t = 0U; t < N_FRAMES; ++t) {
    x[t] += y[t];
  }
}

static FalDelayPair
make_pair(const float* const* const a, const float* const* const b)
{
  const FalDelayPair pair = {
    .a         = fal_recording_in_memory(a, 1U, N_FRAMES),
    .b         = fal_recording_in_memory(b, 1U, N_FRAMES),
    .rate_hz   = RATE_HZ,
    .channel_a = FAL_ANY_CHANNEL,
    .channel_b = FAL_ANY_CHANNEL,
  };
  return pair;
}

static FalDelay
estimate(const float* const a, const float* const b)
{
  FalDelay           delay = {0};
  const FalDelayPair pair  = make_pair(&a, &b);
  assert_int_equal(fal_delay_estimate(&delay, &pair), FAL_OK);
  return delay;
}

static void
test_a_positive_delay_means_that_b_is_late(void** const state)
{
  (void)state;
  Noise* const   noise = new_noise(1U);
  float* const   a     = record(noise, 0.0, 0.0, 1.0);
  float* const   b     = record(noise, 321.0, 0.0, 1.0);
  const FalDelay d     = estimate(a, b);
  // Equal samples: nothing but rounding is left
  assert_true(fabs(d.seconds * RATE_HZ - 321.0) < 1e-6);
  assert_false(d.no_match);
  assert_false(d.inverted);
  assert_true(d.drift_ppm == 0.0);
  free(a);
  free(b);
  free(noise);
}

static void
test_a_recording_is_not_late_against_itself(void** const state)
{
  (void)state;
  for (uint32_t seed = 1U; seed < 6U; ++seed) {
    Noise* const   noise = new_noise(seed);
    float* const   a     = record(noise, 0.0, 0.0, 1.0);
    const FalDelay d     = estimate(a, a);
    assert_true(d.seconds == 0.0);
    assert_true(d.drift_ppm == 0.0);
    free(a);
    free(noise);
  }
}

static void
test_fractions_are_found_in_clean_pairs(void** const state)
{
  (void)state;
  for (uint32_t seed = 0U; seed < 12U; ++seed) {
    const double   delay = -3000.0 + 531.37 * seed;
    Noise* const   noise = new_noise(seed);
    float* const   a     = record(noise, 0.0, 0.0, 1.0);
    float* const   b     = record(noise, delay, 0.0, seed % 2U ? -0.3 : 1.0);
    const FalDelay d     = estimate(a, b);
    // Float rounding, 1e-7 of the largest bin, is all that differs
    assert_true(fabs(d.seconds * RATE_HZ - delay) < 2e-6);
    assert_int_equal(d.inverted, seed % 2U);
    assert_true(d.drift_ppm == 0.0);
    assert_true(d.confidence > 0.99);
    free(a);
    free(b);
    free(noise);
  }
}

static void
test_exchanging_the_recordings_changes_the_sign_only(void** const state)
{
  (void)state;
  for (uint32_t seed = 0U; seed < 6U; ++seed) {
    Noise* const noise = new_noise(100U + seed);
    Noise* const other = new_noise(200U + seed);
    float* const a     = record(noise, 0.0, 0.0, 1.0);
    float* const b     = record(noise, 77.7 * seed - 200.0, 0.0, 1.0);
    float* const c     = record(other, 0.0, 0.0, 1.0);
    add(b, c);
    free(c);
    const FalDelay ab = estimate(a, b);
    const FalDelay ba = estimate(b, a);
    assert_true(ab.seconds == -ba.seconds);
    assert_true(ab.confidence == ba.confidence);
    free(a);
    free(b);
    free(noise);
    free(other);
  }
}

static void
test_drift_is_a_line_and_exchanging_inverts_it(void** const state)
{
  (void)state;
  static const double drifts[] = {200e-6, -1e-6, -200e-6, 35e-6};
  for (uint32_t seed = 0U; seed < thin_count(4U, 2U); ++seed) {
    const double   delay = 411.3 * seed - 700.0;
    Noise* const   noise = new_noise(300U + seed);
    float* const   a     = record(noise, 0.0, 0.0, 1.0);
    float* const   b     = record(noise, delay, drifts[seed], 1.0);
    const FalDelay ab    = estimate(a, b);
    const FalDelay ba    = estimate(b, a);
    // Blocks smear by 0.4 frames at most, evenly to both sides
    assert_true(fabs(ab.drift_ppm * 1e-6 - drifts[seed]) * N_FRAMES < 0.005);
    assert_true(fabs(ab.seconds * RATE_HZ - delay) < 0.005);

    const double rise = 1.0 + ab.drift_ppm * 1e-6;
    assert_true(fabs(ba.seconds + ab.seconds / rise) < 1e-12);
    assert_true(fabs(ba.drift_ppm + ab.drift_ppm / rise) < 1e-9);
    free(a);
    free(b);
    free(noise);
  }
}

static void
test_in_noise_the_error_is_near_the_bound(void** const state)
{
  (void)state;
  static const double snr_db[] = {20.0, 0.0, -5.0};
  enum { N_SEEDS = 12 };
  for (uint32_t s = 0U; s < 3U; ++s) {
    double       sum   = 0.0;
    double       bound = 0.0;
    const double snr   = pow(10.0, snr_db[s] / 10.0);
    for (uint32_t seed = 0U; seed < N_SEEDS; ++seed) {
      const double delay   = 100.25 * seed - 500.0;
      Noise* const noise   = new_noise(400U + seed);
      float* const a       = record(noise, 0.0, 0.0, 1.0);
      float* const b       = record(noise, delay, 0.0, 1.0);
      float* const both[2] = {a, b};
      for (uint32_t i = 0U; i < 2U; ++i) {
        Noise* const own = new_noise(500U + 2U * seed + i);
        float* const x   = record(own, 0.0, 0.0, 1.0 / sqrt(snr));
        add(both[i], x);
        free(x);
        free(own);
      }
      const FalDelay d     = estimate(a, b);
      const double   error = d.seconds * RATE_HZ - delay;
      sum += error * error;

      // Flat to EDGE cycles a frame (Knapp and Carter 1976)
      const double ratio = snr * snr / (1.0 + 2.0 * snr);
      bound += 3.0 / (8.0 * M_PI * M_PI * (N_FRAMES - fabs(delay)) * ratio *
                      pow(EDGE, 3.0));
      free(a);
      free(b);
      free(noise);
    }
    // Of 12 squares with the bound's variance, one sum in 10^5 is above 3.9
    assert_true(sum / bound < 3.9);
    assert_true(sum / bound > 0.05);
  }
}

static void
test_unrelated_recordings_and_silence_do_not_match(void** const state)
{
  (void)state;
  float* const silence = (float*)calloc(N_FRAMES, sizeof(float));
  for (uint32_t seed = 0U; seed < 6U; ++seed) {
    Noise* const one = new_noise(600U + seed);
    Noise* const two = new_noise(700U + seed);
    float* const a   = record(one, 0.0, 0.0, 1.0);
    float* const b   = record(two, 0.0, 0.0, 1.0);
    FalDelay     d   = estimate(a, b);
    assert_true(d.no_match);
    assert_true(d.confidence < 0.5);
    d = estimate(a, silence);
    assert_true(d.no_match);
    assert_true(d.confidence < 0.5);
    free(a);
    free(b);
    free(one);
    free(two);
  }
  const FalDelay d = estimate(silence, silence);
  assert_true(d.no_match);
  free(silence);
}

static FalDelay
estimate_parts(const float* const a, const uint32_t n_a, const float* const b,
               const uint32_t n_b)
{
  FalDelay     delay = {0};
  FalDelayPair pair  = make_pair(&a, &b);
  pair.a             = fal_recording_in_memory(&a, 1U, n_a);
  pair.b             = fal_recording_in_memory(&b, 1U, n_b);
  assert_int_equal(fal_delay_estimate(&delay, &pair), FAL_OK);
  return delay;
}

static void
test_silence_around_a_recording_tells_nothing(void** const state)
{
  (void)state;
  Noise* const noise = new_noise(4U);
  float* const x     = record(noise, 0.0, 0.0, 1.0);
  float* const y     = record(noise, 37.0, 50.0, 1.0);
  float* const b     = (float*)calloc(2U * N_FRAMES, sizeof(float));
  for (uint32_t before = 0U; before < 20000U; before += 6666U) {
    memset(b, 0, 2U * N_FRAMES * sizeof(float));
    memcpy(b + before, y, N_FRAMES * sizeof(float));
    const FalDelay plain = estimate(x, y);
    const FalDelay d     = estimate_parts(x, N_FRAMES, b, 2U * N_FRAMES);
    assert_true(fabs(d.seconds - plain.seconds - before / RATE_HZ) < 1e-14);
    assert_true(d.drift_ppm == plain.drift_ppm);
    assert_true(d.confidence == plain.confidence);

    const FalDelay back = estimate_parts(b, 2U * N_FRAMES, x, N_FRAMES);
    const double   rise = 1.0 + d.drift_ppm * 1e-6;
    assert_true(fabs(back.seconds + d.seconds / rise) < 1e-12);
    assert_true(fabs(back.start_s - before / RATE_HZ -
                     (d.start_s * rise + plain.seconds)) < 1e-9);
  }
  free(x);
  free(y);
  free(b);
  free(noise);
}

static void
test_a_soft_part_is_found_in_a_loud_recording(void** const state)
{
  (void)state;
  for (uint32_t seed = 30U; seed < 30U + thin_count(4U, 1U); ++seed) {
    Noise* const one = new_noise(seed);
    Noise* const two = new_noise(seed + 100U);
    float* const a   = record(one, 0.0, 0.0, 0.003);
    float* const b   = record(two, 0.0, 0.0, 1.0);
    memcpy(b + 20000U, a, 8000U * sizeof(float));
    const FalDelay d = estimate_parts(a, 8000U, b, N_FRAMES);
    assert_false(d.no_match);
    assert_true(fabs(d.seconds * RATE_HZ - 20000.0) < 1e-3);
    free(a);
    free(b);
    free(one);
    free(two);
  }
}

static void
test_where_frames_are_dropped_the_start_counts(void** const state)
{
  (void)state;
  for (uint32_t seed = 40U; seed < 40U + thin_count(4U, 1U); ++seed) {
    Noise* const   noise = new_noise(seed);
    float* const   a     = record(noise, 0.0, 0.0, 1.0);
    float* const   b     = record(noise, 100.0, 0.0, 1.0);
    const uint32_t at    = N_FRAMES * 2U / 5U; // The longer part comes later
    const uint32_t lost  = 1500U;
    memmove(b + at, b + at + lost, (N_FRAMES - at - lost) * sizeof(float));
    FalDelay d = estimate_parts(a, N_FRAMES, b, N_FRAMES - lost);
    assert_false(d.no_match);
    assert_true(fabs(d.seconds * RATE_HZ - 100.0) < 1e-3);
    assert_true(fabs(d.change_s * RATE_HZ - (at - 100.0)) < 3000.0);
    d = estimate_parts(b, N_FRAMES - lost, a, N_FRAMES);
    assert_true(fabs(d.seconds * RATE_HZ + 100.0) < 1e-3);
    free(a);
    free(b);
    free(noise);
  }
}

static void
test_of_an_endless_loop_no_delay_is_sure(void** const state)
{
  (void)state;
  Noise* const noise = new_noise(50U);
  float* const x     = record(noise, 0.0, 0.0, 1.0);
  for (uint32_t t = 8000U; t < N_FRAMES; ++t) {
    x[t] = x[t - 8000U];
  }
  const FalDelay d =
    estimate_parts(x, N_FRAMES - 8000U, x + 3000U, N_FRAMES - 8000U);
  const double periods = (d.seconds * RATE_HZ + 3000.0) / 8000.0;
  assert_true(fabs(periods - round(periods)) < 1e-6);
  assert_true(d.confidence < 0.5);
  assert_true(d.n_candidates > 1U);
  free(x);
  free(noise);
}

static void
test_bounds_of_the_delay_are_kept(void** const state)
{
  (void)state;
  Noise* const noise = new_noise(3U);
  float* const a     = record(noise, 0.0, 0.0, 1.0);
  float* const b     = record(noise, 800.0, 0.0, 1.0);
  const float* ab[2] = {a, b};
  FalDelayPair pair  = make_pair(&ab[0], &ab[1]);
  FalDelay     d     = {0};

  pair.min_s = 0.04;
  pair.max_s = 0.06;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_OK);
  assert_false(d.no_match);
  pair.min_s = -0.06;
  pair.max_s = -0.04;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_OK);
  assert_true(d.no_match);

  // Just outside, where what is wanted is within a peak's reach
  pair.min_s = 0.04;
  pair.max_s = (800.0 - 30.0) / RATE_HZ;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_OK);
  assert_true(d.no_match || d.seconds < pair.max_s + 1.0 / RATE_HZ);
  pair.min_s = (800.0 + 30.0) / RATE_HZ;
  pair.max_s = 0.06;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_OK);
  assert_true(d.no_match || d.seconds > pair.min_s - 1.0 / RATE_HZ);
  free(a);
  free(b);
  free(noise);
}

static void
test_each_method_finds_a_clear_delay(void** const state)
{
  (void)state;
  static const FalDelayMethod methods[] = {FAL_DELAY_AUTO, FAL_DELAY_XCORR,
                                           FAL_DELAY_PHAT, FAL_DELAY_SCOT,
                                           FAL_DELAY_ROTH, FAL_DELAY_ML};
  Noise* const                noise     = new_noise(4U);
  float* const                a         = record(noise, 0.0, 0.0, 1.0);
  float* const                b         = record(noise, -123.4, 0.0, 1.0);
  const float*                ab[2]     = {a, b};
  for (uint32_t i = 0U; i < 6U; ++i) {
    FalDelayPair pair = make_pair(&ab[0], &ab[1]);
    FalDelay     d    = {0};
    pair.method       = methods[i];
    pair.beta         = 0.8;
    pair.high_hz      = EDGE * RATE_HZ;
    assert_int_equal(fal_delay_estimate(&d, &pair), FAL_OK);
    assert_false(d.no_match);
    // Windows of 4096 misaligned by 0.4 frames: some 6e-4 a bin, over the root
    // of 1e4 bins, and a plain correlation has the material's own weights
    assert_true(fabs(d.seconds * RATE_HZ + 123.4) < 1e-3);
  }
  free(a);
  free(b);
  free(noise);
}

static void
test_bad_arguments_are_refused(void** const state)
{
  (void)state;
  const float  x[16] = {0.0f};
  const float* xs[1] = {x};
  FalDelay     d     = {0};

  FalDelayPair pair = make_pair(xs, xs);
  pair.rate_hz      = 0.0;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_ERR_BAD_ARG);
  pair       = make_pair(xs, xs);
  pair.min_s = 1.0;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_ERR_BAD_ARG);
  pair           = make_pair(xs, xs);
  pair.channel_a = 1U;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_ERR_BAD_ARG);
  pair            = make_pair(xs, xs);
  pair.a.n_frames = 0U;
  assert_int_equal(fal_delay_estimate(&d, &pair), FAL_ERR_BAD_ARG);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_positive_delay_means_that_b_is_late),
    cmocka_unit_test(test_a_recording_is_not_late_against_itself),
    cmocka_unit_test(test_fractions_are_found_in_clean_pairs),
    cmocka_unit_test(test_exchanging_the_recordings_changes_the_sign_only),
    cmocka_unit_test(test_drift_is_a_line_and_exchanging_inverts_it),
    cmocka_unit_test(test_in_noise_the_error_is_near_the_bound),
    cmocka_unit_test(test_unrelated_recordings_and_silence_do_not_match),
    cmocka_unit_test(test_silence_around_a_recording_tells_nothing),
    cmocka_unit_test(test_a_soft_part_is_found_in_a_loud_recording),
    cmocka_unit_test(test_where_frames_are_dropped_the_start_counts),
    cmocka_unit_test(test_of_an_endless_loop_no_delay_is_sure),
    cmocka_unit_test(test_bounds_of_the_delay_are_kept),
    cmocka_unit_test(test_each_method_finds_a_clear_delay),
    cmocka_unit_test(test_bad_arguments_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
