// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/parents.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

FalStatus
fal_parents_make(const char* const path, FalError* const error)
{
  char* const copy = strdup(path);
  if (!copy) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  }
  FalStatus   st = FAL_OK;
  struct stat there;
  char* const last = strrchr(copy, '/');
  if (last && last != copy) {
    *last            = '\0';
    const bool is_ok = !stat(copy, &there);
    *last            = '/';
    for (char* s = is_ok ? NULL : strchr(copy + 1, '/'); s && !st;
         s       = strchr(s + 1, '/')) {
      *s = '\0';
      if (mkdir(copy, 0777) && errno != EEXIST) {
        st =
          fal_error_set(error, FAL_ERR_WRITE, "%s: %s", copy, strerror(errno));
      }
      *s = '/';
    }
  }
  free(copy);
  return st;
}
