// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"
#include "core/delay_gaps.h"
#include "core/delay_parts.h"
#include "core/delay_steps.h"
#include "core/delay_track.h"
#include "core/find.h"
#include "core/recording.h"
#include "core/warp.h"
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
#include <string.h>

enum { N_FRAMES = 40000, N_LATE = 1234, N_CLIP = 600 };

static FalDelayPair pair;
static float*       memory;

/// Two recordings, one late
static int
set_up(void** const state)
{
  (void)state;
  static const float* channels[2];
  memory         = ref_new_noise(2U * N_FRAMES, 1U);
  float* const b = memory + N_FRAMES;
  memcpy(b + N_LATE, memory, (N_FRAMES - N_LATE) * sizeof(float));
  channels[0] = memory;
  channels[1] = b;
  pair        = (FalDelayPair){
           .a         = fal_recording_in_memory(channels, 1U, N_FRAMES),
           .b         = fal_recording_in_memory(channels + 1, 1U, N_FRAMES),
           .rate_hz   = 16000.0,
           .channel_a = FAL_ANY_CHANNEL,
           .channel_b = FAL_ANY_CHANNEL,
  };
  return 0;
}

static int
tear_down(void** const state)
{
  (void)state;
  free(memory);
  return 0;
}

/// Fail the first allocation, then the second, until it succeeds
static void
check(FalStatus (*const attempt)(void))
{
  bool     failed = true;
  uint32_t n      = 0U;

  // Transforms are planned once a process, and stay
  assert_int_equal(attempt(), FAL_OK);
  for (; failed; ++n) {
    fail_allocation(n);
    const FalStatus st = attempt();
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
  }
  assert_true(n > 1U); // There is an allocation to fail
}

static FalStatus
estimate(void)
{
  FalDelay        delay = {0};
  const FalStatus st    = fal_delay_estimate(&delay, &pair);
  assert_true(st || llround(delay.seconds * pair.rate_hz) == N_LATE);
  return st;
}

static FalStatus
track(void)
{
  const FalDelay    delay = {.seconds = N_LATE / pair.rate_hz};
  const FalTracking usual = {0.0, 0.0, 0.0};
  FalDelayTrack     made  = {0U, NULL};
  const FalStatus   st    = fal_delay_track(&made, &pair, &delay, &usual);
  assert_true(!st == !!made.points);
  fal_delay_track_clear(&made);
  return st;
}

/// As in recordings that are too long for the memory
static FalStatus
find_pieces(void)
{
  FalPeaks        peaks = {.n = 0U};
  const FalStatus st    = fal_delay_find_pieces(&peaks, &pair);
  assert_true(st || (peaks.n && llround(peaks.at[0].lag) == N_LATE));
  return st;
}

/// With a first line that is far from all delays
static FalStatus
fill_gaps(void)
{
  const FalDelay    far   = {.seconds = 0.5};
  const FalTracking usual = {0.0, 0.0, 0.0};
  FalDelayTrack     made  = {0U, NULL};
  FalStatus         st    = fal_delay_track(&made, &pair, &far, &usual);
  if (!st) {
    st = fal_delay_fill_gaps(&made, &pair, &usual);
    assert_true(st || made.points[made.n_points / 2U].found);
  }
  fal_delay_track_clear(&made);
  return st;
}

/// A delay that jumps half-way
static FalStatus
part(void)
{
  FalDelayPoint       points[20];
  const FalDelayTrack jump = {20U, points};
  FalDelaySteps       made = {0U, NULL};
  for (uint32_t i = 0U; i < 20U; ++i) {
    points[i] = (FalDelayPoint){i, i < 10U ? 1.0 : 2.0, 20.0, true, false};
  }
  const FalStatus st = fal_delay_steps(&made, &jump);
  assert_true(st ? !made.at : made.n == 2U);
  fal_delay_steps_clear(&made);
  return st;
}

static FalStatus
find(void)
{
  const FalFindRequest request = {.clip         = memory + 5000,
                                  .n_clip       = N_CLIP,
                                  .recording    = pair.b,
                                  .false_alarms = 1e-9};
  FalFinds             finds   = {.n = 0U};
  const FalStatus      st      = fal_find(&finds, &request);
  assert_true(
    st || (finds.n == 1U && fabs(finds.at[0].frame - 5000.0 - N_LATE) < 0.01));
  fal_finds_clear(&finds);
  return st;
}

static FalStatus
warp(void)
{
  FalWarp         made = {NULL};
  const FalStatus st   = fal_warp_init(&made);
  fal_warp_clear(&made);
  return st;
}

static void
test_without_memory_there_is_no_delay(void** const state)
{
  (void)state;
  check(estimate);
  check(find_pieces);
  check(track);
  check(fill_gaps);
  check(part);
}

static void
test_without_memory_nothing_is_found(void** const state)
{
  (void)state;
  check(find);
}

static void
test_without_memory_nothing_is_warped(void** const state)
{
  (void)state;
  check(warp);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_without_memory_there_is_no_delay),
    cmocka_unit_test(test_without_memory_nothing_is_found),
    cmocka_unit_test(test_without_memory_nothing_is_warped),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
