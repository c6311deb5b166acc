// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/sinc.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

static void
test_tones_are_read_between_samples(void** const state)
{
  (void)state;
  const uint32_t reaches[] = {8U, 24U, 64U, 96U};
  for (uint32_t r = 0U; r < 4U; ++r) {
    const uint32_t reach   = reaches[r];
    const double   highest = 0.5 - 4.0 / reach;
    for (uint32_t i = 0U; i <= 20U; ++i) {
      const double f        = highest * i / 20.0;
      const double fraction = i / 20.0;
      double       taps[192];
      double       re = 0.0;
      double       im = 0.0;
      fal_sinc_taps(taps, reach, fraction);
      for (uint32_t k = 0U; k < 2U * reach; ++k) {
        const double t = (double)k - (double)(reach - 1U) - fraction;
        re += taps[k] * cos(2.0 * M_PI * f * t);
        im += taps[k] * sin(2.0 * M_PI * f * t);
      }
      // Kaiser's 118 dB, and the sum that is brought to 1, as much again
      assert_true(hypot(re - 1.0, im) < 2.0 * pow(10.0, -118.0 / 20.0));
    }
  }
}

static void
test_whole_samples_are_exact(void** const state)
{
  (void)state;
  double taps[32];
  for (uint32_t whole = 0U; whole < 2U; ++whole) {
    fal_sinc_taps(taps, 16U, whole);
    for (uint32_t k = 0U; k < 32U; ++k) {
      assert_true(fabs(taps[k] - (k == 15U + whole ? 1.0 : 0.0)) < 1e-15);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tones_are_read_between_samples),
    cmocka_unit_test(test_whole_samples_are_exact),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
