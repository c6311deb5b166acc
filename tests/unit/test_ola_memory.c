// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/convolve.h"
#include "core/correlate.h"
#include "core/grid.h"
#include "core/ola.h"
#include "core/ola_double.h"
#include "tests/failing.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

enum { N_X = 9000, N_H = 3000 };

/// What is tried, with sequences to try it on
typedef FalStatus (*Attempt)(const float* x, const float* h, float* y);

/// Fail the first allocation, then the second, until it succeeds
static void
check(const Attempt attempt)
{
  float* const x      = ref_new_noise(N_X, 1U);
  float* const h      = ref_new_noise(N_H, 2U);
  float* const y      = ref_floats(N_X + N_H);
  bool         failed = true;
  uint32_t     n      = 0U;
  for (; failed; ++n) {
    fail_allocation(n);
    const FalStatus st = attempt(x, h, y);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
  }
  assert_true(n > 1U);
  free(y);
  free(h);
  free(x);
}

static FalStatus
try_ola(const float* const x, const float* const h, float* const y)
{
  (void)x;
  (void)y;
  const FalRoute     route  = {0U, 0U, N_H, h};
  const FalOlaConfig config = {.n_inputs = 1U, .n_outputs = 1U};
  FalOla*            ola    = NULL;
  const FalStatus    st     = fal_ola_new(&ola, &config, &route, 1U);
  assert_true(!st == !!ola);
  fal_ola_free(ola);
  return st;
}

static FalStatus
try_ola_double(const float* const x, const float* const h, float* const y)
{
  (void)x;
  (void)y;
  const FalRoute     route  = {0U, 0U, N_H, h};
  const FalOlaConfig config = {.n_inputs = 1U, .n_outputs = 1U};
  FalOlaDouble*      ola    = NULL;
  const FalStatus    st     = fal_ola_double_new(&ola, &config, &route, 1U);
  assert_true(!st == !!ola);
  fal_ola_double_free(ola);
  return st;
}

static FalStatus
try_grid(const float* const x, const float* const h, float* const y)
{
  (void)x;
  (void)h;
  (void)y;
  const FalGrid* grid = NULL;
  return fal_grid_get(&grid, 512U);
}

static FalStatus
try_transforms(const float* const x, const float* const h, float* const y)
{
  return fal_convolve(y, x, N_X, h, N_H, FAL_FULL, FAL_METHOD_FFT);
}

static FalStatus
try_sum(const float* const x, const float* const h, float* const y)
{
  return fal_convolve(y, x, N_X, h, N_H, FAL_FULL, FAL_METHOD_DIRECT);
}

static FalStatus
try_all_lags(const float* const x, const float* const h, float* const y)
{
  FalPair pair = {.a = x, .b = h, .n_a = N_X, .n_b = N_H};
  fal_pair_set_lags(&pair, FAL_FULL);
  return fal_correlate(y, &pair);
}

static FalStatus
try_few_lags(const float* const x, const float* const h, float* const y)
{
  const FalPair pair = {x, h, N_X, N_H, -100, 100, true};
  return fal_correlate(y, &pair);
}

static void
test_a_convolution_without_memory_is_refused_whole(void** const state)
{
  (void)state;
  check(try_grid);
  check(try_ola);
  check(try_ola_double);
  check(try_transforms);
  check(try_sum);
}

static void
test_a_correlation_without_memory_is_refused_whole(void** const state)
{
  (void)state;
  check(try_all_lags);
  check(try_few_lags);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_convolution_without_memory_is_refused_whole),
    cmocka_unit_test(test_a_correlation_without_memory_is_refused_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
