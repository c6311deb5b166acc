// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/golden.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

/// A bell around a place, lopsided
static double
bell(const void* const handle, const double x)
{
  const double d = x - *(const double*)handle;
  return -fabs(d) * (d < 0.0 ? 1.0 : 3.0);
}

static void
test_the_top_is_found_wherever_it_is(void** const state)
{
  (void)state;
  for (double tolerance = 0.1; tolerance > 1e-9; tolerance *= 0.1) {
    for (double place = -1.0; place <= 2.0; place += 0.0625) {
      const double top = fal_golden_top(bell, &place, -1.0, 2.0, tolerance);
      assert_true(fabs(top - place) <= tolerance);
    }
  }
}

static void
test_where_it_only_rises_the_end_is_the_top(void** const state)
{
  (void)state;
  const double beyond = 5.0;
  assert_true(fal_golden_top(bell, &beyond, 0.0, 1.0, 1e-6) >= 1.0 - 1e-6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_top_is_found_wherever_it_is),
    cmocka_unit_test(test_where_it_only_rises_the_end_is_the_top),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
