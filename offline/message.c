// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/message.h"

#include "core/status.h"
#include "ir/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static bool is_quiet = false;

void
fal_message_set_quiet(const bool quiet)
{
  is_quiet = quiet;
}

/// One write, so that lines of parallel processes do not mix
static void
say(const char* const kind, const char* const sentence)
{
  char      line[640];
  const int n = snprintf(line, sizeof(line), "faltung: %s%s\n", kind, sentence);
  if (n > 0) {
    fwrite(line, 1U, (size_t)n, stderr);
  }
}

static void
say_escaped(const char* const kind, const char* const format, va_list args)
{
  if (!is_quiet) {
    char     text[512];
    FalError escaped;
    vsnprintf(text, sizeof(text), format, args);
    fal_error_set(&escaped, FAL_OK, "%s", text);
    say(kind, escaped.text);
  }
}

void
fal_message_note(const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  say_escaped("", format, args);
  va_end(args);
}

void
fal_message_warn(const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  say_escaped("warning: ", format, args);
  va_end(args);
}

void
fal_message_error(const FalError* const error)
{
  say("", error->text);
}
