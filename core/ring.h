// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ring.h The past spectra of the inputs, as one level needs them

#ifndef FAL_CORE_RING_H
#define FAL_CORE_RING_H

#include "core/arena.h"
#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/**
   Rings of spectra: [groups][inputs][blocks in a group][capacity][32].

   So a group's past lies together, and is read in the order of the partitions.
*/
typedef struct {
  float*   x;        ///< Null if the capacity is 0
  uint32_t capacity; ///< Slots
  uint32_t head;     ///< The newest slot; older ones follow
  uint32_t n_valid;  ///< Slots that hold something
} FalRing;

/// Allocate an empty ring; a capacity of 0 is fine
static inline FalStatus
fal_ring_init(FalRing* const ring, const FalFft* const fft,
              const uint32_t n_inputs, const uint32_t capacity)
{
  FalArena arena = {NULL, 0U};
  if (capacity) {
    (void)fal_arena_floats(&arena,
                           2U * (size_t)fft->size * n_inputs * capacity);
    const FalStatus st = fal_arena_allocate(&arena);
    if (st) {
      return st;
    }
  }

  *ring = (FalRing){(float*)arena.base, capacity, 0U, 0U};
  return FAL_OK;
}

static inline void
fal_ring_clear(FalRing* const ring)
{
  fal_arena_release(ring->x);
  *ring = (FalRing){NULL, 0U, 0U, 0U};
}

/// The slots of one group, one input and one block
FAL_RT static inline float*
fal_ring_slots(const FalRing* const ring, const FalFft* const fft,
               const uint32_t n_inputs, const uint32_t group,
               const uint32_t input, const uint32_t block)
{
  return ring->x +
         (((size_t)group * n_inputs + input) * fft->n_blocks + block) *
           ring->capacity * FAL_BLOCK_FLOATS;
}

#endif // FAL_CORE_RING_H
