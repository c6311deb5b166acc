// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/pair.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char* const words[][2] = {
  {"L", "R"},        {"l", "r"},        {"Left", "Right"},
  {"left", "right"}, {"LEFT", "RIGHT"},
};

/// Return whether the stem, which ends at `end`, ends in this word of its own
static bool
ends_in(const char* const start, const char* const end, const char* const word)
{
  const size_t n = strlen(word);
  return (size_t)(end - start) > n + 1U && strchr("-_. ", *(end - n - 1)) &&
         !memcmp(end - n, word, n);
}

FalStatus
fal_pair_find(char** const left, char** const right, const char* const path)
{
  const char* const slash = strrchr(path, '/');
  const char* const name  = slash ? slash + 1 : path;
  const char* const dot   = strrchr(name, '.');
  const char* const end   = dot ? dot : name + strlen(name);

  *left  = NULL;
  *right = NULL;
  for (size_t w = 0U; w < sizeof(words) / sizeof(*words); ++w) {
    for (size_t side = 0U; side < 2U; ++side) {
      if (!ends_in(name, end, words[w][side])) {
        continue;
      }
      const int    n_stem = (int)(end - path) - (int)strlen(words[w][side]);
      const size_t n      = strlen(path) + 8U;
      char* const  own    = strdup(path);
      char* const  other  = (char*)malloc(n);
      if (!own || !other) {
        free(own);
        free(other);
        return FAL_ERR_NO_MEM;
      }
      (void)snprintf(other, n, "%.*s%s%s", n_stem, path, words[w][1U - side],
                     end);

      struct stat info;
      if (!stat(other, &info) && S_ISREG(info.st_mode)) {
        *left  = side ? other : own;
        *right = side ? own : other;
        return FAL_OK;
      }
      free(own);
      free(other);
    }
  }
  return FAL_OK;
}
