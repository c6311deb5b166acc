// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"
#include "core/delay_track.h"
#include "core/recording.h"
#include "core/status.h"
#include "tests/continuous.h"

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

static double
still(const double t)
{
  return t;
}

/// A source that swings to and fro by 10 frames (21 cm) in 2 s
static double
swinging(const double t)
{
  return t - 25.0 + 10.0 * sin(2.0 * M_PI * t / (2.0 * RATE_HZ));
}

static FalDelayTrack
track(const float* const a, const float* const b)
{
  const FalDelayPair pair = {
    .a         = fal_recording_in_memory(&a, 1U, N_FRAMES),
    .b         = fal_recording_in_memory(&b, 1U, N_FRAMES),
    .rate_hz   = RATE_HZ,
    .channel_a = FAL_ANY_CHANNEL,
    .channel_b = FAL_ANY_CHANNEL,
  };
  const FalTracking tracking = {.window_s = 0.0};
  FalDelay          delay    = {0};
  FalDelayTrack     curve    = {0};
  assert_int_equal(fal_delay_estimate(&delay, &pair), FAL_OK);
  assert_int_equal(fal_delay_track(&curve, &pair, &delay, &tracking), FAL_OK);
  // Windows of 0.25 s every 0.125 s, in what both have of 3 s
  assert_in_range(curve.n_points, 1U, 23U);
  return curve;
}

static void
test_a_moving_source_is_followed(void** const state)
{
  (void)state;
  Noise* const  noise = new_noise(1U);
  float* const  a     = record_along(noise, still, 1.0);
  float* const  b     = record_along(noise, swinging, 1.0);
  FalDelayTrack curve = track(a, b);
  for (uint32_t i = 0U; i < curve.n_points; ++i) {
    const FalDelayPoint* const p = &curve.points[i];
    const double               t = p->time_s * RATE_HZ;
    // A window sees the mean of the curve under its taper, whose deviation is
    // 0.045 s: it bends by 0.1 frames there; four times that with the noise
    const double late = t - swinging(t);
    assert_true(p->found);
    assert_false(p->inverted);
    assert_true(fabs(p->seconds * RATE_HZ - late) < 0.4);
  }
  fal_delay_track_clear(&curve);
  free(a);
  free(b);
  free(noise);
}

static void
test_dropped_frames_and_gaps_are_seen(void** const state)
{
  (void)state;
  enum { AT = 30000, LOST = 700, SILENT = 8000, SILENCE = 6000 };
  Noise* const noise = new_noise(2U);
  float* const a     = record_along(noise, still, 1.0);
  float* const b     = record(noise, 12.25, 0.0, -0.5);
  memmove(b + AT, b + AT + LOST, (N_FRAMES - AT - LOST) * sizeof(float));
  memset(b + SILENT, 0, SILENCE * sizeof(float));
  FalDelayTrack curve = track(a, b);
  // Under its taper a window is worth 2000 frames, and what b has around them
  // is as much noise: the bound is 0.036 frames, of which this is four
  for (uint32_t i = 0U; i < curve.n_points; ++i) {
    const FalDelayPoint* const p    = &curve.points[i];
    const double               from = (p->time_s - 0.125) * RATE_HZ;
    const double               to   = (p->time_s + 0.125) * RATE_HZ;
    if (from >= SILENT && to <= SILENT + SILENCE) {
      assert_false(p->found);
    } else if (to <= SILENT || (from >= SILENT + SILENCE && to <= AT - 16)) {
      assert_true(p->found);
      assert_true(p->inverted);
      assert_true(fabs(p->seconds * RATE_HZ - 12.25) < 0.15);
    } else if (from >= AT + LOST && to <= N_FRAMES - LOST) {
      assert_true(p->found);
      assert_true(fabs(p->seconds * RATE_HZ - 12.25 + LOST) < 0.15);
    }
  }
  fal_delay_track_clear(&curve);
  free(a);
  free(b);
  free(noise);
}

static void
test_nothing_is_found_in_what_is_unrelated(void** const state)
{
  (void)state;
  Noise* const  one   = new_noise(3U);
  Noise* const  two   = new_noise(4U);
  float* const  a     = record_along(one, still, 1.0);
  float* const  b     = record_along(two, still, 1.0);
  FalDelayTrack curve = track(a, b);
  for (uint32_t i = 0U; i < curve.n_points; ++i) {
    assert_false(curve.points[i].found);
  }
  fal_delay_track_clear(&curve);
  free(a);
  free(b);
  free(one);
  free(two);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_moving_source_is_followed),
    cmocka_unit_test(test_dropped_frames_and_gaps_are_seen),
    cmocka_unit_test(test_nothing_is_found_in_what_is_unrelated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
