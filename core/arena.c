// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void*
fal_arena_carve(FalArena* const arena, const size_t n_bytes)
{
  const size_t start = arena->used;
  const size_t mask  = (size_t)FAL_ALIGNMENT - 1U;

  assert(n_bytes <= SIZE_MAX / 2U - start);
  arena->used = start + ((n_bytes + mask) & ~mask);
  return arena->base ? arena->base + start : NULL;
}

float*
fal_arena_floats(FalArena* const arena, const size_t n)
{
  assert(n <= SIZE_MAX / sizeof(float));
  return (float*)fal_arena_carve(arena, n * sizeof(float));
}

FalStatus
fal_arena_allocate(FalArena* const arena)
{
  const size_t n_bytes = arena->used ? arena->used : FAL_ALIGNMENT;
  char* const  base    = (char*)aligned_alloc(FAL_ALIGNMENT, n_bytes);
  if (!base) {
    return FAL_ERR_NO_MEM;
  }

  memset(base, 0, n_bytes);
  arena->base = base;
  arena->used = 0U;
  return FAL_OK;
}

void
fal_arena_release(void* const base)
{
  free(base);
}
