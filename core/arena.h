// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_CORE_ARENA_H
#define FAL_CORE_ARENA_H

#include "core/attributes.h"
#include "core/status.h"

#include <stddef.h>

/// What every carved piece is aligned to: a cache line, and any vector
#define FAL_ALIGNMENT 64U

/**
   One aligned allocation, carved into the buffers of an object.

   A constructor lists its buffers in one function, and runs it twice: over an
   arena whose `base` is null, to measure, and over one with memory, to carve.
*/
typedef struct {
  char*  base; ///< Null while measuring
  size_t used; ///< Bytes carved until now
} FalArena;

/**
   Take the next `n_bytes`, aligned to #FAL_ALIGNMENT.

   @return The memory, or null while measuring.
*/
void* fal_arena_carve(FalArena* arena, size_t n_bytes);

/// Take the next `n` floats; see fal_arena_carve()
float* fal_arena_floats(FalArena* arena, size_t n);

/**
   Allocate what has been measured: aligned, zeroed, and carved from its start.

   @param arena Measured; on success `base` is set and `used` is zero again.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_arena_allocate(FalArena* arena);

/// Release memory that fal_arena_allocate() made; null is fine
void fal_arena_release(void* base);

#endif // FAL_CORE_ARENA_H
