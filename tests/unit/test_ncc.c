// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ncc.h"
#include "core/recording.h"
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

/// The score of a place, by its definition
static double
reference(const float* const c, const uint32_t n, const float* const x,
          const size_t n_x, const int64_t place)
{
  double mean_c = 0.0;
  double mean_x = 0.0;
  double cc     = 0.0;
  double xx     = 0.0;
  double cx     = 0.0;
  for (uint32_t pass = 0U; pass < 2U; ++pass) {
    for (uint32_t t = 0U; t < n; ++t) {
      const int64_t u  = place + t;
      const double  xt = u >= 0 && u < (int64_t)n_x ? (double)x[u] : 0.0;
      if (!pass) {
        mean_c += (double)c[t] / n;
        mean_x += xt / n;
      } else {
        cc += ((double)c[t] - mean_c) * ((double)c[t] - mean_c);
        xx += (xt - mean_x) * (xt - mean_x);
        cx += ((double)c[t] - mean_c) * (xt - mean_x);
      }
    }
  }
  return xx > 0.0 ? cx / sqrt(cc * xx) : 0.0;
}

/// Compare all scores from a place on with the reference
static double
largest_error(const float* const c, const uint32_t n, const float* const x,
              const size_t n_x, const int64_t from, const int64_t to)
{
  const FalRecording recording = fal_recording_in_memory(&x, 1U, n_x);
  FalNcc*            ncc       = NULL;
  FalNccBlock        block     = {0, 0U, NULL};
  double             worst     = 0.0;
  assert_int_equal(fal_ncc_new(&ncc, c, n, n_x), FAL_OK);
  fal_ncc_seek(ncc, &recording, 0U, from);
  for (int64_t p = from; p < to;) {
    assert_int_equal(fal_ncc_next(ncc, &block), FAL_OK);
    for (; p < block.first + (int64_t)block.n && p < to; ++p) {
      const double e =
        (double)block.scores[p - block.first] - reference(c, n, x, n_x, p);
      worst = fmax(worst, fabs(e));
    }
  }
  fal_ncc_free(ncc);
  return worst;
}

// Singles round at 6e-8, transforms by a few times as much; a score is a sum of
// n terms of that, brought to 1
#define LARGEST_ERROR 1e-6

static void
test_scores_are_correlation_coefficients(void** const state)
{
  (void)state;
  uint64_t random = 7U;
  for (uint64_t seed = 0U; seed < 20U; ++seed) {
    const uint32_t n   = (uint32_t)ref_between(&random, 2U, 700U);
    const size_t   n_x = ref_between(&random, 1U, 5000U);
    float* const   c   = ref_new_noise(n, seed);
    float* const   x   = ref_new_noise(n_x, seed + 100U);
    for (size_t t = 0U; t < n_x; ++t) {
      x[t] += seed & 1U ? 3.0F : 0.0F; // A mean that has to be taken out
    }
    // Beyond both ends, where windows hold silence: but they hold some sound
    const int64_t from = 1 - (int64_t)n / 2;
    const int64_t to   = (int64_t)n_x - (int64_t)n / 2;
    assert_true(largest_error(c, n, x, n_x, from, to) < LARGEST_ERROR * 10.0);
    free(x);
    free(c);
  }
}

static void
test_what_was_loud_leaves_no_trace(void** const state)
{
  (void)state;
  enum { N_X = 150000, N_LOUD = 60000, N_CLIP = 300 };
  float* const c = ref_new_noise(N_CLIP, 1U);
  float* const x = ref_new_noise(N_X, 2U);
  for (size_t t = 0U; t < N_LOUD; ++t) {
    x[t] *= 1e6F;
  }
  for (size_t t = N_LOUD; t < N_X; ++t) {
    x[t] *= 1e-6F; // 240 dB below: beyond what plain sums of doubles can tell
  }
  assert_true(largest_error(c, N_CLIP, x, N_X, N_X - 9000, N_X - 400) <
              LARGEST_ERROR);
  free(x);
  free(c);
}

/// From the start of the recording on, so that the sums really slide
static void
test_sums_that_slide_stay_exact(void** const state)
{
  (void)state;
  enum { N_X = 400000, N_LOUD = 60000, N_CLIP = 300 };
  float* const       c     = ref_new_noise(N_CLIP, 1U);
  float* const       x     = ref_new_noise(N_X, 2U);
  const float* const xs[]  = {x};
  FalNcc*            ncc   = NULL;
  FalNccBlock        block = {0, 0U, NULL};
  for (size_t t = 0U; t < N_X; ++t) {
    x[t] *= t < N_LOUD ? 1e6F : 1e-6F;
  }
  const FalRecording recording = fal_recording_in_memory(xs, 1U, N_X);
  assert_int_equal(fal_ncc_new(&ncc, c, N_CLIP, N_X), FAL_OK);
  fal_ncc_seek(ncc, &recording, 0U, 0);
  while (block.first + (int64_t)block.n < N_X) {
    assert_int_equal(fal_ncc_next(ncc, &block), FAL_OK);
    const int64_t last = block.first + (int64_t)block.n;
    for (int64_t p = block.first; p < last; p += 37) {
      if (p >= N_LOUD + 200000 && p <= N_X - N_CLIP) {
        const double e = (double)block.scores[p - block.first] -
                         reference(c, N_CLIP, x, N_X, p);
        assert_true(fabs(e) < LARGEST_ERROR);
      }
    }
  }
  fal_ncc_free(ncc);
  free(x);
  free(c);
}

static void
test_silence_scores_zero(void** const state)
{
  (void)state;
  enum { N_X = 5000, N_CLIP = 100 };
  float* const       c     = ref_new_noise(N_CLIP, 1U);
  float* const       x     = ref_floats(N_X);
  const float* const xs[]  = {x};
  FalNcc*            ncc   = NULL;
  FalNccBlock        block = {0, 0U, NULL};
  for (size_t t = 0U; t < N_X; ++t) {
    x[t] = t < N_X / 2 ? 0.0F : 0.7F; // Silence, and a constant
  }
  const FalRecording recording = fal_recording_in_memory(xs, 1U, N_X);
  assert_int_equal(fal_ncc_new(&ncc, c, N_CLIP, N_X), FAL_OK);
  fal_ncc_seek(ncc, &recording, 0U, 0);
  while (block.first + (int64_t)block.n < N_X) {
    assert_int_equal(fal_ncc_next(ncc, &block), FAL_OK);
    const int64_t last = block.first + (int64_t)block.n;
    for (int64_t p = block.first; p < last; ++p) {
      if ((p >= 0 && p < N_X / 2 - N_CLIP) ||
          (p >= N_X / 2 && p <= N_X - N_CLIP)) {
        assert_true(block.scores[p - block.first] == 0.0F);
      }
    }
  }
  fal_ncc_free(ncc);
  free(x);
  free(c);
}

static void
test_clips_without_a_shape_are_refused(void** const state)
{
  (void)state;
  const float silent[4]   = {0.0F};
  const float constant[4] = {0.3F, 0.3F, 0.3F, 0.3F};
  const float broken[4]   = {0.3F, NAN, 0.1F, 0.2F};
  FalNcc*     ncc         = NULL;
  assert_int_equal(fal_ncc_new(&ncc, silent, 4U, 0U), FAL_ERR_BAD_DATA);
  assert_int_equal(fal_ncc_new(&ncc, constant, 4U, 0U), FAL_ERR_BAD_DATA);
  assert_int_equal(fal_ncc_new(&ncc, broken, 4U, 0U), FAL_ERR_BAD_DATA);
  assert_int_equal(fal_ncc_new(&ncc, silent, 1U, 0U), FAL_ERR_BAD_ARG);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_scores_are_correlation_coefficients),
    cmocka_unit_test(test_what_was_loud_leaves_no_trace),
    cmocka_unit_test(test_sums_that_slide_stay_exact),
    cmocka_unit_test(test_silence_scores_zero),
    cmocka_unit_test(test_clips_without_a_shape_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
