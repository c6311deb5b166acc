// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"
#include "core/delay_track.h"
#include "core/recording.h"
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

enum { N_FRAMES = 40000, N_LATE = 1234 };

static void
test_failed_alloc(void** const state)
{
  (void)state;

  float* const       a    = ref_new_noise(N_FRAMES, 1U);
  float* const       b    = ref_new_noise(N_FRAMES, 2U);
  const float* const as[] = {a};
  const float* const bs[] = {b};
  memcpy(b + N_LATE, a, (N_FRAMES - N_LATE) * sizeof(float));
  const FalDelayPair pair = {
    .a         = fal_recording_in_memory(as, 1U, N_FRAMES),
    .b         = fal_recording_in_memory(bs, 1U, N_FRAMES),
    .rate_hz   = 16000.0,
    .channel_a = FAL_ANY_CHANNEL,
    .channel_b = FAL_ANY_CHANNEL,
  };

  // Transforms are planned once a process, and stay
  FalDelay first = {0};
  assert_int_equal(fal_delay_estimate(&first, &pair), FAL_OK);

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalDelay delay = {0};
    fail_allocation(n);
    const FalStatus st = fal_delay_estimate(&delay, &pair);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(failed || delay.seconds == first.seconds);
    assert_true(n || failed); // There is an allocation to fail
  }

  failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    const FalTracking usual = {0.0, 0.0, 0.0};
    FalDelayTrack     track = {0U, NULL};
    fail_allocation(n);
    const FalStatus st = fal_delay_track(&track, &pair, &first, &usual);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(failed == !track.points);
    fal_delay_track_clear(&track);
    assert_true(n || failed);
  }
  free(b);
  free(a);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
