// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/recording.h"
#include "core/status.h"
#include "core/trim.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

/// More than two of the pieces that are looked at in one go
#define N 10000U

static void
check(const uint32_t first, const uint32_t last, const uint32_t other)
{
  static float x[N];
  static float y[N];
  memset(x, 0, sizeof(x));
  memset(y, 0, sizeof(y));
  x[first]                       = 0.5f;
  x[last]                        = -0x1p-140f; // However soft
  y[other]                       = 1.0f;
  const float* const channels[2] = {x, y};
  const FalRecording whole       = fal_recording_in_memory(channels, 2U, N);
  const uint32_t     start       = other < first ? other : first;
  const uint32_t     end         = (other > last ? other : last) + 1U;

  FalRecordingPart part;
  FalRecording     trimmed;
  assert_int_equal(fal_trim(&trimmed, &part, &whole), FAL_OK);
  assert_int_equal(part.start, start);
  assert_int_equal(trimmed.n_channels, 2);
  assert_int_equal(trimmed.n_frames, end - start);

  float z[N];
  assert_int_equal(fal_recording_read(&trimmed, 0U, z, 0, end - start), FAL_OK);
  assert_memory_equal(z, x + start, (end - start) * sizeof(float));
}

static void
test_silence_at_both_ends_is_left_out(void** const state)
{
  (void)state;
  static const uint32_t places[] = {0U,    1U,    4095U, 4096U,
                                    4097U, 8192U, 9998U, 9999U};
  for (uint32_t i = 0U; i < 8U; ++i) {
    for (uint32_t j = i; j < 8U; ++j) {
      for (uint32_t k = 0U; k < 8U; ++k) {
        check(places[i], places[j], places[k]);
      }
    }
  }
}

static void
test_silence_alone_stays_whole(void** const state)
{
  (void)state;
  static const float x[N];
  const float* const channels[1] = {x};
  const FalRecording whole       = fal_recording_in_memory(channels, 1U, N);
  FalRecordingPart   part;
  FalRecording       trimmed;
  assert_int_equal(fal_trim(&trimmed, &part, &whole), FAL_OK);
  assert_int_equal(part.start, 0);
  assert_int_equal(trimmed.n_frames, N);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_silence_at_both_ends_is_left_out),
    cmocka_unit_test(test_silence_alone_stays_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
