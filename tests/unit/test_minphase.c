// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/minphase.h"
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

enum { n_frames = 2000 };

static double
magnitude(const float* const x, const double turn)
{
  double re = 0.0;
  double im = 0.0;
  for (size_t t = 0U; t < n_frames; ++t) {
    re += x[t] * cos(turn * (double)t);
    im += x[t] * sin(turn * (double)t);
  }
  return hypot(re, im);
}

static void
test_what_is_minimum_phase_but_late_comes_in_time(void** const state)
{
  (void)state;

  // One pole, and two poles that ring: both minimum-phase
  for (int ringing = 0; ringing < 2; ++ringing) {
    float wanted[n_frames];
    float x[n_frames] = {0.0F};
    for (size_t t = 0U; t < n_frames; ++t) {
      const double u = (double)t;
      wanted[t] =
        (float)(ringing ? pow(0.97, u) * sin(0.3 * (u + 1.0)) / sin(0.3)
                        : pow(0.95, u));
    }
    memcpy(x + 300U, wanted, (n_frames - 300U) * sizeof(float));
    FalAudio audio = {x, 1U, n_frames, 48000.0};
    assert_int_equal(fal_minphase(&audio), FAL_OK);
    for (size_t t = 0U; t < n_frames; ++t) {
      assert_true(fabsf(x[t] - wanted[t]) < 1e-4F);
    }
  }
}

static void
test_levels_stay_and_energy_comes_earlier(void** const state)
{
  (void)state;

  for (uint64_t seed = 0U; seed < 5U; ++seed) {
    float before[2 * n_frames];
    float x[2 * n_frames];
    ref_noise(before, 2U * n_frames, seed);
    for (size_t t = 0U; t < n_frames; ++t) {
      before[t] *= (float)exp(-0.01 * (double)t);
      before[n_frames + t] = 0.0F;
    }
    memcpy(x, before, sizeof(x));
    FalAudio audio = {x, 2U, n_frames, 48000.0};
    assert_int_equal(fal_minphase(&audio), FAL_OK);

    for (double turn = 0.01; turn < 3.1; turn += 0.037) {
      const double wanted = magnitude(before, turn);
      assert_true(fabs(20.0 * log10(magnitude(x, turn) / wanted)) < 0.05);
    }
    double energy = 0.0;
    double former = 0.0;
    for (size_t t = 0U; t < n_frames; ++t) {
      energy += (double)x[t] * x[t];
      former += (double)before[t] * before[t];
      assert_true(energy > former * (1.0 - 1e-4));
      assert_true(x[n_frames + t] == 0.0F);
    }
    assert_true(fabs(energy / former - 1.0) < 1e-3);
  }
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    float    x[n_frames] = {0.0F, 1.0F};
    FalAudio audio       = {x, 1U, n_frames, 48000.0};
    fail_allocation(n);
    const FalStatus st = fal_minphase(&audio);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true((x[1] == 1.0F) == failed);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_failed_alloc),
    cmocka_unit_test(test_what_is_minimum_phase_but_late_comes_in_time),
    cmocka_unit_test(test_levels_stay_and_energy_comes_earlier),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
