// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Measures the constants of the cost models (core/ola_cost.c, core/convolve.c),
  how well the models do with them, and where transforms overtake the sum.
*/

#include "core/convolve.h"

#include "core/arena.h"
#include "core/grid.h"
#include "core/ola.h"
#include "core/ola_cost.h"
#include "core/simd.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Each figure is the least of so many, each of at least so long
#define N_TRIES 7
#define TRY_NS 4e6

static double
now_ns(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static float*
new_noise(const size_t n)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n);
  if (fal_arena_allocate(&arena)) {
    abort();
  }
  float*   x     = fal_arena_floats(&arena, n);
  uint32_t state = 1U;
  for (size_t t = 0U; t < n; ++t) {
    state = state * 1664525U + 1013904223U;
    x[t]  = (float)(state >> 8U) * 0x1p-24F - 0.5F;
  }
  return x;
}

/// What is timed: one pass of it
typedef struct Work {
  void (*pass)(const struct Work* work);
  const FalGrid* grid;
  FalOla*        ola;
  FalMethod      method;
  float*         x;
  float*         h;
  float*         y;
  float*         work;
  size_t         n;
  size_t         m;
} Work;

/// The least time of a pass, with the clock read seldom
static double
time_ns(const Work* const work)
{
  double   best  = 1e30;
  uint32_t n     = 1U;
  double   spent = 0.0;
  for (int i = 0; i < N_TRIES; i += spent >= TRY_NS) {
    const double start = now_ns();
    for (uint32_t k = 0U; k < n; ++k) {
      work->pass(work);
    }
    spent = now_ns() - start;
    if (spent >= TRY_NS) {
      best = spent / n < best ? spent / n : best;
    } else {
      n *= 2U;
    }
  }
  return best;
}

static void
transform(const Work* const w)
{
  for (uint32_t c = 0U; c < w->grid->n_chunks; ++c) {
    fal_grid_forward_columns(w->grid, w->h, w->x, c, w->work);
  }
  for (uint32_t g = 0U; g < w->grid->n_groups; ++g) {
    float* const bins = w->y + g * fal_grid_group_floats(w->grid);
    fal_grid_forward_group(w->grid, bins, FAL_ELEMENT, w->h, g);
    fal_grid_inverse_group(w->grid, w->y, g);
  }
  for (uint32_t c = 0U; c < w->grid->n_chunks; ++c) {
    fal_grid_inverse_columns(w->grid, w->h, w->h + w->grid->size, w->y, c,
                             w->work);
  }
}

static void
stream_block(const Work* const w)
{
  const float* const in[]  = {w->x};
  float* const       out[] = {w->y};
  fal_ola_process(w->ola, in, out);
}

static void
convolve(const Work* const w)
{
  if (fal_convolve(w->y, w->x, w->n, w->h, w->m, FAL_FULL, w->method)) {
    abort();
  }
}

static double
transform_frame_ns(const uint32_t size)
{
  Work w = {.pass = transform};
  if (fal_grid_get(&w.grid, size)) {
    abort();
  }
  w.x             = new_noise(size);
  w.h             = new_noise(2U * (size_t)size);
  w.y             = new_noise(2U * (size_t)size);
  w.work          = new_noise(fal_grid_scratch_floats(w.grid));
  const double ns = time_ns(&w);
  fal_arena_release(w.x);
  fal_arena_release(w.h);
  fal_arena_release(w.y);
  fal_arena_release(w.work);
  return ns / size;
}

static double
stream_frame_ns(const uint32_t block, const uint32_t n_partitions)
{
  Work               w      = {.pass = stream_block};
  const FalOlaConfig config = {.n_inputs = 1U, .n_outputs = 1U, .block = block};
  w.h                       = new_noise((size_t)block * n_partitions);
  const FalRoute route      = {0U, 0U, block * n_partitions, w.h};
  if (fal_ola_new(&w.ola, &config, &route, 1U)) {
    abort();
  }
  w.x             = new_noise(block);
  w.y             = new_noise(block);
  const double ns = time_ns(&w);
  fal_ola_free(w.ola);
  fal_arena_release(w.h);
  fal_arena_release(w.x);
  fal_arena_release(w.y);
  return ns / block;
}

static double
convolve_ns(const size_t n, const size_t m, const FalMethod method)
{
  Work         w  = {.pass   = convolve,
                     .method = method,
                     .x      = new_noise(n),
                     .h      = new_noise(m),
                     .y      = new_noise(n + m),
                     .n      = n,
                     .m      = m};
  const double ns = time_ns(&w);
  fal_arena_release(w.x);
  fal_arena_release(w.h);
  fal_arena_release(w.y);
  return ns;
}

static void
print_constants(void)
{
  const double call = convolve_ns(4U, 1U, FAL_METHOD_DIRECT);
  const double sum  = convolve_ns(8192U, 256U, FAL_METHOD_DIRECT);
  printf("direct: %.0f ns a call, %.4f ns a product\n", call,
         (sum - call) / (8447.0 * 256.0));

  printf("transform there and back, ns a frame, blocks of 2^%u ...:\n ",
         FAL_OLA_LEAST_LOG2);
  for (uint32_t i = FAL_OLA_LEAST_LOG2; i <= FAL_OLA_MOST_LOG2; ++i) {
    printf(" %.2f,", transform_frame_ns(1U << i));
  }
  printf("\nstreams: ns a frame with 1, 2, 4, 16 partitions; ns a product:\n");
  for (uint32_t i = FAL_OLA_LEAST_LOG2; i <= FAL_OLA_MOST_LOG2; i += 2U) {
    const double one  = stream_frame_ns(1U << i, 1U);
    const double many = stream_frame_ns(1U << i, 16U);
    printf("  2^%-2u %6.2f %6.2f %6.2f %6.2f; %.3f\n", i, one,
           stream_frame_ns(1U << i, 2U), stream_frame_ns(1U << i, 4U), many,
           (many - one) / 15.0);
  }
  printf("one-shot by transforms: %.0f ns for 1 * 1\n",
         convolve_ns(1U, 1U, FAL_METHOD_FFT));
}

static void
print_crossover(void)
{
  printf("\none-shot, microseconds: what AUTO chooses is marked *\n"
         "      n       m    direct       fft   model fft\n");
  for (size_t n = 64U; n <= 1048576U; n *= 16U) {
    for (size_t m = 16U; m <= n && m <= 4096U; m *= 2U) {
      const double direct = convolve_ns(n, m, FAL_METHOD_DIRECT);
      const double fft    = convolve_ns(n, m, FAL_METHOD_FFT);
      const double model  = fal_ola_cost_ns(
         fal_ola_best_log2((double)n, (double)m), (double)n, (double)m);
      const int is_direct =
        fal_convolve_method(n + m - 1U, n, m) == FAL_METHOD_DIRECT;
      printf("%7zu %7zu %8.1f%c %8.1f%c %8.1f\n", n, m, direct * 1e-3,
             is_direct ? '*' : ' ', fft * 1e-3, is_direct ? ' ' : '*',
             model * 1e-3);
      if (direct > 8.0 * fft) {
        break;
      }
    }
  }
}

int
main(void)
{
  printf("loops: %s\n", fal_simd_get()->name);
  print_constants();
  print_crossover();
  return 0;
}
