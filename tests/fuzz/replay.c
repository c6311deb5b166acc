// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

// Replays what a fuzzer would try first: every seed, damaged in many ways

#include "tests/fuzz/seeds.h"
#include "tests/fuzz/target.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>
#include <unistd.h>

/// Numbers that break arithmetic
static const uint64_t evils[] = {
  0U,          1U,          0x7FU,       0x80U,       0xFFU,
  0x7FFFU,     0x8000U,     0xFFFFU,     0x7FFFFFFFU, 0x80000000U,
  0xFFFFFFF0U, 0xFFFFFFF8U, 0xFFFFFFFFU, UINT64_MAX,  INT64_MAX,
};

static void
test_every_seed_is_loaded(void** const state)
{
  (void)state;

  uint8_t bytes[FAL_SEED_BYTES];
  size_t  n = 0U;
  for (size_t s = 0U; (n = fal_seed(bytes, s)); ++s) {
    assert_int_equal(LLVMFuzzerTestOneInput(bytes, n), 0);
  }
}

static void
test_seeds_cut_anywhere_keep_the_promises(void** const state)
{
  (void)state;

  uint8_t bytes[FAL_SEED_BYTES];
  size_t  n = 0U;
  for (size_t s = 0U; (n = fal_seed(bytes, s)); ++s) {
    for (size_t end = 0U; end < n; end += end < 256U ? 1U : 17U) {
      assert_int_equal(LLVMFuzzerTestOneInput(bytes, end), 0);
    }
  }
}

static void
test_headers_with_evil_numbers_keep_the_promises(void** const state)
{
  (void)state;

  uint8_t seed[FAL_SEED_BYTES];
  uint8_t bytes[FAL_SEED_BYTES + 8U];
  size_t  n = 0U;
  for (size_t s = 0U; (n = fal_seed(seed, s)); ++s) {
    for (size_t at = 0U; at < 128U && at < n; ++at) {
      const uint64_t evil = evils[(at + s) % (sizeof(evils) / sizeof(*evils))];
      for (size_t width = 1U; width <= 8U; width *= 2U) {
        memcpy(bytes, seed, n);
        memcpy(bytes + at, &evil, width);
        assert_int_equal(LLVMFuzzerTestOneInput(bytes, n), 0);
      }
    }
  }
}

static void
test_seeds_with_random_damage_keep_the_promises(void** const state)
{
  (void)state;

  uint8_t  seed[FAL_SEED_BYTES];
  uint8_t  bytes[FAL_SEED_BYTES];
  uint64_t random = 1U;
  size_t   n      = 0U;
  for (size_t s = 0U; (n = fal_seed(seed, s)); ++s) {
    for (size_t i = 0U; i < 300U; ++i) {
      memcpy(bytes, seed, n);
      const size_t n_flips = ref_between(&random, 1U, 8U);
      for (size_t f = 0U; f < n_flips; ++f) {
        const size_t reach = f % 2U || n < 200U ? n : 200U;
        bytes[ref_between(&random, 0U, reach - 1U)] =
          (uint8_t)ref_random(&random);
      }
      assert_int_equal(LLVMFuzzerTestOneInput(bytes, n), 0);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_seed_is_loaded),
    cmocka_unit_test(test_seeds_cut_anywhere_keep_the_promises),
    cmocka_unit_test(test_headers_with_evil_numbers_keep_the_promises),
    cmocka_unit_test(test_seeds_with_random_damage_keep_the_promises),
  };
  alarm(100U); // A loop without an end ends the test
  return cmocka_run_group_tests(tests, NULL, NULL);
}
