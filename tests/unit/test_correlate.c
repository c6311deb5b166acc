// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/correlate.h"
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

// Of what the largest lag can be: singles round at -150 dB, transforms add 30
#define PEAK_ERROR_DB (-120.0)

/// One lag, by the sum itself
static double
lag(const FalPair* const p, const int64_t k)
{
  double r = 0.0;
  for (size_t t = 0U; t < p->n_a; ++t) {
    const int64_t u = (int64_t)t + k;
    if (u >= 0 && u < (int64_t)p->n_b) {
      r += (double)p->a[t] * (double)p->b[u];
    }
  }
  return r;
}

/// What no lag exceeds (Cauchy and Schwarz)
static double
bound(const FalPair* const p)
{
  double a = 0.0;
  double b = 0.0;
  for (size_t t = 0U; t < p->n_a; ++t) {
    a += (double)p->a[t] * (double)p->a[t];
  }
  for (size_t t = 0U; t < p->n_b; ++t) {
    b += (double)p->b[t] * (double)p->b[t];
  }
  return sqrt(a * b);
}

/// Check every `step`th lag, and the ends
static void
check(const FalPair* const p, const int64_t step)
{
  const size_t n     = (size_t)(p->max_lag - p->min_lag) + 1U;
  float* const r     = ref_floats(n + 1U);
  const double scale = bound(p);
  r[n]               = 1e30F;
  assert_int_equal(fal_correlate(r, p), FAL_OK);
  assert_true(r[n] == 1e30F);
  for (int64_t k = p->min_lag; k <= p->max_lag; k += step) {
    const double e =
      (double)r[k - p->min_lag] - lag(p, k) / (p->normalised ? scale : 1.0);
    assert_true(fabs(e) <= pow(10.0, PEAK_ERROR_DB / 20.0) *
                             (p->normalised ? 1.0 : scale));
  }
  free(r);
}

static void
test_any_lags_of_any_sequences_are_the_sum(void** const state)
{
  (void)state;
  uint64_t random = 1U;
  for (uint64_t seed = 0U; seed < 300U; ++seed) {
    const size_t  most = 1U << ref_between(&random, 0U, 11U);
    const size_t  n_a  = ref_between(&random, 1U, most);
    const size_t  n_b  = ref_between(&random, 1U, most);
    float* const  a    = ref_new_noise(n_a, seed);
    float* const  b    = ref_new_noise(n_b, seed + 1U);
    const int64_t min_lag =
      (int64_t)ref_between(&random, 0U, 3U * most) - (int64_t)(2U * most);
    const int64_t max_lag =
      min_lag + (int64_t)ref_between(&random, 0U, seed & 1U ? 20U : 3U * most);
    const FalPair pair = {a, b, n_a, n_b, min_lag, max_lag, seed % 3U == 0U};
    check(&pair, 1);
    free(b);
    free(a);
  }
}

static void
test_windows_over_long_sequences_are_the_sum(void** const state)
{
  (void)state;
  uint64_t random = 1U;
  for (uint64_t seed = 0U; seed < 12U; ++seed) {
    const size_t  n_a     = ref_between(&random, 20000U, 300000U);
    const size_t  n_b     = ref_between(&random, 20000U, 300000U);
    float* const  a       = ref_new_noise(n_a, seed);
    float* const  b       = ref_new_noise(n_b, seed + 1U);
    const int64_t min_lag = (int64_t)ref_between(&random, 0U, 30000U) - 15000;
    const int64_t max_lag = min_lag + (int64_t)ref_between(&random, 0U, 19000U);
    const FalPair pair    = {a, b, n_a, n_b, min_lag, max_lag, false};
    check(&pair, 331);
    free(b);
    free(a);
  }
}

static void
test_a_late_copy_peaks_at_a_positive_lag(void** const state)
{
  (void)state;

  const size_t n = 50000U;
  float* const a = ref_new_noise(n, 1U);
  float* const b = ref_floats(n);
  for (size_t t = 1234U; t < n; ++t) {
    b[t] = 0.5F * a[t - 1234U];
  }

  float* const r    = ref_floats(4001U);
  FalPair      pair = {a, b, n, n, -2000, 2000, true};
  assert_int_equal(fal_correlate(r, &pair), FAL_OK);
  for (int64_t k = -2000; k <= 2000; ++k) {
    assert_true(k == 1234 ? r[k + 2000] > 0.98F : fabsf(r[k + 2000]) < 0.05F);
  }
  free(r);
  free(b);
  free(a);
}

static void
test_modes_have_their_lags(void** const state)
{
  (void)state;
  const float x[7] = {0.0F};
  FalPair     p    = {x, x, 3U, 7U, 0, 0, false};
  fal_pair_set_lags(&p, FAL_FULL);
  assert_int_equal(p.min_lag, -2);
  assert_int_equal(p.max_lag, 6);
  fal_pair_set_lags(&p, FAL_SAME);
  assert_int_equal(p.min_lag, -1);
  assert_int_equal(p.max_lag, 5);
  fal_pair_set_lags(&p, FAL_VALID);
  assert_int_equal(p.min_lag, 0);
  assert_int_equal(p.max_lag, 4);
  p.n_a = 7U;
  p.n_b = 3U;
  fal_pair_set_lags(&p, FAL_VALID);
  assert_int_equal(p.min_lag, -4);
  assert_int_equal(p.max_lag, 0);
}

static void
test_silence_correlates_to_zero_also_normalised(void** const state)
{
  (void)state;
  const float   x[4] = {0.0F};
  float         r[7] = {0.0F};
  const FalPair pair = {x, x, 4U, 4U, -3, 3, true};
  assert_int_equal(fal_correlate(r, &pair), FAL_OK);
  for (size_t k = 0U; k < 7U; ++k) {
    assert_true(r[k] == 0.0F);
  }
}

static void
test_impossible_pairs_are_refused(void** const state)
{
  (void)state;
  const float   x[4]    = {0.0F};
  float         r[7]    = {0.0F};
  const FalPair pairs[] = {
    {x, x, 0U, 4U, 0, 1, false},
    {x, x, 4U, 0U, 0, 1, false},
    {x, x, 4U, 4U, 1, 0, false},
    {x, x, 4U, 4U, INT64_MIN, INT64_MAX, false},
  };
  for (size_t i = 0U; i < 4U; ++i) {
    assert_int_equal(fal_correlate(r, &pairs[i]), FAL_ERR_BAD_ARG);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_any_lags_of_any_sequences_are_the_sum),
    cmocka_unit_test(test_windows_over_long_sequences_are_the_sum),
    cmocka_unit_test(test_a_late_copy_peaks_at_a_positive_lag),
    cmocka_unit_test(test_modes_have_their_lags),
    cmocka_unit_test(test_silence_correlates_to_zero_also_normalised),
    cmocka_unit_test(test_impossible_pairs_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
