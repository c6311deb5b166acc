// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file folder.c The tasks of a folder; see tasks.h

#include "core/status.h"
#include "ir/error.h"
#include "offline/settings.h"
#include "offline/sound.h"
#include "offline/tasks.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/// What is the same for all folders
typedef struct {
  FalTasks*            tasks;
  const FalRenderTask* pattern;
  struct stat          output; ///< Of the output folder
  bool                 has_output;
  FalError*            error;
} Walk;

static FalStatus walk(Walk* self, const char* input, const char* output);

static FalStatus
visit(Walk* const self, const char* const input, const char* const output)
{
  struct stat link;
  struct stat status;
  if (lstat(input, &link) || stat(input, &status)) {
    return fal_error_set(self->error, FAL_ERR_READ, "%s: %s", input,
                         strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    const bool is_output = self->has_output &&
                           status.st_dev == self->output.st_dev &&
                           status.st_ino == self->output.st_ino;
    return S_ISLNK(link.st_mode) || is_output ? FAL_OK
                                              : walk(self, input, output);
  }
  if (!S_ISREG(status.st_mode) || !fal_sound_is_known(input)) {
    return FAL_OK;
  }
  FalRenderTask task = *self->pattern;
  task.input         = input;
  task.output        = output;
  const FalStatus st = fal_tasks_add_named(self->tasks, &task);
  return st ? fal_error_set(self->error, st, "%s: out of memory", input) : st;
}

static FalStatus
walk(Walk* const self, const char* const input, const char* const output)
{
  struct dirent** entries = NULL;
  const int       n       = scandir(input, &entries, NULL, alphasort);
  if (n < 0) {
    return fal_error_set(self->error, FAL_ERR_READ, "%s: %s", input,
                         strerror(errno));
  }
  FalStatus st = FAL_OK;
  for (int i = 0; i < n; ++i) {
    const char* const name = entries[i]->d_name;
    if (name[0] != '.' && !st) { // Hidden ones, and our own temporaries
      char* const in  = fal_tasks_join(input, name);
      char* const out = fal_tasks_join(output, name);
      st              = in && out ? visit(self, in, out)
                                  : fal_error_set(self->error, FAL_ERR_NO_MEM,
                                                  "%s: out of memory", input);
      free(in);
      free(out);
    }
    free(entries[i]);
  }
  free(entries);
  return st;
}

FalStatus
fal_tasks_add_folder(FalTasks* const tasks, const FalRenderTask* const pattern,
                     FalError* const error)
{
  Walk self       = {.tasks = tasks, .pattern = pattern, .error = error};
  self.has_output = !stat(pattern->output, &self.output);
  return walk(&self, pattern->input, pattern->output);
}
