// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/engine.h"
#include "core/plan.h"
#include "tests/reference.h"
#include "tests/unit/engine_bench.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

static void
test_every_size_up_to_4096_is_exact_for_a_second(void** const state)
{
  (void)state;
  const size_t  n        = 60000U;
  const Matrix  m        = new_matrix(1U, 1U, 48000U, 1U);
  const Signal  x        = new_noise_signal(1U, n, 2U);
  const Signal  y        = new_signal(1U, n);
  double* const expected = expected_output(&m, &x, 0U);

  // Each size in the engine that is made for it; engines differ by the block
  FalEngine* engine = NULL;
  for (uint32_t block = FAL_MIN_BLOCK; block <= FAL_MAX_BLOCK; block *= 2U) {
    engine = new_sounding_engine(&m, block, SKIP_DB);
    for (uint32_t size = 1U; size <= 4096U; ++size) {
      if (fal_plan_block(size) == block) {
        fal_engine_reset(engine);
        play(engine, &x, &y, 0U, n, (Calls){size, false, 0U});
        assert_true(ref_error_db(y.channels[0], expected, n) < MOST_RMS_DB);
        assert_true(ref_peak_error_db(y.channels[0], expected, n) <
                    MOST_PEAK_DB);
      }
    }
    fal_engine_free(engine);
  }

  free(expected);
  free_signal(&y);
  free_signal(&x);
  free_matrix(&m);
}

static void
test_a_dozen_sizes_and_random_ones_are_exact_for_long_responses(
  void** const state)
{
  (void)state;
  static const uint32_t sizes[] = {1U,   16U,  37U,   64U,   100U,  128U, 256U,
                                   441U, 480U, 1000U, 1024U, 4096U, 0U};
  static const uint32_t lengths[] = {150000U, 480000U};
  for (size_t l = 0U; l < 2U; ++l) {
    const size_t n = lengths[l] + 40000U;
    const Matrix m = new_matrix(1U, 1U, lengths[l], l);
    const Signal x = new_noise_signal(1U, n, 7U);
    const Signal y = new_signal(1U, n);
    for (size_t i = 0U; i < sizeof(sizes) / sizeof(*sizes); ++i) {
      FalEngine* const engine = new_sounding_engine(&m, sizes[i], SKIP_DB);
      const Calls      calls  = {sizes[i] ? sizes[i] : 1024U, !sizes[i], i};
      play(engine, &x, &y, 0U, n, calls);

      // Some frames after the longest has come in, by the sum itself
      enum { N = 1000 };
      uint64_t seed = i;
      float    got[N];
      double   expected[N];
      for (uint32_t k = 0U; k < N; ++k) {
        const size_t t = ref_between(&seed, lengths[l] / 2U, n - 1U);
        got[k]         = y.channels[0][t];
        expected[k]    = expected_at(&m, &x, 0U, t);
      }
      assert_true(ref_error_db(got, expected, N) < MOST_RMS_DB);
      assert_true(ref_peak_error_db(got, expected, N) < MOST_PEAK_DB);
      fal_engine_free(engine);
    }
    free_signal(&y);
    free_signal(&x);
    free_matrix(&m);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_size_up_to_4096_is_exact_for_a_second),
    cmocka_unit_test(
      test_a_dozen_sizes_and_random_ones_are_exact_for_long_responses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
