// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/chance.h"
#include "core/find.h"
#include "core/found.h"
#include "core/recording.h"
#include "core/sinc.h"
#include "tests/reference.h"
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

/// Taps on each side of what delays by fractions
#define REACH 64U

/// Noise up to 0.4 cycles a frame, which a delay of fractions does not harm
static float*
new_smooth_noise(const size_t n, const uint64_t seed)
{
  float* const white = ref_new_noise(n + 64U, seed);
  float* const x     = ref_floats(n);
  for (size_t t = 0U; t < n; ++t) {
    double sum = 0.0;
    for (int32_t k = -32; k < 32; ++k) {
      const double u = 0.7 * (k + 0.5);
      const double w = 0.5 + 0.5 * cos(M_PI * (k + 0.5) / 32.0);
      sum += (double)white[t + (size_t)(k + 32)] * w * sin(M_PI * u) / u;
    }
    x[t] = (float)(0.5 * sum);
  }
  free(white);
  return x;
}

/// Add gain * c, its first frame at a time between frames
static void
plant(float* const x, const float* const c, const size_t n_clip,
      const double time, const double gain)
{
  const double whole = floor(time);
  double       taps[2U * REACH];
  fal_sinc_taps(taps, REACH, time - whole);
  for (size_t t = 0U; t < n_clip; ++t) {
    float* const to =
      x + (ptrdiff_t)whole + (ptrdiff_t)t + 1 - (ptrdiff_t)REACH;
    for (size_t i = 0U; i < 2U * REACH; ++i) {
      to[i] += (float)(gain * taps[i] * (double)c[t]);
    }
  }
}

static FalFinds
find(const float* const c, const uint32_t n_clip, const float* const x,
     const uint64_t n_x, const double threshold, const double false_alarms)
{
  const FalFindRequest request = {
    .clip         = c,
    .n_clip       = n_clip,
    .recording    = fal_recording_in_memory(&x, 1U, n_x),
    .threshold    = threshold,
    .false_alarms = false_alarms,
  };
  FalFinds finds = {.at = NULL};
  assert_int_equal(fal_find(&finds, &request), FAL_OK);
  return finds;
}

static void
test_every_copy_is_found_to_a_fraction_of_a_frame(void** const state)
{
  (void)state;
  enum { N_CLIP = 3000, N_X = 200000, N_COPIES = 9 };
  float* const c = new_smooth_noise(N_CLIP, 1U);
  float* const x = ref_floats(N_X);
  double       times[N_COPIES];
  for (size_t i = 0U; i < N_COPIES; ++i) {
    times[i] = 1000.0 + 20000.0 * (double)i + (double)i / N_COPIES;
    plant(x, c, N_CLIP, times[i], i & 1U ? -0.01 : 100.0);
  }
  FalFinds finds = find(c, N_CLIP, x, N_X, 0.9, 0.0);
  assert_int_equal(finds.n, N_COPIES);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    // Both interpolations err by -118 dB; the ends of a copy, which ring where
    // the clip is cut, count for a few frames of all
    assert_true(fabs(finds.at[i].frame - times[i]) < 1e-3);
    assert_true(fabs(fabs(finds.at[i].score) - 1.0) < 1e-3);
    assert_true((finds.at[i].score < 0.0) == (i & 1U));
  }
  fal_finds_clear(&finds);
  free(x);
  free(c);
}

static void
test_copies_below_noise_are_found(void** const state)
{
  (void)state;
  enum { N_CLIP = 8000, N_X = 300000, N_COPIES = 12 };
  float* const c = new_smooth_noise(N_CLIP, 1U);
  float* const x = new_smooth_noise(N_X, 2U);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    // 15 dB below: a score of 0.17, where chance has a deviation of 0.011
    // sqrt(2)
    plant(x, c, N_CLIP, 2000.0 + 24000.0 * (double)i, 0.178);
  }
  FalFinds finds = find(c, N_CLIP, x, N_X, 0.0, 1e-9);
  assert_int_equal(finds.n, N_COPIES);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    assert_true(fabs(finds.at[i].frame - 2000.0 - 24000.0 * (double)i) < 0.5);
  }
  fal_finds_clear(&finds);
  free(x);
  free(c);
}

/// Whose like chance brings often, and which sounds the same backwards
static void
test_tones_are_found_where_they_are_clear(void** const state)
{
  (void)state;
  enum { N_CLIP = 2000, N_X = 60000, N_COPIES = 5 };
  float* const c = ref_floats(N_CLIP);
  float* const x = ref_new_noise(N_X, 2U);
  for (size_t t = 0U; t < N_CLIP; ++t) {
    c[t] = (float)sin(0.13 * (double)t);
  }
  for (size_t t = 0U; t < N_X; ++t) {
    const size_t place = t % 12000U;
    x[t]               = 0.1F * x[t] +
           (place >= 5000U && place < 5000U + N_CLIP ? c[place - 5000U] : 0.0F);
  }
  FalFinds finds = find(c, N_CLIP, x, N_X, 0.0, 1e-9);
  assert_int_equal(finds.n, N_COPIES);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    const double off = finds.at[i].frame - 5000.0 - 12000.0 * (double)i;
    assert_true(fabs(off) < 12.0); // Half a period
  }
  fal_finds_clear(&finds);
  free(x);
  free(c);
}

static void
test_copies_end_to_end_are_all_found_and_the_ends_count(void** const state)
{
  (void)state;
  enum { N_CLIP = 1000, N_COPIES = 5 };
  float* const c = ref_new_noise(N_CLIP, 1U);
  float* const x = ref_floats((size_t)N_CLIP * N_COPIES);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    memcpy(x + i * N_CLIP, c, N_CLIP * sizeof(float));
  }
  FalFinds finds = find(c, N_CLIP, x, (uint64_t)N_CLIP * N_COPIES, 0.5, 0.0);
  assert_int_equal(finds.n, N_COPIES);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    assert_true(fabs(finds.at[i].frame - (double)(i * N_CLIP)) < 0.01);
  }
  fal_finds_clear(&finds);
  free(x);
  free(c);
}

/// What sounds are made of
typedef enum { WHITE, COLOURED, BLOWS } Kind;

static float*
new_sound(const Kind kind, const size_t n, const uint64_t seed)
{
  float* const x      = ref_new_noise(n, seed);
  uint64_t     random = seed;
  for (size_t t = 0U; kind == BLOWS && t < n; ++t) {
    x[t] = ref_random(&random) % 50U ? 0.001F * x[t] : 1.0F + x[t];
  }
  for (size_t t = 1U; kind == COLOURED && t < n; ++t) {
    x[t] += 0.9F * x[t - 1U];
  }
  for (size_t t = 2U; kind == BLOWS && t < n; ++t) {
    x[t] += 1.84F * x[t - 1U] - 0.9604F * x[t - 2U]; // Rings for 50 frames
  }
  return x;
}

/// Count what the score exceeds by chance, against what is foretold
static void
count_false_alarms(const Kind kind)
{
  enum { N_CLIP = 500, N_X = 200000 };
  const uint32_t n_runs = thin_count(40U, 8U);
  const double   wanted = 4.0; // A run
  size_t         n      = 0U;
  for (uint64_t seed = 0U; seed < n_runs; ++seed) {
    float* const c     = new_sound(kind, N_CLIP, 2U * seed + 1U);
    float* const x     = new_sound(kind, N_X, 2U * seed + 2U);
    FalFinds     finds = find(c, N_CLIP, x, N_X, 0.0, wanted / N_X);
    n += finds.n;
    for (size_t i = 0U; i < finds.n; ++i) {
      assert_true(finds.at[i].rate > 0.0);
      assert_true(finds.at[i].rate < (1.0 + 1e-9) * wanted / N_X);
    }
    fal_finds_clear(&finds);
    free(x);
    free(c);
  }
  // Rare events: Poisson's deviation is the root. Never more than is said, but
  // for the estimate of the frequency (15 %); less where crossings come in
  // clumps, as they do below a spectrum that falls slowly
  const double all = wanted * n_runs;
  assert_true((double)n > 0.25 * all - 3.0 * sqrt(all));
  assert_true((double)n < 1.15 * all + 3.0 * sqrt(all));
}

static void
test_false_alarms_on_white_noise_are_as_many_as_said(void** const state)
{
  (void)state;
  count_false_alarms(WHITE);
}

static void
test_false_alarms_on_coloured_noise_are_as_many_as_said(void** const state)
{
  (void)state;
  count_false_alarms(COLOURED);
}

/// Which are alike forwards, but not backwards
static void
test_false_alarms_among_blows_are_as_many_as_said(void** const state)
{
  (void)state;
  count_false_alarms(BLOWS);
}

/// Occurrences are not chance
static void
test_what_is_found_does_not_raise_the_threshold(void** const state)
{
  (void)state;
  enum { N_CLIP = 1000, N_X = 600000, N_COPIES = 10 };
  float* const c     = ref_new_noise(N_CLIP, 1U);
  float* const x     = ref_new_noise(N_X, 2U);
  FalFinds     none  = find(c, N_CLIP, x, N_X, 0.0, 1e-8);
  const double least = none.threshold;
  fal_finds_clear(&none);
  for (size_t i = 0U; i < N_COPIES; ++i) {
    for (size_t t = 0U; t < N_CLIP; ++t) {
      x[10000U + 50000U * i + t] += c[t];
    }
  }
  FalFinds finds = find(c, N_CLIP, x, N_X, 0.0, 1e-8);
  assert_int_equal(finds.n, N_COPIES);
  // A tail's scale that 29 excesses tell is uncertain by a fifth, and the
  // threshold's u has one part in three from it
  assert_true(fabs(finds.threshold / least - 1.0) < 0.1);
  fal_finds_clear(&finds);
  free(x);
  free(c);
}

/// Scores whose -ln(1 - s^2) is exponential with a mean of 0.01
static void
test_the_tail_of_chance_is_fitted(void** const state)
{
  (void)state;
  enum { N = 20000 };
  double* const highest = ref_doubles(N);
  uint64_t      random  = 1U;
  FalChance     chance  = {0.0, 0.0, 0.0, 0.0};
  for (size_t i = 0U; i < N; ++i) {
    const double u = ((double)(ref_random(&random) >> 11U) + 1.0) * 0x1p-53;
    highest[i]     = sqrt(-expm1(0.01 * log(u)));
  }
  fal_chance_fit(&chance, highest, N, 100.0);
  assert_true(fabs(chance.scale / 0.01 - 1.0) < 4.0 / sqrt(chance.n_above));
  assert_true(fabs(chance.rate * 100.0 * N / chance.n_above - 1.0) < 1e-9);

  double last = 0.0;
  for (double rate = chance.rate; rate > 1e-12; rate /= 10.0) {
    const double s = fal_chance_threshold(&chance, rate);
    assert_true(s > last && s < 1.0);
    assert_true(fabs(fal_chance_rate(&chance, s) / rate - 1.0) < 1e-6);
    last = s;
  }
  fal_chance_fit(&chance, highest, 0U, 100.0);
  assert_true(fal_chance_threshold(&chance, 1e-9) > 0.999);
  free(highest);
}

static void
test_of_what_overlaps_the_best_stays(void** const state)
{
  (void)state;
  FalFound found[] = {
    {90.0, 0.6, 0U, 0.0},  {0.0, 0.5, 0U, 0.0},   {180.0, -0.7, 1U, 0.0},
    {300.0, 0.4, 0U, 0.0}, {400.0, 0.4, 0U, 0.0}, {470.0, 0.3, 0U, 0.0},
  };
  // 180 beats 90, which therefore does not beat 0
  assert_int_equal(fal_found_merge(found, 6U, 100.0), 4U);
  assert_true(found[0].frame == 0.0 && found[1].frame == 180.0);
  assert_true(found[2].frame == 300.0 && found[3].frame == 400.0);
}

static void
test_a_recording_shorter_than_the_clip_has_none(void** const state)
{
  (void)state;
  float* const c     = ref_new_noise(1000U, 1U);
  FalFinds     finds = find(c, 1000U, c, 999U, 0.0, 1e-6);
  assert_int_equal(finds.n, 0U);
  fal_finds_clear(&finds);
  free(c);
}

static void
test_impossible_requests_are_refused(void** const state)
{
  (void)state;
  const float        c[32] = {1.0F};
  const float* const cs[]  = {c};
  const FalRecording r     = fal_recording_in_memory(cs, 1U, 32U);
  FalFinds           finds = {.at = NULL};
  FalFindRequest     q     = {c, 15U, r, 0U, 0.5, 0.0, NULL, NULL};
  assert_int_equal(fal_find(&finds, &q), FAL_ERR_BAD_ARG);
  q.n_clip    = 16U;
  q.threshold = 0.0;
  assert_int_equal(fal_find(&finds, &q), FAL_ERR_BAD_ARG);
  q.threshold = 1.1;
  assert_int_equal(fal_find(&finds, &q), FAL_ERR_BAD_ARG);
  q.threshold = 0.5;
  q.channel   = 1U;
  assert_int_equal(fal_find(&finds, &q), FAL_ERR_BAD_ARG);
  q.channel = 0U;
  q.clip    = c + 1; // Silent
  assert_int_equal(fal_find(&finds, &q), FAL_ERR_BAD_DATA);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_copy_is_found_to_a_fraction_of_a_frame),
    cmocka_unit_test(test_copies_below_noise_are_found),
    cmocka_unit_test(test_tones_are_found_where_they_are_clear),
    cmocka_unit_test(test_copies_end_to_end_are_all_found_and_the_ends_count),
    cmocka_unit_test(test_false_alarms_on_white_noise_are_as_many_as_said),
    cmocka_unit_test(test_false_alarms_on_coloured_noise_are_as_many_as_said),
    cmocka_unit_test(test_false_alarms_among_blows_are_as_many_as_said),
    cmocka_unit_test(test_what_is_found_does_not_raise_the_threshold),
    cmocka_unit_test(test_the_tail_of_chance_is_fitted),
    cmocka_unit_test(test_of_what_overlaps_the_best_stays),
    cmocka_unit_test(test_a_recording_shorter_than_the_clip_has_none),
    cmocka_unit_test(test_impossible_requests_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
