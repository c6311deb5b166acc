// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

/// Memory from this size on is asked for in huge pages: zeroing and mapping
/// small ones costs more than what short recordings are used for
#define HUGE_PAGE ((size_t)1U << 21U)

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
  const size_t used    = arena->used ? arena->used : FAL_ALIGNMENT;
  const size_t align   = used < HUGE_PAGE ? FAL_ALIGNMENT : HUGE_PAGE;
  const size_t n_bytes = (used + align - 1U) / align * align;
  char* const  base    = (char*)aligned_alloc(align, n_bytes);
  if (!base) {
    return FAL_ERR_NO_MEM;
  }

#ifdef MADV_HUGEPAGE
  if (align == HUGE_PAGE) {
    (void)madvise(base, n_bytes, MADV_HUGEPAGE); // A wish: all works without
  }
#endif
  memset(base, 0, used);
  arena->base = base;
  arena->used = 0U;
  return FAL_OK;
}

void
fal_arena_release(void* const base)
{
  free(base);
}
