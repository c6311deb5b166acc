// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file tasks.h What a run has to do: a list of files

#ifndef FAL_OFFLINE_TASKS_H
#define FAL_OFFLINE_TASKS_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/settings.h"

#include <stdint.h>

/// A list that owns its words
typedef struct {
  FalRenderTask* tasks; ///< [n_tasks]
  uint32_t       n_tasks;
  uint32_t       n_room;
  const char*    extension; ///< Of outputs with the input's name; null: its own
} FalTasks;

/// Append a copy of a task; #FAL_OK or #FAL_ERR_NO_MEM
FAL_NODISCARD FalStatus fal_tasks_add(FalTasks*            tasks,
                                      const FalRenderTask* task);

/// As fal_tasks_add(), with the list's extension in place of the output's
FAL_NODISCARD FalStatus fal_tasks_add_named(FalTasks*            tasks,
                                            const FalRenderTask* task);

/**
   Append all sound files of a folder and of the folders in it, in the order of
   their names.

   What counts is the name's extension. The output folder, if it lies within, is
   passed over. Folders that are symbolic links are not entered.

   @param pattern `input` is the folder, `output` the folder that mirrors it;
   the rest is the same for all.
*/
FAL_NODISCARD FalStatus fal_tasks_add_folder(FalTasks*            tasks,
                                             const FalRenderTask* pattern,
                                             FalError*            error);

/**
   Append the lines of a manifest: tab-separated values, or JSON Lines.

   The columns are `input`, `ir`, `output` and `gain` (dB). Values without a
   line of names in front are in this order; with one, in its order, and there
   may be several columns `ir`. In JSON `ir` is a string or a list of them. An
   empty or missing value is the pattern's; an output that is missing has the
   input's name. Outputs are relative to the pattern's output folder.

   @param path "-" is standard input.
   @param pattern `output` is a folder, or null for the present one; `irs` may
   be empty.
   @return #FAL_OK, or the status that `error` explains, with the line.
*/
FAL_NODISCARD FalStatus fal_tasks_add_manifest(FalTasks*            tasks,
                                               const char*          path,
                                               const FalRenderTask* pattern,
                                               FalError*            error);

/// Keep tasks i, i + n, i + 2n … of the list
void fal_tasks_keep_shard(FalTasks* tasks, uint32_t i, uint32_t n);

/**
   Keep one response of each task, by chance.

   The choice depends on the seed and on the input's name alone: not on the
   order of the tasks, nor on the shard.
*/
void fal_tasks_choose(FalTasks* tasks, uint64_t seed);

/// Refuse two tasks with one output: #FAL_OK, or #FAL_ERR_EXISTS with both
FAL_NODISCARD FalStatus fal_tasks_check(const FalTasks* tasks, FalError* error);

/// The output of an input in a folder: a string for free(), or null
char* fal_tasks_join(const char* folder, const char* input);

/// Free the list
void fal_tasks_clear(FalTasks* tasks);

#endif // FAL_OFFLINE_TASKS_H
