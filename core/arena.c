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

/// A huge page of the usual processors
#define HUGE_PAGE ((uintptr_t)1U << 21U)

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

/// Ask for huge pages where they fit: to map and to zero small ones costs a
/// fifth of comparing two short recordings. All works without
static void
wish_huge_pages(char* const base, const size_t n_bytes)
{
#ifdef MADV_HUGEPAGE
  const uintptr_t start = ((uintptr_t)base + HUGE_PAGE - 1U) / HUGE_PAGE;
  const uintptr_t end   = ((uintptr_t)base + n_bytes) / HUGE_PAGE;
  if (start < end) {
    (void)madvise(base + (start * HUGE_PAGE - (uintptr_t)base),
                  (end - start) * HUGE_PAGE, MADV_HUGEPAGE);
  }
#else
  (void)base;
  (void)n_bytes;
#endif
}

FalStatus
fal_arena_allocate(FalArena* const arena)
{
  const size_t n_bytes = arena->used ? arena->used : FAL_ALIGNMENT;
  char* const  base    = (char*)aligned_alloc(FAL_ALIGNMENT, n_bytes);
  if (!base) {
    return FAL_ERR_NO_MEM;
  }

  wish_huge_pages(base, n_bytes);
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
