// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/fft_slices.h"
#include "core/level.h"
#include "core/ring.h"
#include "core/status.h"
#include "core/sum_ops.h"

static void
lay_out(FalLevel* const level, FalArena* const arena)
{
  const size_t n_frames = (size_t)level->n_outputs * level->block;

  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    voice->heard               = fal_arena_floats(arena, n_frames);
    voice->made                = fal_arena_floats(arena, n_frames);
    voice->overlap             = fal_arena_floats(arena, n_frames);
    voice->matrix              = fal_arena_floats(arena, 2U * n_frames);
    if (level->n_slots > 1U) {
      voice->ahead = fal_arena_floats(arena, n_frames);
    }
  }

  const FalFft* const fft = level->fft;
  level->matrix =
    fal_arena_floats(arena, 2U * (size_t)level->n_inputs * level->block);
  level->scratch = fal_arena_floats(arena, fal_fft_scratch_floats(fft));
}

FalStatus
fal_level_init(FalLevel* const level, const FalFft* const fft,
               const uint32_t n_inputs, const uint32_t n_outputs,
               const uint32_t n_slots, const uint32_t capacity)
{
  *level = (FalLevel){.fft       = fft,
                      .ops       = fal_sum_ops_get(),
                      .block     = fft->size,
                      .n_inputs  = n_inputs,
                      .n_outputs = n_outputs,
                      .n_slots   = n_slots};

  FalStatus st = fal_ring_init(&level->ring, fft, n_inputs, capacity);
  if (st) {
    return st;
  }

  FalArena arena = {NULL, 0U};
  lay_out(level, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    fal_ring_clear(&level->ring);
    return st;
  }
  lay_out(level, &arena);
  level->memory       = arena.base;
  level->cursor.phase = FAL_DONE;
  return FAL_OK;
}

void
fal_level_clear(FalLevel* const level)
{
  fal_ring_clear(&level->ring);
  fal_arena_release(level->memory);
  level->memory = NULL;
}
