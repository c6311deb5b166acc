// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/kernel.h"

#include "core/arena.h"
#include "core/engine_state.h"
#include "core/fft.h"
#include "core/fft_slices.h"
#include "core/kernel_build.h"
#include "core/kernel_layout.h"
#include "core/plan.h"
#include "core/route.h"
#include "core/simd.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
count_bits(const uint64_t set)
{
  return (uint32_t)__builtin_popcountll(set);
}

/// Check the routes, and find their length and their inputs
static FalStatus
survey(FalParts* const parts)
{
  const FalEngineConfig* const config = &parts->engine->config;

  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    const FalRoute* const route = &parts->routes[r];
    if (route->input >= config->n_inputs ||
        route->output >= config->n_outputs || !route->n_frames) {
      return FAL_ERR_BAD_ARG;
    }
    parts->inputs[route->output] |= 1ULL << route->input;
    if (route->n_frames > parts->n_frames) {
      parts->n_frames = route->n_frames;
    }
  }
  return parts->n_frames ? FAL_OK : FAL_ERR_BAD_ARG;
}

/// The output that shares a sink with `output`: a later one with equal inputs
static uint32_t
partner(const FalParts* const parts, const uint32_t output,
        const uint64_t taken)
{
  const uint32_t n_outputs = parts->engine->config.n_outputs;
  for (uint32_t o = output + 1U; o < n_outputs; ++o) {
    if (!(taken & (1ULL << o)) && parts->inputs[o] == parts->inputs[output]) {
      return o;
    }
  }
  return output;
}

/// Lay out the sinks of a level; outputs without input are sinks of silence
static void
lay_out_sinks(FalKernelLevel* const level, const FalFft* const fft,
              const FalParts* const parts, FalArena* const arena)
{
  const uint32_t n_outputs = parts->engine->config.n_outputs;
  const uint32_t n_blocks  = fft->n_blocks;

  level->n_sinks = 0U;
  level->sinks = (FalSink*)fal_arena_carve(arena, n_outputs * sizeof(FalSink));

  uint64_t taken = 0U;
  for (uint32_t o = 0U; o < n_outputs; ++o) {
    if (taken & (1ULL << o)) {
      continue;
    }

    const uint32_t other   = partner(parts, o, taken);
    const uint32_t n_terms = count_bits(parts->inputs[o]);
    FalSink        sink    = {.n_outputs = other == o ? 1U : 2U,
                              .outputs   = {o, other},
                              .n_terms   = n_terms};
    sink.inputs = (uint32_t*)fal_arena_carve(arena, n_terms * sizeof(uint32_t));
    sink.n_older = (uint32_t*)fal_arena_carve(
      arena, (size_t)n_terms * n_blocks * sizeof(uint32_t));
    taken |= (1ULL << o) | (1ULL << other);

    if (arena->base) {
      uint32_t term = 0U;
      for (uint32_t i = 0U; i < parts->engine->config.n_inputs; ++i) {
        if (parts->inputs[o] & (1ULL << i)) {
          sink.inputs[term++] = i;
        }
      }
      level->sinks[level->n_sinks] = sink;
    }
    ++level->n_sinks;
  }
}

static void
lay_out(FalKernel* const kernel, const FalParts* const parts,
        FalArena* const arena)
{
  const FalPlan* const plan = &parts->engine->plan;

  for (uint32_t l = 0U; l < kernel->n_levels; ++l) {
    lay_out_sinks(&kernel->levels[l], parts->engine->ffts[l], parts, arena);
  }

  const size_t n_taps = (size_t)plan->blocks[0] + 2U * FAL_DIRECT_PAD;
  kernel->n_heads     = parts->n_routes;
  kernel->heads =
    (FalHead*)fal_arena_carve(arena, parts->n_routes * sizeof(FalHead));
  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    float* const taps = fal_arena_floats(arena, n_taps);
    if (arena->base) {
      kernel->heads[r] = (FalHead){
        parts->routes[r].input, parts->routes[r].output, taps + FAL_DIRECT_PAD};
    }
  }
}

static void
write_heads(FalKernel* const kernel, const FalParts* const parts)
{
  const uint32_t block = parts->engine->plan.blocks[0];
  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    const uint32_t n = parts->routes[r].n_frames;
    memcpy(kernel->heads[r].taps, parts->routes[r].ir,
           (n < block ? n : block) * sizeof(float));
  }
}

/// Bring memory for a longer history, if the engine was made for a shorter one
static FalStatus
init_rings(FalKernel* const kernel, const FalParts* const parts)
{
  const FalEngine* const engine  = parts->engine;
  const FalPlan* const   plan    = &engine->plan;
  const uint32_t         longest = engine->config.longest;

  FalStatus st = FAL_OK;
  for (uint32_t l = 0U; !st && l < kernel->n_levels; ++l) {
    const uint32_t n = fal_plan_capacity(plan, l, parts->n_frames);
    if (n > fal_plan_capacity(plan, l, longest)) {
      st = fal_ring_init(&kernel->rings[l], engine->ffts[l],
                         engine->config.n_inputs, n);
    }
  }
  return st;
}

static FalStatus
build(FalKernel* const kernel, FalParts* const parts, const double skip_db)
{
  kernel->n_levels = fal_plan_n_levels(&parts->engine->plan, parts->n_frames);

  FalArena arena = {NULL, 0U};
  lay_out(kernel, parts, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    kernel->n_levels = 0U;
    return st;
  }
  kernel->tables = arena.base;
  lay_out(kernel, parts, &arena);
  write_heads(kernel, parts);

  st = fal_kernel_build_spectra(kernel, parts, skip_db);
  return st ? st : init_rings(kernel, parts);
}

FalStatus
fal_kernel_new(FalKernel** const kernel, const FalEngine* const engine,
               const FalRoute* const routes, const uint32_t n_routes,
               const double skip_db)
{
  FalParts  parts = {.engine = engine, .routes = routes, .n_routes = n_routes};
  FalStatus st    = survey(&parts);
  if (st) {
    return st;
  }

  FalKernel* const k = (FalKernel*)calloc(1U, sizeof(FalKernel));
  if (!k) {
    return FAL_ERR_NO_MEM;
  }
  if ((st = build(k, &parts, skip_db))) {
    fal_kernel_free(k);
    return st;
  }

  *kernel = k;
  return FAL_OK;
}

void
fal_kernel_free(FalKernel* const kernel)
{
  if (kernel) {
    for (uint32_t l = 0U; l < kernel->n_levels; ++l) {
      for (uint32_t s = 0U; s < kernel->levels[l].n_sinks; ++s) {
        fal_arena_release(kernel->levels[l].sinks[s].h);
      }
    }
    for (uint32_t l = 0U; l < FAL_MAX_LEVELS; ++l) {
      fal_ring_clear(&kernel->rings[l]);
    }
    fal_arena_release(kernel->tables);
    free(kernel);
  }
}
