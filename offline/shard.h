// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file shard.h Which part of a list this process does

#ifndef FAL_OFFLINE_SHARD_H
#define FAL_OFFLINE_SHARD_H

#include "core/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/// Tasks index, index + count, index + 2 count …
typedef struct {
  uint32_t index; ///< From 0
  uint32_t count; ///< At least 1
} FalShard;

/**
   Read "I/N", with I from 1 to N.

   @param text Null: what the environment of a Slurm array job says, from
   SLURM_ARRAY_TASK_ID, _MIN, _STEP and _COUNT, or else 1/1.
   @return Whether it makes sense.
*/
FAL_NODISCARD bool fal_shard_read(FalShard* shard, const char* text);

#endif // FAL_OFFLINE_SHARD_H
