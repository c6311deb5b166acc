// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/plan.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

typedef void (*Check)(const FalPlan* plan, uint64_t* seed);

/// Call a check for many plans
static void
for_plans(const Check check)
{
  uint64_t seed = 1U;
  for (uint32_t block = FAL_MIN_BLOCK; block <= FAL_MAX_BLOCK; block *= 2U) {
    for (uint32_t n = 0U; n < 30U; ++n) {
      const uint32_t longest =
        (uint32_t)ref_between(&seed, 1U, 1U << (n % 22U));
      const uint32_t ins  = (uint32_t)ref_between(&seed, 1U, n % 17U + 1U);
      const uint32_t outs = (uint32_t)ref_between(&seed, 1U, n % 17U + 1U);
      FalPlan        plan;
      fal_plan_init(&plan, block, longest, ins, outs);
      assert_int_equal(plan.blocks[0], block);
      check(&plan, &seed);
    }
  }
}

static void
check_tiling(const FalPlan* const plan, uint64_t* const seed)
{
  for (uint32_t i = 0U; i < 50U; ++i) {
    const uint32_t n   = (uint32_t)ref_between(seed, 1U, 1U << (i % 23U));
    uint64_t       end = 0U;
    for (uint32_t l = 0U; l < fal_plan_n_levels(plan, n); ++l) {
      const uint32_t partitions = fal_plan_n_partitions(plan, l, n);
      assert_int_equal(plan->offsets[l], end);
      assert_true(partitions > 0U);
      end += (uint64_t)partitions * plan->blocks[l];
    }
    const uint32_t last = fal_plan_n_levels(plan, n) - 1U;
    assert_true(end >= n);
    assert_true(end - n < plan->blocks[last]);
  }
}

static void
test_partitions_tile_the_response(void** const state)
{
  (void)state;
  for_plans(check_tiling);
}

static void
check_due(const FalPlan* const plan, uint64_t* const seed)
{
  (void)seed;
  assert_int_equal(plan->offsets[0], 0U);
  for (uint32_t l = 1U; l < plan->n_levels; ++l) {
    assert_true(plan->blocks[l] > plan->blocks[l - 1U]);
    assert_true(plan->blocks[l] <= FAL_MAX_PARTITION);
    assert_int_equal(plan->blocks[l] & (plan->blocks[l] - 1U), 0U);
    assert_int_equal(plan->offsets[l], 2U * plan->blocks[l]);
    assert_true(plan->from[l] > plan->from[l - 1U]);
    assert_true(plan->from[l] >= plan->offsets[l]);
  }
}

static void
test_a_level_starts_two_blocks_into_the_response(void** const state)
{
  (void)state;
  for_plans(check_due);
}

static void
check_capacity(const FalPlan* const plan, uint64_t* const seed)
{
  for (uint32_t i = 0U; i < 50U; ++i) {
    const uint32_t longest = (uint32_t)ref_between(seed, 1U, 1U << (i % 21U));
    for (uint32_t k = 0U; k < 20U; ++k) {
      const uint32_t n = (uint32_t)ref_between(seed, 1U, longest);
      for (uint32_t l = 0U; l < plan->n_levels; ++l) {
        assert_true(fal_plan_n_partitions(plan, l, n) <=
                    fal_plan_capacity(plan, l, longest));
      }
    }
  }
}

static void
test_capacity_holds_every_shorter_response(void** const state)
{
  (void)state;
  for_plans(check_capacity);
}

static void
test_the_block_follows_the_calls(void** const state)
{
  (void)state;
  for (uint32_t n = 0U; n < 10000U; ++n) {
    const uint32_t block = fal_plan_block(n);
    assert_true(block >= FAL_MIN_BLOCK && block <= FAL_MAX_BLOCK);
    assert_int_equal(block & (block - 1U), 0U);
    if (n >= FAL_MIN_BLOCK && n <= FAL_MAX_BLOCK && !(n & (n - 1U))) {
      assert_int_equal(block, n); // No call waits, and none is cut
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_partitions_tile_the_response),
    cmocka_unit_test(test_a_level_starts_two_blocks_into_the_response),
    cmocka_unit_test(test_capacity_holds_every_shorter_response),
    cmocka_unit_test(test_the_block_follows_the_calls),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
