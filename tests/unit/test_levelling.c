// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/levelling.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

#define N 40000U

/// Noise that is loud, 40 dB softer, and silent, each for a while
static void
make_steps(float* const x, const uint64_t n)
{
  uint32_t state = 1U;
  for (uint64_t t = 0U; t < n; ++t) {
    state              = state * 1664525U + 1013904223U;
    const float sample = (float)(int32_t)state * 0x1p-31f;
    const float gain   = t < n / 3U ? 1.0f : t < n * 2U / 3U ? 0.01f : 0.0f;
    x[t]               = sample * gain;
  }
}

static double
mean_modulus(const float* const x, const uint64_t from, const uint64_t to)
{
  double sum = 0.0;
  for (uint64_t t = from; t < to; ++t) {
    sum += fabs((double)x[t]);
  }
  return sum / (double)(to - from);
}

static void
test_what_is_soft_becomes_as_loud(void** const state)
{
  (void)state;
  static float x[N];
  static float sums[N / FAL_LEVELLING_BLOCK + 1U];
  for (uint64_t n = N - 70U; n < N; n += 23U) {
    make_steps(x, n);
    fal_level_out(x, sums, n, 800U);
    // Far from the steps; noise of 1600 frames scatters by 1.5 %, and what is
    // 60 dB below the mean of all is added
    assert_true(fabs(mean_modulus(x, 2000U, n / 3U - 1000U) - 1.0) < 0.05);
    assert_true(
      fabs(mean_modulus(x, n / 3U + 1000U, n * 2U / 3U - 1000U) - 1.0) < 0.1);
    assert_true(mean_modulus(x, n * 2U / 3U + 1U, n) == 0.0);
  }
}

static void
test_a_factor_changes_nothing(void** const state)
{
  (void)state;
  static float x[N];
  static float y[N];
  static float sums[N / FAL_LEVELLING_BLOCK + 1U];
  make_steps(x, N);
  for (uint64_t t = 0U; t < N; ++t) {
    y[t] = x[t] * 0x1p-12f;
  }
  fal_level_out(x, sums, N, 800U);
  fal_level_out(y, sums, N, 800U);
  for (uint64_t t = 0U; t < N; ++t) {
    assert_true(fabsf(x[t] - y[t]) <= 1e-5f * fabsf(x[t]));
  }
}

static void
test_silence_and_a_frame_stay_finite(void** const state)
{
  (void)state;
  float x[3]    = {0.0f, 0.0f, 0.0f};
  float sums[2] = {0.0f, 0.0f};
  fal_level_out(x, sums, 3U, 800U);
  assert_true(x[0] == 0.0f && x[1] == 0.0f && x[2] == 0.0f);
  x[0] = -0.25f;
  fal_level_out(x, sums, 1U, 800U);
  assert_true(isfinite(x[0]) && x[0] < 0.0f);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_is_soft_becomes_as_loud),
    cmocka_unit_test(test_a_factor_changes_nothing),
    cmocka_unit_test(test_silence_and_a_frame_stay_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
