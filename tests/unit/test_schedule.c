// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/schedule.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

enum { MAX_UNITS = 200 };

/// Random units, most of them alike, as a level has
static uint32_t
make_units(uint32_t* const costs, uint64_t* const seed)
{
  const uint32_t n    = (uint32_t)ref_between(seed, 1U, MAX_UNITS);
  const uint32_t most = (uint32_t)ref_between(seed, 1U, 100000U);
  for (uint32_t u = 0U; u < n; ++u) {
    costs[u] = (uint32_t)ref_between(seed, 1U, most);
  }
  return n;
}

static void
test_no_slot_exceeds_the_mean_by_more_than_the_dearest_unit(void** const state)
{
  (void)state;

  uint64_t seed = 1U;
  for (uint32_t i = 0U; i < 2000U; ++i) {
    uint32_t       costs[MAX_UNITS];
    const uint32_t n_units = make_units(costs, &seed);
    const uint32_t n_slots = 1U << ref_between(&seed, 0U, 9U);

    uint64_t total   = 0U;
    uint64_t dearest = 0U;
    for (uint32_t u = 0U; u < n_units; ++u) {
      total += costs[u];
      dearest = costs[u] > dearest ? costs[u] : dearest;
    }

    FalSchedule schedule;
    uint32_t    unit = 0U;
    fal_schedule_begin(&schedule, total, n_slots);
    for (uint32_t s = 0U; s < n_slots; ++s) {
      uint64_t in_slot = 0U;
      while (unit < n_units && fal_schedule_wants(&schedule, costs[unit])) {
        fal_schedule_spend(&schedule, costs[unit]);
        in_slot += costs[unit++];
      }
      assert_true(in_slot <= total / n_slots + 1U + dearest);
      fal_schedule_advance(&schedule);
    }
    assert_int_equal(unit, n_units); // All is done when the window ends
  }
}

static void
test_what_was_not_foreseen_runs_in_the_last_slot(void** const state)
{
  (void)state;

  FalSchedule schedule;
  uint32_t    n_run = 0U;
  fal_schedule_begin(&schedule, 10U, 4U);
  for (uint32_t s = 0U; s < 4U; ++s) {
    while (n_run < 30U && fal_schedule_wants(&schedule, 1U)) {
      fal_schedule_spend(&schedule, 1U);
      ++n_run;
    }
    fal_schedule_advance(&schedule);
  }
  assert_int_equal(n_run, 30U);
}

static void
test_a_single_slot_takes_everything(void** const state)
{
  (void)state;

  FalSchedule schedule;
  fal_schedule_begin(&schedule, 10U, 1U);
  for (uint32_t u = 0U; u < 10U; ++u) {
    assert_true(fal_schedule_wants(&schedule, 1U));
    fal_schedule_spend(&schedule, 1U);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(
      test_no_slot_exceeds_the_mean_by_more_than_the_dearest_unit),
    cmocka_unit_test(test_what_was_not_foreseen_runs_in_the_last_slot),
    cmocka_unit_test(test_a_single_slot_takes_everything),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
