// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/grid.h"
#include "core/ola.h"
#include "core/ola_cost.h"
#include "core/ola_layout.h"
#include "core/ola_routes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// A stream of unknown length: an hour and a half
#define LONG_STREAM (1U << 28U)

uint32_t
fal_ola_fastest_block(const uint64_t n_frames, const uint32_t longest)
{
  const double n = (double)(n_frames ? n_frames : LONG_STREAM);
  return 1U << fal_ola_best_log2(n, (double)longest);
}

/// Whether two outputs hear the same inputs
static bool
hear_alike(const FalOla* const ola, const FalRoute* const routes,
           const uint32_t n_routes, const uint32_t a, const uint32_t b)
{
  for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
    if (!fal_ola_longest_between(routes, n_routes, i, a) !=
        !fal_ola_longest_between(routes, n_routes, i, b)) {
      return false;
    }
  }
  return true;
}

/// List the sinks: neighbouring outputs that hear the same go in pairs
static void
list_sinks(FalOla* const ola, const FalRoute* const routes,
           const uint32_t n_routes)
{
  for (uint32_t o = 0U; o < ola->n_outputs;) {
    FalOlaSink* const sink = &ola->sinks[ola->n_sinks++];
    sink->outputs[0]       = o;
    sink->outputs[1]       = o + 1U;
    sink->n_outputs =
      o + 1U < ola->n_outputs && hear_alike(ola, routes, n_routes, o, o + 1U)
        ? 2U
        : 1U;

    uint32_t longest = 1U;
    for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
      if (fal_ola_longest_between(routes, n_routes, i, o)) {
        ++sink->n_terms;
      }
      for (uint32_t k = o; k < o + sink->n_outputs; ++k) {
        const uint32_t n = fal_ola_longest_between(routes, n_routes, i, k);
        longest          = longest > n ? longest : n;
      }
    }
    sink->n_partitions = fal_ola_n_partitions(longest, ola->grid->size);
    ola->n_partitions  = ola->n_partitions > sink->n_partitions
                           ? ola->n_partitions
                           : sink->n_partitions;
    o += sink->n_outputs;
  }
}

/// Units of work in a block; there are none until one is started
static void
count_units(FalOla* const ola)
{
  const uint32_t n_chunks = ola->grid->n_chunks;

  ola->ends[FAL_OLA_COLUMNS] = ola->n_inputs * n_chunks;
  ola->ends[FAL_OLA_GROUPS]  = ola->ends[FAL_OLA_COLUMNS] + ola->grid->n_groups;
  ola->ends[FAL_OLA_BACK] =
    ola->ends[FAL_OLA_GROUPS] + ola->n_outputs * n_chunks;
  ola->next   = ola->ends[FAL_OLA_BACK];
  ola->n_done = ola->ends[FAL_OLA_BACK];
}

static void
lay_out_worker(FalOla* const ola, const uint32_t w, FalArena* const arena)
{
  FalOlaWorker worker = {
    .terms = (FalTerm*)fal_arena_carve(arena, ola->n_inputs * sizeof(FalTerm)),
    .sums  = fal_arena_floats(arena, 2U * ola->group_floats),
    .scratch = fal_arena_floats(arena, fal_grid_scratch_floats(ola->grid)),
  };
  if (ola->workers) {
    ola->workers[w] = worker;
  }
}

static void
lay_out(FalOla* const ola, FalArena* const arena)
{
  const size_t   size = ola->grid->size;
  const uint32_t n_most =
    ola->n_inputs > ola->n_outputs ? ola->n_inputs : ola->n_outputs;

  ola->history =
    fal_arena_floats(arena, 2U * ola->n_inputs * size * ola->n_partitions);
  ola->overlaps = fal_arena_floats(arena, ola->n_outputs * size);
  ola->matrices = fal_arena_floats(arena, 2U * n_most * size);
  ola->workers  = (FalOlaWorker*)fal_arena_carve(arena, ola->n_workers *
                                                          sizeof(FalOlaWorker));
  for (uint32_t w = 0U; w < ola->n_workers; ++w) {
    lay_out_worker(ola, w, arena);
  }
  for (uint32_t s = 0U; s < ola->n_sinks; ++s) {
    FalOlaSink* const sink    = &ola->sinks[s];
    const size_t      n_terms = sink->n_terms;
    sink->inputs =
      (uint32_t*)fal_arena_carve(arena, n_terms * sizeof(uint32_t));
    sink->n_all = (uint32_t*)fal_arena_carve(arena, ola->grid->n_columns *
                                                      sizeof(uint32_t));
    sink->bins  = fal_arena_floats(
       arena, 2U * n_terms * size * sink->n_partitions * sink->n_outputs);
  }
}

/// Write what a sink sums, and over how many partitions
static void
list_terms(const FalOla* const ola, const FalOlaSink* const sink,
           const FalRoute* const routes, const uint32_t n_routes)
{
  uint32_t n = 0U;
  for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
    if (fal_ola_longest_between(routes, n_routes, i, sink->outputs[0])) {
      sink->inputs[n++] = i;
    }
  }
  for (uint32_t b = 0U; b < ola->grid->n_columns; ++b) {
    sink->n_all[b] = sink->n_partitions;
  }
}

/// Sum what routes bring to a partition, divided by the transform's gain
static void
gather_partition(float* const x, const uint32_t size, const uint32_t p,
                 const uint32_t input, const uint32_t output,
                 const FalRoute* const routes, const uint32_t n_routes)
{
  const uint64_t start = (uint64_t)p * size;
  const float    gain  = 1.0F / (float)size;

  memset(x, 0, size * sizeof(float));
  for (uint32_t i = 0U; i < n_routes; ++i) {
    const FalRoute* const route = &routes[i];
    if (route->input == input && route->output == output) {
      for (uint32_t t = 0U; t < size && start + t < route->n_frames; ++t) {
        x[t] += gain * route->ir[start + t];
      }
    }
  }
}

/// Transform x to bins, with a stride between their blocks
static void
transform(const FalOla* const ola, float* const bins, const size_t stride,
          const float* const x)
{
  const FalGrid* const grid = ola->grid;

  for (uint32_t c = 0U; c < grid->n_chunks; ++c) {
    fal_grid_forward_columns(grid, ola->matrices, x, c,
                             ola->workers[0].scratch);
  }
  for (uint32_t g = 0U; g < grid->n_groups; ++g) {
    fal_grid_forward_group(grid, bins + g * grid->n_columns * stride, stride,
                           ola->matrices, g);
  }
}

/// Transform the responses of a sink to where they are read
static void
transform_sink(const FalOla* const ola, const FalOlaSink* const sink,
               const FalRoute* const routes, const uint32_t n_routes)
{
  const uint32_t n_places = sink->n_partitions * sink->n_outputs;
  const size_t   stride   = (size_t)sink->n_terms * n_places * FAL_ELEMENT;
  float* const   x        = ola->overlaps; // Not in use yet

  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    for (uint32_t place = 0U; place < n_places; ++place) {
      gather_partition(x, ola->grid->size, place / sink->n_outputs,
                       sink->inputs[i], sink->outputs[place % sink->n_outputs],
                       routes, n_routes);
      transform(ola, sink->bins + ((size_t)i * n_places + place) * FAL_ELEMENT,
                stride, x);
    }
  }
}

static FalStatus
init(FalOla* const ola, const FalOlaConfig* const config,
     const FalRoute* const routes, const uint32_t n_routes)
{
  FalStatus st = FAL_OK;
  if ((st = fal_grid_get(&ola->grid, config->block))) {
    return st;
  }

  ola->n_inputs     = config->n_inputs;
  ola->n_outputs    = config->n_outputs;
  ola->group_floats = fal_grid_group_floats(ola->grid);
  ola->n_partitions = 1U;
  ola->n_workers    = config->n_workers ? config->n_workers : 1U;
  list_sinks(ola, routes, n_routes);
  count_units(ola);

  FalArena arena = {NULL, 0U};
  lay_out(ola, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    return st;
  }
  ola->memory = arena.base;
  lay_out(ola, &arena);

  for (uint32_t s = 0U; s < ola->n_sinks; ++s) {
    list_terms(ola, &ola->sinks[s], routes, n_routes);
    transform_sink(ola, &ola->sinks[s], routes, n_routes);
  }
  fal_ola_reset(ola);
  return FAL_OK;
}

FalStatus
fal_ola_new(FalOla** const ola, const FalOlaConfig* const config,
            const FalRoute* const routes, const uint32_t n_routes)
{
  if (!fal_ola_routes_are_valid(config, routes, n_routes)) {
    return FAL_ERR_BAD_ARG;
  }

  FalOlaConfig full = *config;
  if (!full.block) {
    full.block =
      fal_ola_fastest_block(full.n_frames, fal_ola_longest(routes, n_routes));
  }

  FalOla* const made =
    (FalOla*)calloc(1U, sizeof(FalOla) + full.n_outputs * sizeof(FalOlaSink));
  if (!made) {
    return FAL_ERR_NO_MEM;
  }
  const FalStatus st = init(made, &full, routes, n_routes);
  if (st) {
    fal_ola_free(made);
    return st;
  }
  *ola = made;
  return FAL_OK;
}

void
fal_ola_free(FalOla* const ola)
{
  if (ola) {
    fal_arena_release(ola->memory);
    free(ola);
  }
}
