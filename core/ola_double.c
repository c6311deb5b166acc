// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola_double.h"

#include "core/arena.h"
#include "core/ola_routes.h"
#include "core/planner.h"

#include <fftw3.h>

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Bins that are summed over all partitions before the next: they stay cached
#define CHUNK_BINS 512U

typedef double complex Bin;

/// One route: all that joins the same two channels is summed with the rest
typedef struct {
  uint32_t input;
  uint32_t output;
  uint32_t n_partitions;
  Bin*     bins; ///< [n_partitions][block], divided by the block
} Path;

struct FalOlaDouble {
  fftw_plan forward; ///< [block], in place
  fftw_plan inverse; ///< [block], in place
  uint32_t  block;
  uint32_t  n_inputs;
  uint32_t  n_outputs;
  uint32_t  n_partitions; ///< P, of the longest response
  uint32_t  head;         ///< Slot of the newest block
  uint32_t  n_seen;       ///< Blocks in the history, at most P
  uint32_t  n_silent;     ///< Of them, the newest that are silent
  uint32_t  n_paths;
  Bin*      twist;    ///< [block]: exp(i pi t / 2 block)
  Bin*      history;  ///< [n_inputs][P][block]
  Bin*      sums;     ///< [block]
  double*   overlaps; ///< [n_outputs][block]
  void*     memory;   ///< What all buffers are carved from
  Path      paths[];  ///< [n_paths]
};

uint32_t
fal_ola_double_block(const FalOlaDouble* const ola)
{
  return ola->block;
}

void
fal_ola_double_reset(FalOlaDouble* const ola)
{
  ola->n_seen   = 0U;
  ola->n_silent = 0U;
  memset(ola->overlaps, 0,
         (size_t)ola->n_outputs * ola->block * sizeof(double));
}

static Bin*
slot_of(const FalOlaDouble* const ola, const uint32_t input, const uint32_t p)
{
  const uint32_t slot = (ola->head + p) % ola->n_partitions;
  return ola->history + ((size_t)input * ola->n_partitions + slot) * ola->block;
}

static void
execute(const fftw_plan plan, Bin* const bins)
{
  fftw_execute_dft(plan, (fftw_complex*)bins, (fftw_complex*)bins);
}

/// Add the products of a path to some bins of the sum
static void
add_chunk(const FalOlaDouble* const ola, const Path* const path,
          const uint32_t start, const uint32_t n)
{
  const uint32_t end =
    ola->n_seen < path->n_partitions ? ola->n_seen : path->n_partitions;

  double* const restrict y = (double*)(ola->sums + start);
  for (uint32_t p = ola->n_silent; p < end; ++p) {
    const double* const restrict x =
      (const double*)(slot_of(ola, path->input, p) + start);
    const double* const restrict h =
      (const double*)(path->bins + (size_t)p * ola->block + start);
    for (uint32_t k = 0U; k < 2U * n; k += 2U) {
      y[k] += x[k] * h[k] - x[k + 1U] * h[k + 1U];
      y[k + 1U] += x[k] * h[k + 1U] + x[k + 1U] * h[k];
    }
  }
}

/// Sum the products of one output, and transform them back
static void
finish_output(FalOlaDouble* const ola, const uint32_t output, double* const out)
{
  memset(ola->sums, 0, ola->block * sizeof(Bin));
  for (uint32_t i = 0U; i < ola->n_paths; ++i) {
    for (uint32_t k = 0U; k < ola->block && ola->paths[i].output == output;
         k += CHUNK_BINS) {
      const uint32_t left = ola->block - k;
      add_chunk(ola, &ola->paths[i], k, left < CHUNK_BINS ? left : CHUNK_BINS);
    }
  }
  execute(ola->inverse, ola->sums);

  double* const overlap = ola->overlaps + (size_t)output * ola->block;
  for (uint32_t t = 0U; t < ola->block; ++t) {
    const Bin v = ola->sums[t] * conj(ola->twist[t]);
    out[t]      = creal(v) + overlap[t];
    overlap[t]  = cimag(v);
  }
}

void
fal_ola_double_process(FalOlaDouble* const ola, const double* const* const in,
                       double* const* const out)
{
  ola->head = (ola->head ? ola->head : ola->n_partitions) - 1U;
  ola->n_seen =
    ola->n_seen < ola->n_partitions ? ola->n_seen + 1U : ola->n_partitions;
  ola->n_silent = in ? 0U : ola->n_silent + 1U;

  for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
    Bin* const bins = slot_of(ola, i, 0U);
    for (uint32_t t = 0U; t < ola->block; ++t) {
      bins[t] = in ? in[i][t] * ola->twist[t] : 0.0;
    }
    if (in) {
      execute(ola->forward, bins);
    }
  }
  for (uint32_t o = 0U; o < ola->n_outputs; ++o) {
    finish_output(ola, o, out[o]);
  }
  if (ola->n_silent >= ola->n_seen) {
    fal_ola_double_reset(ola);
  }
}

static void
lay_out(FalOlaDouble* const ola, FalArena* const arena)
{
  const size_t n = ola->block * sizeof(Bin);

  ola->twist = (Bin*)fal_arena_carve(arena, n);
  ola->sums  = (Bin*)fal_arena_carve(arena, n);
  ola->history =
    (Bin*)fal_arena_carve(arena, n * (size_t)ola->n_inputs * ola->n_partitions);
  ola->overlaps = (double*)fal_arena_carve(
    arena, (size_t)ola->n_outputs * ola->block * sizeof(double));
  for (uint32_t i = 0U; i < ola->n_paths; ++i) {
    ola->paths[i].bins =
      (Bin*)fal_arena_carve(arena, n * ola->paths[i].n_partitions);
  }
}

/// Plan the transforms, which are the same in every run
static FalStatus
plan(FalOlaDouble* const ola)
{
  const int           n     = (int)ola->block;
  const unsigned      flags = FFTW_ESTIMATE | FFTW_UNALIGNED;
  fftw_complex* const bins  = (fftw_complex*)ola->sums;
  fal_planner_lock();
  ola->forward = fftw_plan_dft_1d(n, bins, bins, FFTW_FORWARD, flags);
  ola->inverse = fftw_plan_dft_1d(n, bins, bins, FFTW_BACKWARD, flags);
  fal_planner_unlock();
  return ola->forward && ola->inverse ? FAL_OK : FAL_ERR_NO_MEM;
}

/// Transform the partitions of a response
static void
transform_path(const FalOlaDouble* const ola, const Path* const path,
               const FalRoute* const route)
{
  for (uint32_t p = 0U; p < path->n_partitions; ++p) {
    Bin* const     bins  = path->bins + (size_t)p * ola->block;
    const uint32_t start = p * ola->block;
    const uint32_t left  = route->n_frames - start;
    const uint32_t n     = left < ola->block ? left : ola->block;
    for (uint32_t t = 0U; t < n; ++t) {
      bins[t] =
        (double)route->ir[start + t] / (double)ola->block * ola->twist[t];
    }
    execute(ola->forward, bins);
  }
}

static FalStatus
init(FalOlaDouble* const ola, const FalRoute* const routes,
     const uint32_t n_routes)
{
  for (uint32_t i = 0U; i < n_routes; ++i) {
    const uint32_t n = fal_ola_n_partitions(routes[i].n_frames, ola->block);

    ola->paths[i]     = (Path){routes[i].input, routes[i].output, n, NULL};
    ola->n_partitions = n > ola->n_partitions ? n : ola->n_partitions;
  }
  ola->n_paths = n_routes;

  FalStatus st    = FAL_OK;
  FalArena  arena = {NULL, 0U};
  lay_out(ola, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    return st;
  }
  ola->memory = arena.base;
  lay_out(ola, &arena);

  for (uint32_t t = 0U; t < ola->block; ++t) {
    const double angle = M_PI * (double)t / (2.0 * (double)ola->block);
    ola->twist[t]      = __builtin_complex(cos(angle), sin(angle));
  }
  if ((st = plan(ola))) {
    return st;
  }
  for (uint32_t i = 0U; i < n_routes; ++i) {
    transform_path(ola, &ola->paths[i], &routes[i]);
  }
  return FAL_OK;
}

FalStatus
fal_ola_double_new(FalOlaDouble** const ola, const FalOlaConfig* const config,
                   const FalRoute* const routes, const uint32_t n_routes)
{
  const uint32_t block =
    config->block ? config->block
                  : fal_ola_fastest_block(config->n_frames,
                                          fal_ola_longest(routes, n_routes));
  if (!fal_ola_routes_are_valid(config, routes, n_routes) || block < 16U ||
      block > (1U << 24U) || (block & (block - 1U))) {
    return FAL_ERR_BAD_ARG;
  }

  FalOlaDouble* const made =
    (FalOlaDouble*)calloc(1U, sizeof(FalOlaDouble) + n_routes * sizeof(Path));
  if (!made) {
    return FAL_ERR_NO_MEM;
  }
  made->block        = block;
  made->n_inputs     = config->n_inputs;
  made->n_outputs    = config->n_outputs;
  made->n_partitions = 1U;
  const FalStatus st = init(made, routes, n_routes);
  if (st) {
    fal_ola_double_free(made);
    return st;
  }
  *ola = made;
  return FAL_OK;
}

void
fal_ola_double_free(FalOlaDouble* const ola)
{
  if (ola) {
    fal_planner_lock();
    fftw_destroy_plan(ola->forward);
    fftw_destroy_plan(ola->inverse);
    fal_planner_unlock();
    fal_arena_release(ola->memory);
    free(ola);
  }
}
