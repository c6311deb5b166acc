// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/kernel.h"

#include "core/arena.h"
#include "core/engine_state.h"
#include "core/fft.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/plan.h"
#include "core/route.h"
#include "core/simd.h"
#include "core/status.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// What a kernel is built from
typedef struct {
  const FalEngine* engine;
  const FalRoute*  routes;
  uint32_t         n_routes;
  uint32_t         n_frames;                        ///< Of the longest
  uint64_t         inputs[FAL_ENGINE_MAX_CHANNELS]; ///< Bit set, per output
  double           skipped; ///< Energy that a column of blocks may lose
} Parts;

static uint32_t
count_bits(const uint64_t set)
{
  return (uint32_t)__builtin_popcountll(set);
}

/// Check the routes, and find their length, their energy and their inputs
static FalStatus
survey(Parts* const parts, double* const energy)
{
  const FalEngineConfig* const config = &parts->engine->config;

  *energy = 0.0;
  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    const FalRoute* const route = &parts->routes[r];
    if (route->input >= config->n_inputs ||
        route->output >= config->n_outputs || !route->n_frames) {
      return FAL_ERR_BAD_ARG;
    }
    for (uint32_t t = 0U; t < route->n_frames; ++t) {
      *energy += (double)route->ir[t] * (double)route->ir[t];
    }
    parts->inputs[route->output] |= 1ULL << route->input;
    if (route->n_frames > parts->n_frames) {
      parts->n_frames = route->n_frames;
    }
  }
  return parts->n_frames && isfinite(*energy) ? FAL_OK : FAL_ERR_BAD_ARG;
}

/// The output that shares a sink with `output`: a later one with equal inputs
static uint32_t
partner(const Parts* const parts, const uint32_t output, const uint64_t taken)
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
              const Parts* const parts, FalArena* const arena)
{
  const uint32_t n_outputs = parts->engine->config.n_outputs;
  const uint32_t n_blocks  = fft->n_columns / FAL_BLOCK_BINS;

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
    sink.n_partitions = (uint32_t*)fal_arena_carve(
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
lay_out(FalKernel* const kernel, const Parts* const parts,
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
write_heads(FalKernel* const kernel, const Parts* const parts)
{
  const uint32_t block = parts->engine->plan.blocks[0];
  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    const uint32_t n = parts->routes[r].n_frames;
    memcpy(kernel->heads[r].taps, parts->routes[r].ir,
           (n < block ? n : block) * sizeof(float));
  }
}

/// Add the responses between two channels from `start` on, scaled, to x
static void
add_routes(float* const x, const Parts* const parts, const uint32_t input,
           const uint32_t output, const uint64_t start, const uint32_t block)
{
  const float scale = 1.0f / (float)block; // The transforms have none
  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    const FalRoute* const route = &parts->routes[r];
    if (route->input == input && route->output == output) {
      for (uint32_t t = 0U; t < block && start + t < route->n_frames; ++t) {
        x[t] += scale * route->ir[start + t];
      }
    }
  }
}

/// Spectra in the order in which they are computed, before they are laid out
typedef struct {
  const FalFft* fft;
  uint32_t      n_partitions;
  uint32_t      n_outputs;
  float*        bins; ///< [n_terms][n_partitions][n_outputs][2 * size]
  float*        x;    ///< [size]
  float*        work;
} Draft;

static float*
draft_bins(const Draft* const draft, const uint32_t term,
           const uint32_t partition, const uint32_t output)
{
  const size_t index =
    ((size_t)term * draft->n_partitions + partition) * draft->n_outputs +
    output;
  return draft->bins + index * 2U * draft->fft->size;
}

static void
transform(const Draft* const draft, const FalSink* const sink,
          const Parts* const parts, const uint32_t offset)
{
  const uint32_t block = draft->fft->size;
  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    for (uint32_t p = 0U; p < draft->n_partitions; ++p) {
      for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
        memset(draft->x, 0, block * sizeof(float));
        add_routes(draft->x, parts, sink->inputs[i], sink->outputs[o],
                   offset + (uint64_t)p * block, block);
        fal_fft_forward(draft->fft, draft_bins(draft, i, p, o), draft->x, block,
                        draft->work);
      }
    }
  }
}

/// Energy of the response that a column of blocks holds (Parseval)
static double
column_energy(const Draft* const draft, const uint32_t term,
              const uint32_t partition, const uint32_t block)
{
  const FalFft* const fft = draft->fft;

  double sum = 0.0;
  for (uint32_t o = 0U; o < draft->n_outputs; ++o) {
    const float* bins =
      draft_bins(draft, term, partition, o) + (size_t)block * FAL_BLOCK_FLOATS;
    for (uint32_t r = 0U; r < fft->n_rows; ++r, bins += 2U * fft->n_columns) {
      float part = 0.0f;
      for (uint32_t k = 0U; k < FAL_BLOCK_FLOATS; ++k) {
        part += bins[k] * bins[k];
      }
      sum += (double)part;
    }
  }
  return sum * fft->size;
}

/// Decide how many partitions of each column count: the inaudible end is cut
static void
count_partitions(FalSink* const sink, const Draft* const draft,
                 const double skipped)
{
  const uint32_t n_blocks = draft->fft->n_columns / FAL_BLOCK_BINS;

  size_t n_floats = 0U;
  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    for (uint32_t b = 0U; b < n_blocks; ++b) {
      uint32_t n    = draft->n_partitions;
      double   lost = 0.0;
      while (n && (lost += column_energy(draft, i, n - 1U, b)) <= skipped) {
        --n;
      }
      sink->n_partitions[i * n_blocks + b] = n;
      n_floats += (size_t)n * sink->n_outputs * FAL_BLOCK_FLOATS;
    }
  }
  sink->row_floats = n_floats;
}

/// Copy the spectra to where they are read
static void
write_sink(const FalSink* const sink, const Draft* const draft)
{
  const uint32_t n_columns = draft->fft->n_columns;
  const uint32_t n_blocks  = n_columns / FAL_BLOCK_BINS;

  float* h = sink->h;
  for (uint32_t r = 0U; r < draft->fft->n_rows; ++r) {
    for (uint32_t b = 0U; b < n_blocks; ++b) {
      const size_t at =
        2U * (size_t)r * n_columns + (size_t)b * FAL_BLOCK_FLOATS;
      for (uint32_t i = 0U; i < sink->n_terms; ++i) {
        for (uint32_t p = 0U; p < sink->n_partitions[i * n_blocks + b]; ++p) {
          for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
            memcpy(h, draft_bins(draft, i, p, o) + at,
                   FAL_BLOCK_FLOATS * sizeof(float));
            h += FAL_BLOCK_FLOATS;
          }
        }
      }
    }
  }
}

static void
lay_out_draft(Draft* const draft, const FalSink* const sink,
              FalArena* const arena)
{
  const size_t n_spectra =
    (size_t)sink->n_terms * draft->n_partitions * sink->n_outputs;

  draft->bins = fal_arena_floats(arena, n_spectra * 2U * draft->fft->size);
  draft->x    = fal_arena_floats(arena, draft->fft->size);
  draft->work = fal_arena_floats(arena, fal_fft_work_floats(draft->fft));
}

static FalStatus
build_sink(FalSink* const sink, const Parts* const parts, const uint32_t level)
{
  const FalPlan* const plan = &parts->engine->plan;

  Draft draft = {.fft       = parts->engine->ffts[level],
                 .n_outputs = sink->n_outputs,
                 .n_partitions =
                   fal_plan_n_partitions(plan, level, parts->n_frames)};

  FalArena arena = {NULL, 0U};
  lay_out_draft(&draft, sink, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }
  lay_out_draft(&draft, sink, &arena);

  transform(&draft, sink, parts, plan->offsets[level]);
  count_partitions(sink, &draft, parts->skipped);

  FalArena h = {NULL, 0U};
  (void)fal_arena_floats(&h, sink->row_floats * draft.fft->n_rows);
  if (!(st = fal_arena_allocate(&h))) {
    sink->h = (float*)h.base;
    write_sink(sink, &draft);
  }
  fal_arena_release(arena.base);
  return st;
}

/// Bring memory for a longer history, if the engine was made for a shorter one
static FalStatus
init_rings(FalKernel* const kernel, const Parts* const parts)
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
build(FalKernel* const kernel, const Parts* const parts)
{
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

  for (uint32_t l = 0U; !st && l < kernel->n_levels; ++l) {
    for (uint32_t s = 0U; !st && s < kernel->levels[l].n_sinks; ++s) {
      st = build_sink(&kernel->levels[l].sinks[s], parts, l);
    }
  }
  return st ? st : init_rings(kernel, parts);
}

/// Columns of blocks that may be cut, over all levels
static double
n_columns_to_cut(const FalKernel* const kernel, const Parts* const parts)
{
  double n = 0.0;
  for (uint32_t l = 0U; l < kernel->n_levels; ++l) {
    n += parts->engine->ffts[l]->n_columns / (double)FAL_BLOCK_BINS;
  }

  uint32_t n_terms = 0U;
  for (uint32_t o = 0U; o < parts->engine->config.n_outputs; ++o) {
    n_terms += count_bits(parts->inputs[o]);
  }
  return n * n_terms;
}

FalStatus
fal_kernel_new(FalKernel** const kernel, const FalEngine* const engine,
               const FalRoute* const routes, const uint32_t n_routes,
               const double skip_db)
{
  Parts     parts  = {.engine = engine, .routes = routes, .n_routes = n_routes};
  double    energy = 0.0;
  FalStatus st     = survey(&parts, &energy);
  if (st) {
    return st;
  }

  FalKernel* const k = (FalKernel*)calloc(1U, sizeof(FalKernel));
  if (!k) {
    return FAL_ERR_NO_MEM;
  }

  k->n_levels   = fal_plan_n_levels(&engine->plan, parts.n_frames);
  parts.skipped = skip_db < 0.0 ? energy * pow(10.0, skip_db / 10.0) /
                                    n_columns_to_cut(k, &parts)
                                : 0.0;
  if ((st = build(k, &parts))) {
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
