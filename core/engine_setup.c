// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/engine.h"
#include "core/engine_state.h"
#include "core/fft.h"
#include "core/level.h"
#include "core/plan.h"
#include "core/simd.h"
#include "core/status.h"

#include <stdlib.h>

static void
lay_out(FalEngine* const engine, FalArena* const arena)
{
  const uint32_t block    = engine->plan.blocks[0];
  const size_t   n_frames = (size_t)engine->config.n_outputs * block;

  engine->input =
    fal_arena_floats(arena, (size_t)engine->config.n_inputs * engine->n_input);
  engine->spill = fal_arena_floats(arena, block);
  engine->gains = fal_arena_floats(arena, block);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    engine->sums[v]  = fal_arena_floats(arena, n_frames);
    engine->early[v] = fal_arena_floats(arena, n_frames);
  }
}

static FalStatus
init_levels(FalEngine* const engine)
{
  const FalEngineConfig* const config = &engine->config;
  const FalPlan* const         plan   = &engine->plan;

  FalStatus st = FAL_OK;
  for (uint32_t l = 0U; !st && l < plan->n_levels; ++l) {
    const uint32_t block = plan->blocks[l];
    st                   = fal_fft_get(&engine->ffts[l], block);
    if (!st) {
      st = fal_level_init(&engine->levels[l], engine->ffts[l], config->n_inputs,
                          config->n_outputs, block / plan->blocks[0],
                          fal_plan_capacity(plan, l, config->longest));
    }
  }
  return st;
}

FalStatus
fal_engine_new(FalEngine** const engine, const FalEngineConfig* const config)
{
  if (!config->n_inputs || config->n_inputs > FAL_ENGINE_MAX_CHANNELS ||
      !config->n_outputs || config->n_outputs > FAL_ENGINE_MAX_CHANNELS ||
      !config->longest) {
    return FAL_ERR_BAD_ARG;
  }

  FalEngine* const e = (FalEngine*)calloc(1U, sizeof(FalEngine));
  if (!e) {
    return FAL_ERR_NO_MEM;
  }

  e->config = *config;
  e->simd   = fal_simd_get();
  fal_plan_init(&e->plan, fal_plan_block(config->nominal_block),
                config->longest, config->n_inputs, config->n_outputs);
  e->n_input = 2U * e->plan.blocks[e->plan.n_levels - 1U];

  FalArena  arena = {NULL, 0U};
  FalStatus st    = init_levels(e);
  if (!st) {
    lay_out(e, &arena);
    st = fal_arena_allocate(&arena);
  }
  if (st) {
    fal_engine_free(e);
    return st;
  }
  lay_out(e, &arena);
  e->memory = arena.base;

  *engine = e;
  return FAL_OK;
}

void
fal_engine_free(FalEngine* const engine)
{
  if (engine) {
    for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
      fal_level_clear(&engine->levels[l]);
    }
    for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
      fal_kernel_free(engine->kernels[v]);
    }
    fal_kernel_free(engine->retired);
    fal_arena_release(engine->memory);
    free(engine);
  }
}
