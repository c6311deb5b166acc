// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_steps.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdbool.h>

enum { N = 100 };

/// A curve of windows, ten a second
static FalDelayTrack
track_of(FalDelayPoint* const points, double (*const delay)(double time_s))
{
  for (uint32_t i = 0U; i < N; ++i) {
    const double t = 0.1 * i;
    const double d = delay(t);
    points[i]      = (FalDelayPoint){t, d, 20.0, !isnan(d), d > 0.0};
  }
  return (FalDelayTrack){N, points};
}

static double
two_jumps(const double t)
{
  return t < 2.95 ? 0.010 : t < 6.95 ? -0.020 : 0.0001 * t + 0.5;
}

static double
bend(const double t)
{
  return 0.01 * sin(t);
}

static double
holes(const double t)
{
  return t > 2.0 && t < 4.0 ? (double)NAN : fabs(t - 6.0) < 0.01 ? 0.3 : 0.01;
}

/// Of 0.1 %, with a hole in which it changes by 4 ms
static double
drift(const double t)
{
  return t > 2.0 && t < 6.0 ? (double)NAN : 0.001 * t;
}

static double
nothing(const double t)
{
  (void)t;
  return (double)NAN;
}

static void
test_jumps_part_pieces(void** const state)
{
  (void)state;
  FalDelayPoint       points[N];
  FalDelaySteps       steps = {0U, NULL};
  const FalDelayTrack track = track_of(points, two_jumps);
  assert_int_equal(fal_delay_steps(&steps, &track), FAL_OK);
  assert_int_equal(steps.n, 3U);
  assert_true(fabs(steps.at[0].start_s) < 1e-9);
  assert_true(fabs(steps.at[0].end_s - 2.9) < 1e-9);
  assert_true(fabs(steps.at[1].start_s - 3.0) < 1e-9);
  assert_true(steps.at[0].seconds == 0.010 && steps.at[1].seconds == -0.020);
  assert_true(steps.at[0].inverted && !steps.at[1].inverted);
  assert_true(fabs(steps.at[2].seconds - 0.50085) < 2e-5);
  fal_delay_steps_clear(&steps);
}

static void
test_drift_goes_on_through_holes(void** const state)
{
  (void)state;
  FalDelayPoint       points[N];
  FalDelaySteps       steps = {0U, NULL};
  const FalDelayTrack track = track_of(points, drift);
  assert_int_equal(fal_delay_steps(&steps, &track), FAL_OK);
  assert_int_equal(steps.n, 1U);
  assert_true(fabs(steps.at[0].start_s) < 1e-9);
  assert_true(fabs(steps.at[0].end_s - 9.9) < 1e-9);
  fal_delay_steps_clear(&steps);
}

static void
test_what_bends_is_one_piece(void** const state)
{
  (void)state;
  FalDelayPoint       points[N];
  FalDelaySteps       steps = {0U, NULL};
  const FalDelayTrack track = track_of(points, bend);
  assert_int_equal(fal_delay_steps(&steps, &track), FAL_OK);
  assert_int_equal(steps.n, 1U);
  fal_delay_steps_clear(&steps);
}

static void
test_holes_and_single_windows_do_not_part(void** const state)
{
  (void)state;
  FalDelayPoint       points[N];
  FalDelaySteps       steps = {0U, NULL};
  const FalDelayTrack track = track_of(points, holes);
  assert_int_equal(fal_delay_steps(&steps, &track), FAL_OK);
  assert_int_equal(steps.n, 1U);
  assert_true(steps.at[0].seconds == 0.01);
  assert_true(fabs(steps.at[0].end_s - 9.9) < 1e-9);
  fal_delay_steps_clear(&steps);
}

static void
test_nothing_has_no_pieces(void** const state)
{
  (void)state;
  FalDelayPoint       points[N];
  FalDelaySteps       steps = {0U, NULL};
  const FalDelayTrack track = track_of(points, nothing);
  assert_int_equal(fal_delay_steps(&steps, &track), FAL_OK);
  assert_int_equal(steps.n, 0U);
  fal_delay_steps_clear(&steps);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_jumps_part_pieces),
    cmocka_unit_test(test_drift_goes_on_through_holes),
    cmocka_unit_test(test_what_bends_is_one_piece),
    cmocka_unit_test(test_holes_and_single_windows_do_not_part),
    cmocka_unit_test(test_nothing_has_no_pieces),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
