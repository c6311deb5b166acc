// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/tail.h"

#include "core/arena.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/planes.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct FalTail {
  FalTailConfig config;
  FalPlanes     ring;   ///< [n_channels][n_frames]
  char*         memory; ///< Of the ring
  uint32_t      next;   ///< Frame of the ring that comes next: the oldest
  uint32_t      n_held;
};

FalStatus
fal_tail_new(FalTail** const tail, const FalTailConfig* const config)
{
  FalTail* const made = (FalTail*)calloc(1U, sizeof(FalTail));
  if (!made) {
    return FAL_ERR_NO_MEM;
  }
  FalArena arena       = {NULL, 0U};
  made->config         = *config;
  made->ring.is_double = config->is_double;
  fal_planes_carve(&made->ring, &arena, config->n_channels, config->n_frames);
  if (fal_arena_allocate(&arena)) {
    free(made);
    return FAL_ERR_NO_MEM;
  }
  made->memory = arena.base;
  fal_planes_carve(&made->ring, &arena, config->n_channels, config->n_frames);
  *tail = made;
  return FAL_OK;
}

/// Pass on frames of the ring, from one of them on up to its end
static FalStatus
pass_on(const FalTail* const tail, const uint32_t first, const uint32_t n,
        FalError* const error)
{
  const FalTailConfig* const config = &tail->config;
  const FalPlanes            planes =
    fal_planes_from(&tail->ring, config->n_channels, first);
  return n ? config->consume(config->handle, &planes, n, error) : FAL_OK;
}

FalStatus
fal_tail_push(FalTail* const tail, const FalPlanes* const planes,
              const size_t n_frames, FalError* const error)
{
  const FalTailConfig* const config = &tail->config;
  if (!config->n_frames) {
    return config->consume(config->handle, planes, n_frames, error);
  }
  for (size_t t = 0U; t < n_frames;) {
    const uint32_t room = config->n_frames - tail->next;
    const uint32_t n    = n_frames - t < room ? (uint32_t)(n_frames - t) : room;
    const bool     is_full = tail->n_held == config->n_frames;
    if (is_full) {
      const FalStatus st = pass_on(tail, tail->next, n, error);
      if (st) {
        return st;
      }
    }
    const FalPlanes from = fal_planes_from(planes, config->n_channels, t);
    const FalPlanes to =
      fal_planes_from(&tail->ring, config->n_channels, tail->next);
    fal_planes_copy(&to, &from, config->n_channels, n);
    tail->n_held += is_full ? 0U : n;
    tail->next = (tail->next + n) % config->n_frames;
    t += n;
  }
  return FAL_OK;
}

static bool
is_quiet(const FalTail* const tail, const uint32_t frame)
{
  for (uint32_t c = 0U; c < tail->config.n_channels; ++c) {
    if (fabs(fal_planes_get(&tail->ring, c, frame)) >= tail->config.floor) {
      return false;
    }
  }
  return true;
}

FalStatus
fal_tail_end(FalTail* const tail, FalError* const error)
{
  const uint32_t size = tail->config.n_frames;
  if (!size) {
    return FAL_OK;
  }
  // Until the ring is full, the oldest is frame 0
  const uint32_t oldest = tail->n_held == size ? tail->next : 0U;
  uint32_t       n_kept = tail->n_held;
  while (n_kept && is_quiet(tail, (oldest + n_kept - 1U) % size)) {
    --n_kept;
  }
  const uint32_t  n_first = n_kept < size - oldest ? n_kept : size - oldest;
  const FalStatus st      = pass_on(tail, oldest, n_first, error);
  return st ? st : pass_on(tail, 0U, n_kept - n_first, error);
}

void
fal_tail_free(FalTail* const tail)
{
  if (tail) {
    fal_arena_release(tail->memory);
    free(tail);
  }
}
