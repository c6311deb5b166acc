// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file engine_work.h What the engine's benches share: clocks, noise,
/// responses

#ifndef FAL_BENCH_ENGINE_WORK_H
#define FAL_BENCH_ENGINE_WORK_H

#include "core/arena.h"
#include "core/route.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum { N_MAX_CHANNELS = 16 };

/// As the plugin has it
static const double skip_db = -130.0;

/// Routes between as many inputs as outputs
typedef struct {
  uint32_t n_channels;
  uint32_t n_frames;
  uint32_t n_routes;
  FalRoute routes[N_MAX_CHANNELS * N_MAX_CHANNELS];
} WorkMatrix;

static inline double
seconds(const clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline float
noise(uint32_t* const seed)
{
  *seed = *seed * 1664525U + 1013904223U;
  return (float)(int32_t)*seed / 2147483648.0f;
}

static inline float*
allocate(const size_t n_floats)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n_floats);
  if (fal_arena_allocate(&arena)) {
    abort();
  }
  return (float*)arena.base;
}

/// Noise that decays by 60 dB: all routes, or those from i to i
static inline WorkMatrix
new_work_matrix(const uint32_t n_channels, const uint32_t n_frames,
                const bool is_dense)
{
  WorkMatrix m    = {.n_channels = n_channels, .n_frames = n_frames};
  uint32_t   seed = 1U;
  for (uint32_t i = 0U; i < n_channels; ++i) {
    for (uint32_t o = 0U; o < n_channels; ++o) {
      if (is_dense || i == o) {
        float* const ir = allocate(n_frames);
        for (uint32_t t = 0U; t < n_frames; ++t) {
          ir[t] = noise(&seed) * expf(-6.9078f * (float)t / (float)n_frames);
        }
        m.routes[m.n_routes++] = (FalRoute){i, o, n_frames, ir};
      }
    }
  }
  return m;
}

static inline void
free_work_matrix(WorkMatrix* const m)
{
  for (uint32_t r = 0U; r < m->n_routes; ++r) {
    fal_arena_release((float*)m->routes[r].ir);
  }
}

static inline int
compare_doubles(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return x < y ? -1 : x > y ? 1 : 0;
}

/// The median; sorts
static inline double
median(double* const x, const size_t n)
{
  qsort(x, n, sizeof(*x), compare_doubles);
  return x[n / 2U];
}

#endif // FAL_BENCH_ENGINE_WORK_H
