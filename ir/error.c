// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Return the length of the printable UTF-8 character at `s`, or 0
static size_t
printable_length(const unsigned char* const s)
{
  static const uint32_t least[] = {0U, 0U, 0x80U, 0x800U, 0x10000U};

  if (s[0] < 0x80U) {
    return s[0] >= 0x20U && s[0] != 0x7FU;
  }

  const size_t n    = s[0] >= 0xF0U ? 4U : s[0] >= 0xE0U ? 3U : 2U;
  uint32_t     code = s[0] & (0x7FU >> n);
  for (size_t i = 1U; i < n; ++i) {
    if ((s[i] & 0xC0U) != 0x80U) {
      return 0U;
    }
    code = (code << 6U) | (s[i] & 0x3FU);
  }

  const bool is_control   = code < 0xA0U;
  const bool is_surrogate = code >= 0xD800U && code < 0xE000U;
  const bool is_whole     = s[0] >= 0xC2U && s[0] < 0xF5U && code >= least[n];
  return is_whole && !is_control && !is_surrogate && code < 0x110000U ? n : 0U;
}

void
fal_escape(char* const out, const size_t n_out, const char* const text)
{
  const unsigned char* s = (const unsigned char*)text;
  size_t               o = 0U;
  while (*s) {
    const size_t n = printable_length(s);
    if (o + (n ? n : 4U) >= n_out) {
      break;
    }
    if (n) {
      memcpy(out + o, s, n);
      o += n;
      s += n;
    } else {
      o += (size_t)snprintf(out + o, n_out - o, "\\x%02X", *s++);
    }
  }
  out[o] = '\0';
}

FalStatus
fal_error_set(FalError* const error, const FalStatus status,
              const char* const format, ...)
{
  if (error) {
    char    text[sizeof(error->text)];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);

    error->status = status;
    fal_escape(error->text, sizeof(error->text), text);
  }
  return status;
}
