// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/pair.h"
#include "tests/failing.h"
#include "tests/sounds.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static void
touch(const char* const path)
{
  FILE* const f = fopen(path, "wb");
  assert_non_null(f);
  fclose(f);
}

static void
test_partners_are_known_by_their_names(void** const state)
{
  (void)state;

  static const struct {
    const char* left;
    const char* right;
  } rows[] = {
    {"x-L.wav", "x-R.wav"},
    {"x_L.wav", "x_R.wav"},
    {"x.L.wav", "x.R.wav"},
    {"x L.wav", "x R.wav"},
    {"x-l.aiff", "x-r.aiff"},
    {"x-Left.wav", "x-Right.wav"},
    {"x_left.flac", "x_right.flac"},
    {"x LEFT", "x RIGHT"},
    {"./a-L.b/y-L.wav", "./a-L.b/y-R.wav"},
  };
  enter_folder();
  assert_int_equal(mkdir("a-L.b", 0700), 0);
  for (size_t i = 0U; i < sizeof(rows) / sizeof(*rows); ++i) {
    touch(rows[i].left);
    touch(rows[i].right);
    for (size_t side = 0U; side < 2U; ++side) {
      char* left  = NULL;
      char* right = NULL;
      assert_int_equal(
        fal_pair_find(&left, &right, side ? rows[i].right : rows[i].left),
        FAL_OK);
      assert_string_equal(left, rows[i].left);
      assert_string_equal(right, rows[i].right);
      free(left);
      free(right);
    }
  }
  leave_folder();
}

static void
test_others_have_no_partner(void** const state)
{
  (void)state;

  enter_folder();
  const char* const names[] = {
    "bright.wav", "bleft.wav", "HALL.wav",   "HALR.wav",    "L.wav", "R.wav",
    "-L.wav",     "a-L.wav",   "b-Left.wav", "b-right.wav", "c-L",   "d-L.wav",
  };
  for (size_t i = 0U; i < sizeof(names) / sizeof(*names); ++i) {
    touch(names[i]);
  }
  assert_int_equal(mkdir("d-R.wav", 0700), 0);
  for (size_t i = 0U; i < sizeof(names) / sizeof(*names); ++i) {
    char* left  = NULL;
    char* right = NULL;
    assert_int_equal(fal_pair_find(&left, &right, names[i]), FAL_OK);
    assert_null(left);
    assert_null(right);
  }
  leave_folder();
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  enter_folder();
  touch("x-L.wav");
  touch("x-R.wav");
  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    char* left  = NULL;
    char* right = NULL;
    fail_allocation(n);
    const FalStatus st = fal_pair_find(&left, &right, "x-L.wav");
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(failed == !left && failed == !right);
    free(left);
    free(right);
    assert_true(n || failed); // There is an allocation to fail
  }
  leave_folder();
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_partners_are_known_by_their_names),
    cmocka_unit_test(test_others_have_no_partner),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
