// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/fft.h"
#include "core/fft_slices.h"
#include "core/kernel_build.h"
#include "core/kernel_layout.h"
#include "core/plan.h"
#include "core/route.h"
#include "core/status.h"

#include <math.h>
#include <string.h>

/// Write the responses between two channels from `start` on, scaled
static void
write_segment(float* const x, const FalParts* const parts, const uint32_t input,
              const uint32_t output, const uint64_t start, const uint32_t block)
{
  const float scale = 1.0f / (float)block; // The transforms have none

  memset(x, 0, block * sizeof(float));
  for (uint32_t r = 0U; r < parts->n_routes; ++r) {
    const FalRoute* const route = &parts->routes[r];
    if (route->input == input && route->output == output &&
        route->n_frames > start) {
      const uint64_t     n_left = route->n_frames - start;
      const uint32_t     n      = n_left < block ? (uint32_t)n_left : block;
      const float* const ir     = route->ir + start;
      for (uint32_t t = 0U; t < n; ++t) {
        x[t] += scale * ir[t];
      }
    }
  }
}

/// Memory to transform with
typedef struct {
  float* x;       ///< [size]
  float* matrix;  ///< [2 * size]
  float* scratch; ///< For slices
} Bench;

static void
lay_out_bench(Bench* const bench, const FalFft* const fft,
              FalArena* const arena)
{
  bench->x       = fal_arena_floats(arena, fft->size);
  bench->matrix  = fal_arena_floats(arena, 2U * (size_t)fft->size);
  bench->scratch = fal_arena_floats(arena, fal_fft_scratch_floats(fft));
}

/// Transform all partitions of a sink to where they are read
static void
transform(FalSink* const sink, const FalDraft* const draft,
          const FalParts* const parts, const uint32_t level,
          const Bench* const bench)
{
  const FalFft* const fft     = parts->engine->ffts[level];
  const uint32_t      offset  = parts->engine->plan.offsets[level];
  const size_t        step    = (size_t)sink->n_outputs * FAL_BLOCK_FLOATS;
  const size_t        n_older = draft->n_partitions - 1U;

  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    for (uint32_t p = 0U; p < draft->n_partitions; ++p) {
      float* const h =
        sink->h +
        (p ? sink->newest_floats + (i * n_older + p - 1U) * step : i * step);
      const size_t stride = step * sink->n_terms * (p ? n_older : 1U);
      for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
        write_segment(bench->x, parts, sink->inputs[i], sink->outputs[o],
                      offset + (uint64_t)p * fft->size, fft->size);
        for (uint32_t c = 0U; c < fft->n_chunks; ++c) {
          fal_fft_forward_columns_take(fft, bench->x, c, bench->scratch);
          fal_fft_forward_columns_put(fft, bench->matrix, c, bench->scratch);
        }
        for (uint32_t g = 0U; g < fft->n_groups; ++g) {
          for (uint32_t s = 0U; s < fft->n_steps; ++s) {
            fal_fft_forward_group(
              fft, h + g * sink->group_floats + (size_t)o * FAL_BLOCK_FLOATS,
              stride, bench->matrix, bench->x, g, s, bench->scratch);
          }
        }
      }
    }
  }
}

/// The energy of a partition's block for all outputs (Parseval)
static double
energy(const float* const h, const size_t n_floats, const uint32_t size)
{
  float sums[FAL_BLOCK_BINS] = {0.0f};
  for (size_t k = 0U; k < n_floats; ++k) {
    sums[k % FAL_BLOCK_BINS] += h[k] * h[k];
  }

  double sum = 0.0;
  for (uint32_t k = 0U; k < FAL_BLOCK_BINS; ++k) {
    sum += (double)sums[k] * size;
  }
  return sum;
}

/// Measure the energy of the response in each column of blocks
static void
measure(const FalSink* const sink, const FalDraft* const draft,
        FalParts* const parts, const FalFft* const fft)
{
  const size_t n_rings  = sink->n_terms * fft->n_blocks;
  const size_t n_floats = (size_t)sink->n_outputs * FAL_BLOCK_FLOATS;

  const float* h = sink->h;
  for (uint32_t g = 0U; g < fft->n_groups; ++g) {
    for (size_t c = 0U; c < n_rings; ++c, h += n_floats) {
      parts->energy += energy(h, n_floats, fft->size);
    }
    double* older = draft->energies;
    for (size_t c = 0U; c < n_rings * (draft->n_partitions - 1U); ++c) {
      *older++ += energy(h, n_floats, fft->size);
      h += n_floats;
    }
  }
  for (size_t c = 0U; c < n_rings * (draft->n_partitions - 1U); ++c) {
    parts->energy += draft->energies[c];
  }
}

/// Decide how many older partitions of each column count: the inaudible end is
/// cut
static void
count_older(FalSink* const sink, const FalDraft* const draft,
            const uint32_t n_blocks, const double skipped)
{
  const size_t   step    = (size_t)sink->n_outputs * FAL_BLOCK_FLOATS;
  const uint32_t n_older = draft->n_partitions - 1U;

  sink->half_floats  = 0U;
  sink->group_floats = sink->newest_floats;
  for (uint32_t b = 0U; b < n_blocks; ++b) {
    for (uint32_t i = 0U; i < sink->n_terms; ++i) {
      const double* const energies =
        draft->energies + ((size_t)b * sink->n_terms + i) * n_older;
      uint32_t n    = n_older;
      double   lost = 0.0;
      while (n && (lost += energies[n - 1U]) <= skipped) {
        --n;
      }
      sink->n_older[i * n_blocks + b] = n;
      sink->group_floats += n * step;
      sink->half_floats += b < n_blocks / 2U ? n * step : 0U;
    }
  }
}

/// Allocate a sink's spectra
static FalStatus
allocate_spectra(float** const h, const size_t n_floats)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n_floats);
  const FalStatus st = fal_arena_allocate(&arena);
  *h                 = (float*)arena.base;
  return st;
}

/// Keep only the partitions that count
static FalStatus
cut(FalSink* const sink, const FalDraft* const draft, const FalFft* const fft,
    const double skipped)
{
  const uint32_t n_blocks = fft->n_blocks;
  const size_t   n_all    = sink->group_floats;
  count_older(sink, draft, n_blocks, skipped);
  if (sink->group_floats == n_all) {
    return FAL_OK;
  }

  float*          kept = NULL;
  const FalStatus st =
    allocate_spectra(&kept, sink->group_floats * fft->n_groups);
  if (st) {
    sink->group_floats = n_all;
    return st;
  }

  const size_t step = (size_t)sink->n_outputs * FAL_BLOCK_FLOATS;
  const float* from = sink->h;
  float*       to   = kept;
  for (uint32_t g = 0U; g < fft->n_groups; ++g) {
    memcpy(to, from, sink->newest_floats * sizeof(float));
    from += sink->newest_floats;
    to += sink->newest_floats;
    for (uint32_t b = 0U; b < n_blocks; ++b) {
      for (uint32_t i = 0U; i < sink->n_terms; ++i) {
        const size_t n = sink->n_older[i * n_blocks + b] * step;
        memcpy(to, from, n * sizeof(float));
        from += (draft->n_partitions - 1U) * step;
        to += n;
      }
    }
  }
  fal_arena_release(sink->h);
  sink->h = kept;
  return FAL_OK;
}

/// Build all sinks of a level, with all of their partitions
static FalStatus
build_level(FalKernelLevel* const level, FalParts* const parts,
            const uint32_t l)
{
  const FalFft* const fft   = parts->engine->ffts[l];
  FalArena            arena = {NULL, 0U};
  Bench               bench = {NULL, NULL, NULL};
  lay_out_bench(&bench, fft, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }
  lay_out_bench(&bench, fft, &arena);

  for (uint32_t s = 0U; !st && s < level->n_sinks; ++s) {
    FalSink* const        sink  = &level->sinks[s];
    const FalDraft* const draft = &parts->drafts[l][s];
    sink->newest_floats =
      fal_fft_group_floats(fft) * sink->n_terms * sink->n_outputs;
    sink->group_floats = sink->newest_floats * draft->n_partitions;
    if (!(st =
            allocate_spectra(&sink->h, sink->group_floats * fft->n_groups))) {
      transform(sink, draft, parts, l, &bench);
      measure(sink, draft, parts, fft);
    }
  }
  fal_arena_release(arena.base);
  return st;
}

/// Columns of blocks that may be cut, over all levels
static double
n_columns_to_cut(const FalKernel* const kernel, const FalParts* const parts)
{
  double n = 0.0;
  for (uint32_t l = 0U; l < kernel->n_levels; ++l) {
    for (uint32_t s = 0U; s < kernel->levels[l].n_sinks; ++s) {
      n += (double)kernel->levels[l].sinks[s].n_terms *
           parts->engine->ffts[l]->n_blocks;
    }
  }
  return n;
}

static void
lay_out_drafts(const FalKernel* const kernel, FalParts* const parts,
               FalArena* const arena)
{
  for (uint32_t l = 0U; l < kernel->n_levels; ++l) {
    const uint32_t n_blocks = parts->engine->ffts[l]->n_blocks;
    for (uint32_t s = 0U; s < kernel->levels[l].n_sinks; ++s) {
      FalDraft* const draft = &parts->drafts[l][s];
      draft->n_partitions =
        fal_plan_n_partitions(&parts->engine->plan, l, parts->n_frames);
      draft->energies = (double*)fal_arena_carve(
        arena, (size_t)n_blocks * kernel->levels[l].sinks[s].n_terms *
                 (draft->n_partitions - 1U) * sizeof(double));
    }
  }
}

FalStatus
fal_kernel_build_spectra(FalKernel* const kernel, FalParts* const parts,
                         const double skip_db)
{
  FalArena arena = {NULL, 0U};
  lay_out_drafts(kernel, parts, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }
  lay_out_drafts(kernel, parts, &arena);

  for (uint32_t l = 0U; !st && l < kernel->n_levels; ++l) {
    st = build_level(&kernel->levels[l], parts, l);
  }
  if (!st && !isfinite(parts->energy)) {
    st = FAL_ERR_BAD_ARG;
  }

  const double skipped = skip_db < 0.0
                           ? parts->energy * pow(10.0, skip_db / 10.0) /
                               n_columns_to_cut(kernel, parts)
                           : 0.0;
  for (uint32_t l = 0U; !st && l < kernel->n_levels; ++l) {
    for (uint32_t s = 0U; !st && s < kernel->levels[l].n_sinks; ++s) {
      st = cut(&kernel->levels[l].sinks[s], &parts->drafts[l][s],
               parts->engine->ffts[l], skipped);
    }
  }
  fal_arena_release(arena.base);
  return st;
}
