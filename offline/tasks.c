// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/tasks.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/settings.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
clear_task(FalRenderTask* const task)
{
  free((void*)(uintptr_t)task->input); // All of it is one allocation
  memset(task, 0, sizeof(*task));
}

/// Copy a string behind others, and move on
static const char*
put(char** const end, const char* const text)
{
  char* const place = *end;
  *end              = stpcpy(place, text) + 1;
  return place;
}

/// Copy a task with all of its words into one allocation, the input first
static FalStatus
copy_task(FalRenderTask* const copy, const FalRenderTask* const task)
{
  size_t n = strlen(task->input) + strlen(task->output) + 2U + sizeof(char*);
  for (uint32_t i = 0U; i < task->n_irs; ++i) {
    n += strlen(task->irs[i]) + 1U + sizeof(char*);
  }
  char* end = (char*)malloc(n);
  if (!end) {
    return FAL_ERR_NO_MEM;
  }
  *copy        = *task;
  copy->input  = put(&end, task->input);
  copy->output = put(&end, task->output);

  // The list stands behind the first two words, aligned
  const uintptr_t misfit = (uintptr_t)end % sizeof(char*);
  end += misfit ? sizeof(char*) - misfit : 0U;
  const char** const irs = (const char**)(void*)end;
  end += task->n_irs * sizeof(char*);
  for (uint32_t i = 0U; i < task->n_irs; ++i) {
    irs[i] = put(&end, task->irs[i]);
  }
  copy->irs = irs;
  return FAL_OK;
}

FalStatus
fal_tasks_add(FalTasks* const tasks, const FalRenderTask* const task)
{
  if (tasks->n_tasks == tasks->n_room) {
    const uint32_t       n = tasks->n_room ? 2U * tasks->n_room : 16U;
    FalRenderTask* const room =
      (FalRenderTask*)realloc(tasks->tasks, (size_t)n * sizeof(FalRenderTask));
    if (!room) {
      return FAL_ERR_NO_MEM;
    }
    tasks->tasks  = room;
    tasks->n_room = n;
  }
  const FalStatus st = copy_task(&tasks->tasks[tasks->n_tasks], task);
  tasks->n_tasks += st ? 0U : 1U;
  return st;
}

FalStatus
fal_tasks_add_named(FalTasks* const tasks, const FalRenderTask* const task)
{
  if (!tasks->extension) {
    return fal_tasks_add(tasks, task);
  }
  const char* const slash = strrchr(task->output, '/');
  const char* const dot   = strrchr(slash ? slash : task->output, '.');
  const int n = (int)(dot ? dot - task->output : (long)strlen(task->output));
  char*     output = NULL;
  if (asprintf(&output, "%.*s.%s", n, task->output, tasks->extension) < 0) {
    return FAL_ERR_NO_MEM;
  }
  FalRenderTask named = *task;
  named.output        = output;
  const FalStatus st  = fal_tasks_add(tasks, &named);
  free(output);
  return st;
}

void
fal_tasks_keep_shard(FalTasks* const tasks, const uint32_t i, const uint32_t n)
{
  uint32_t n_kept = 0U;
  for (uint32_t t = 0U; t < tasks->n_tasks; ++t) {
    if (t % n == i) {
      tasks->tasks[n_kept++] = tasks->tasks[t];
    } else {
      clear_task(&tasks->tasks[t]);
    }
  }
  tasks->n_tasks = n_kept;
}

/// FNV-1a, 64 bits, with its last bits mixed (Stafford's variant 13)
static uint64_t
hash(const char* text, const uint64_t seed)
{
  uint64_t h = 0xCBF29CE484222325ULL ^ (seed * 0x9E3779B97F4A7C15ULL);
  for (; *text; ++text) {
    h = (h ^ (uint8_t)*text) * 0x100000001B3ULL;
  }
  h = (h ^ (h >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  h = (h ^ (h >> 27U)) * 0x94D049BB133111EBULL;
  return h ^ (h >> 31U);
}

void
fal_tasks_choose(FalTasks* const tasks, const uint64_t seed)
{
  for (uint32_t t = 0U; t < tasks->n_tasks; ++t) {
    FalRenderTask* const task = &tasks->tasks[t];
    task->irs += hash(task->input, seed) % task->n_irs;
    task->n_irs = 1U;
  }
}

static int
compare_outputs(const void* const a, const void* const b)
{
  return strcmp(*(const char* const*)a, *(const char* const*)b);
}

FalStatus
fal_tasks_check(const FalTasks* const tasks, FalError* const error)
{
  const char** const outputs =
    (const char**)calloc(tasks->n_tasks + 1U, sizeof(char*));
  if (!outputs) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "out of memory");
  }
  for (uint32_t t = 0U; t < tasks->n_tasks; ++t) {
    outputs[t] = tasks->tasks[t].output;
  }
  qsort(outputs, tasks->n_tasks, sizeof(char*), compare_outputs);
  FalStatus st = FAL_OK;
  for (uint32_t t = 1U; t < tasks->n_tasks && !st; ++t) {
    if (!strcmp(outputs[t - 1U], outputs[t])) {
      st = fal_error_set(error, FAL_ERR_EXISTS,
                         "%s: is the output of two recordings", outputs[t]);
    }
  }
  free(outputs);
  return st;
}

char*
fal_tasks_join(const char* const folder, const char* const input)
{
  char*        path    = NULL;
  const size_t n       = strlen(folder);
  const char*  between = n && folder[n - 1U] != '/' ? "/" : "";
  return asprintf(&path, "%s%s%s", folder, between, input) < 0 ? NULL : path;
}

void
fal_tasks_clear(FalTasks* const tasks)
{
  for (uint32_t t = 0U; t < tasks->n_tasks; ++t) {
    clear_task(&tasks->tasks[t]);
  }
  free(tasks->tasks);
  memset(tasks, 0, sizeof(*tasks));
}
