// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/json.h"

#include "core/status.h"
#include "ir/error.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t*
fal_json_text(const char* const text)
{
  json_t* string = json_string(text);
  if (!string) {
    const size_t n_escaped = 4U * strlen(text) + 1U;
    char* const  escaped   = (char*)malloc(n_escaped);
    if (escaped) {
      fal_escape(escaped, n_escaped, text);
      string = json_string(escaped);
      free(escaped);
    }
  }
  return string;
}

FalStatus
fal_json_print(json_t* const value, FalError* const error)
{
  char* const line =
    json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
  json_decref(value);
  if (!line) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "results: out of memory");
  }
  printf("%s\n", line); // Checked when standard output is closed
  free(line);
  return FAL_OK;
}
