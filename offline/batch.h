// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file batch.h Many files, side by side

#ifndef FAL_OFFLINE_BATCH_H
#define FAL_OFFLINE_BATCH_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/render.h"
#include "offline/tasks.h"

#include <stdbool.h>
#include <stdint.h>

/// How a list is worked off
typedef struct {
  FalRenderSettings settings; ///< Of each file
  uint32_t          n_jobs;   ///< Files at a time, at least 1
  bool              resume;   ///< Pass over outputs that are there
  bool              json;     ///< Print a line for each file
} FalBatch;

/**
   Render all tasks.

   A file that fails is said, and the others go on. Finished files are brought
   to the disk and published in groups, every second or so. Folders of outputs
   are made as needed.

   @return #FAL_OK, or the first file's status; `error` says how many failed.
*/
FAL_NODISCARD FalStatus fal_batch_run(const FalBatch* batch,
                                      const FalTasks* tasks, FalError* error);

#endif // FAL_OFFLINE_BATCH_H
