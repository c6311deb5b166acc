// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"
#include "core/delay_gaps.h"
#include "core/delay_track.h"
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
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 16000, N = 16 * RATE, N_CUTS = 3 };

/// What is missing in b: frames of a, from … to
static const uint32_t cuts[N_CUTS][2] = {{4 * RATE, 5 * RATE},
                                         {8 * RATE, 8 * RATE + 4321},
                                         {11 * RATE, 13 * RATE + 99}};

static float* memory;
static float* late;

/// Noise, and the same with frames missing
static FalDelayPair
make_pair(const float** const a, const float** const b)
{
  uint32_t n = 0U;
  memory     = ref_new_noise(N, 1U);
  late       = ref_floats(N);
  for (uint32_t t = 0U; t < N; ++t) {
    bool is_missing = false;
    for (uint32_t i = 0U; i < N_CUTS; ++i) {
      is_missing = is_missing || (t >= cuts[i][0] && t < cuts[i][1]);
    }
    if (!is_missing) {
      late[n++] = memory[t];
    }
  }
  *a = memory;
  *b = late;
  return (FalDelayPair){
    .a         = fal_recording_in_memory(a, 1U, N),
    .b         = fal_recording_in_memory(b, 1U, n),
    .rate_hz   = RATE,
    .channel_a = FAL_ANY_CHANNEL,
    .channel_b = FAL_ANY_CHANNEL,
  };
}

/// The delay at a time of a, or NaN where it is missing, or nearly so
static double
true_delay(const double time_s)
{
  double delay = 0.0;
  for (uint32_t i = 0U; i < N_CUTS; ++i) {
    const double from = cuts[i][0] / (double)RATE;
    const double to   = cuts[i][1] / (double)RATE;
    if (time_s > from - 0.2 && time_s < to + 0.2) {
      return (double)NAN;
    }
    delay -= time_s > to ? to - from : 0.0;
  }
  return delay;
}

static void
test_delays_out_of_reach_are_found_in_gaps(void** const state)
{
  (void)state;
  const float*       a     = NULL;
  const float*       b     = NULL;
  const FalDelayPair pair  = make_pair(&a, &b);
  const FalDelay     first = {.seconds = 0.0};
  const FalTracking  usual = {0.0, 0.0, 0.0};
  FalDelayTrack      track = {0U, NULL};
  assert_int_equal(fal_delay_track(&track, &pair, &first, &usual), FAL_OK);

  uint32_t n_before = 0U;
  for (uint32_t i = 0U; i < track.n_points; ++i) {
    n_before += track.points[i].found;
  }
  assert_true(n_before < 5U * 8U); // Four seconds of sixteen
  assert_int_equal(fal_delay_fill_gaps(&track, &pair, &usual), FAL_OK);
  double last_s = -1.0;
  for (uint32_t i = 0U; i < track.n_points; ++i) {
    const FalDelayPoint* const p     = &track.points[i];
    const double               delay = true_delay(p->time_s);
    assert_true(p->time_s > last_s);
    last_s = p->time_s;
    if (!isnan(delay) && p->time_s < (double)N / RATE - 0.2) {
      assert_true(p->found && !p->inverted);
      assert_true(fabs(p->seconds - delay) < 0.5 / RATE);
    }
  }
  fal_delay_track_clear(&track);
  free(late);
  free(memory);
}

static void
test_what_is_not_there_is_not_found(void** const state)
{
  (void)state;
  const float*       a     = ref_new_noise(8U * RATE, 2U);
  const float*       b     = ref_new_noise(8U * RATE, 3U);
  const FalDelayPair pair  = {.a = fal_recording_in_memory(&a, 1U, 8U * RATE),
                              .b = fal_recording_in_memory(&b, 1U, 8U * RATE),
                              .rate_hz   = RATE,
                              .channel_a = FAL_ANY_CHANNEL,
                              .channel_b = FAL_ANY_CHANNEL};
  const FalDelay     first = {.seconds = 0.0};
  const FalTracking  usual = {0.0, 0.0, 0.0};
  FalDelayTrack      track = {0U, NULL};
  assert_int_equal(fal_delay_track(&track, &pair, &first, &usual), FAL_OK);
  assert_int_equal(fal_delay_fill_gaps(&track, &pair, &usual), FAL_OK);
  for (uint32_t i = 0U; i < track.n_points; ++i) {
    assert_false(track.points[i].found);
  }
  fal_delay_track_clear(&track);
  free((void*)(uintptr_t)b);
  free((void*)(uintptr_t)a);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_delays_out_of_reach_are_found_in_gaps),
    cmocka_unit_test(test_what_is_not_there_is_not_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
