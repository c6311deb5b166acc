// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/shard.h"

#include "offline/message.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/// A number from the environment, or a default
static unsigned long
number(const char* const name, const unsigned long otherwise)
{
  const char* const   text  = getenv(name);
  char*               end   = NULL;
  const unsigned long value = text ? strtoul(text, &end, 10) : otherwise;
  return text && (*end || !*text) ? otherwise : value;
}

/// The place of this task in its array
static bool
read_slurm(FalShard* const shard)
{
  const unsigned long id    = number("SLURM_ARRAY_TASK_ID", 0U);
  const unsigned long least = number("SLURM_ARRAY_TASK_MIN", 0U);
  const unsigned long step  = number("SLURM_ARRAY_TASK_STEP", 1U);
  const unsigned long count = number("SLURM_ARRAY_TASK_COUNT", 0U);
  if (!step || id < least || (id - least) % step ||
      (id - least) / step >= count) {
    return false; // An array with holes
  }
  shard->index = (uint32_t)((id - least) / step);
  shard->count = (uint32_t)count;
  fal_message_note("part %u of %u, as this Slurm array job says",
                   shard->index + 1U, shard->count);
  return true;
}

bool
fal_shard_read(FalShard* const shard, const char* const text)
{
  *shard = (FalShard){0U, 1U};
  if (!text) {
    return !getenv("SLURM_ARRAY_TASK_ID") || read_slurm(shard);
  }
  char*               end   = NULL;
  const unsigned long index = strtoul(text, &end, 10);
  if (*end != '/') {
    return false;
  }
  const unsigned long count = strtoul(end + 1, &end, 10);
  if (*end || !index || index > count || count > UINT32_MAX) {
    return false;
  }
  *shard = (FalShard){(uint32_t)index - 1U, (uint32_t)count};
  return true;
}
