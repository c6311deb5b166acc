// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static void
test_carving_twice_gives_the_same_places(void** const state)
{
  (void)state;

  FalArena     arena = {NULL, 0U};
  size_t       ends[64];
  const size_t sizes[] = {0U, 1U, 63U, 64U, 65U, 4096U, 100000U};
  for (size_t i = 0U; i < 64U; ++i) {
    assert_null(fal_arena_carve(&arena, sizes[i % 7U] + i));
    ends[i] = arena.used;
  }

  assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
  char* const base = arena.base;
  for (size_t i = 0U; i < 64U; ++i) {
    const size_t start = i ? ends[i - 1U] : 0U;
    char* const  piece = (char*)fal_arena_carve(&arena, sizes[i % 7U] + i);
    assert_ptr_equal(piece, base + start);
    assert_int_equal((uintptr_t)piece % FAL_ALIGNMENT, 0U);
    assert_int_equal(arena.used, ends[i]);
    for (size_t b = 0U; b < sizes[i % 7U] + i; ++b) {
      assert_int_equal(piece[b], 0);
    }
  }
  fal_arena_release(base);
}

/// Of any size, also where it comes in huge pages
static void
test_all_that_is_carved_is_zero(void** const state)
{
  (void)state;

  for (size_t n = 1U; n < 10000000U; n = 3U * n + 64U) {
    FalArena arena = {NULL, 0U};
    (void)fal_arena_carve(&arena, n);
    assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
    char* const piece = (char*)fal_arena_carve(&arena, n);
    for (size_t b = 0U; b < n; ++b) {
      assert_int_equal(piece[b], 0);
    }
    memset(piece, 1, n);
    fal_arena_release(arena.base);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_carving_twice_gives_the_same_places),
    cmocka_unit_test(test_all_that_is_carved_is_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
