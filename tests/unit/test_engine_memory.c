// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/engine.h"
#include "tests/failing.h"
#include "tests/reference.h"
#include "tests/unit/engine_bench.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <malloc.h>
#include <stdbool.h>

static void
test_each_failed_allocation_is_reported_and_leaks_nothing(void** const state)
{
  (void)state;
  const Matrix          m      = new_matrix(2U, 2U, 5000U, 1U);
  const FalEngineConfig config = {2U, 2U, 64U, 2000U};
  FalEngine* const      ready  = new_engine(2U, 2U, 64U, 2000U);

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalEngine* engine = NULL;
    fail_allocation(n);
    const FalStatus st = fal_engine_new(&engine, &config);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(failed == !engine);
    fal_engine_free(engine);
  }

  failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalKernel* kernel = NULL;
    fail_allocation(n);
    const FalStatus st =
      fal_kernel_new(&kernel, ready, m.routes, m.n_routes, SKIP_DB);
    failed = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(failed == !kernel);
    fal_kernel_free(kernel);
  }

  fal_engine_free(ready);
  free_matrix(&m);
}

static double
bytes_in_use(void)
{
  const struct mallinfo2 info = mallinfo2();
  return (double)info.uordblks + (double)info.hblkhd;
}

static void
test_memory_is_the_spectra_and_little_more(void** const state)
{
  (void)state;
  const uint32_t n = 480000U;
  const Matrix   m = new_matrix(2U, 2U, n, 1U);

  // Transforms are planned once a process, and stay
  fal_engine_free(new_engine(2U, 2U, 64U, n));

  const double     before = bytes_in_use();
  FalEngine* const engine = new_sounding_engine(&m, 64U, 0.0);
  const double     used   = bytes_in_use() - before;

  // 8 bytes a bin: four responses, and the history of two inputs
  assert_true(used < 1.3 * 8.0 * n * (4.0 + 2.0));

  fal_engine_free(engine);
  assert_true(bytes_in_use() - before < 4096.0);
  free_matrix(&m);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_each_failed_allocation_is_reported_and_leaks_nothing),
    cmocka_unit_test(test_memory_is_the_spectra_and_little_more),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
