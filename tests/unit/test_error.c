// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/error.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static void
test_what_cannot_be_printed_is_escaped(void** const state)
{
  (void)state;

  static const struct {
    const char* text;
    const char* printed;
  } rows[] = {
    {"plain.wav", "plain.wav"},
    {"a\nb\tc\x7F", "a\\x0Ab\\x09c\\x7F"},
    {"\x1B[2J", "\\x1B[2J"},
    {"Gr\xC3\xBC\xC3\x9F.wav", "Gr\xC3\xBC\xC3\x9F.wav"},
    {"\xE2\x82\xAC \xF0\x9F\x8E\xB5", "\xE2\x82\xAC \xF0\x9F\x8E\xB5"},
    {"\xFC", "\\xFC"},                   // Latin-1
    {"\xC3", "\\xC3"},                   // Cut off
    {"\xC0\xAF", "\\xC0\\xAF"},          // Too long a form
    {"\xE0\x80\xAF", "\\xE0\\x80\\xAF"}, // Too long a form
    {"\xED\xA0\x80", "\\xED\\xA0\\x80"}, // A surrogate
    {"\xC2\x9B", "\\xC2\\x9B"},          // A control character
    {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
    {"100%s%n", "100%s%n"},
  };
  for (size_t i = 0U; i < sizeof(rows) / sizeof(*rows); ++i) {
    FalError error = {FAL_OK, ""};
    assert_int_equal(fal_error_set(&error, FAL_ERR_READ, "%s", rows[i].text),
                     FAL_ERR_READ);
    assert_string_equal(error.text, rows[i].printed);
    assert_int_equal(error.status, FAL_ERR_READ);
  }
}

static void
test_long_texts_are_cut_between_characters(void** const state)
{
  (void)state;

  char text[2000];
  for (size_t n = 480U; n < 530U; ++n) {
    FalError error;
    memset(text, 'x', n);
    memcpy(text + n, "\xE2\x82\xAC\n\n", 6U);
    (void)fal_error_set(&error, FAL_ERR_READ, "%s", text);
    const size_t length = strlen(error.text);
    assert_true(length < sizeof(error.text));
    assert_true(strchr("x\xAC"
                       "A",
                       error.text[length - 1U]));
  }
}

static void
test_nobody_need_listen(void** const state)
{
  (void)state;
  assert_int_equal(fal_error_set(NULL, FAL_ERR_READ, "x"), FAL_ERR_READ);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_cannot_be_printed_is_escaped),
    cmocka_unit_test(test_long_texts_are_cut_between_characters),
    cmocka_unit_test(test_nobody_need_listen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
