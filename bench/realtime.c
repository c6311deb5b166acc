// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  The real-time engine against libzita-convolver, both in one run.

  CPU is that of all threads, from passes without timing calls, ours and the
  peer's in turn; the ratio is the median over the rounds. The longest callback
  is the largest element of the element-wise minimum over several equal passes
  of the thread's CPU clock, so that what else the machine does counts for
  little.
*/

#include "bench/engine_work.h"
#include "bench/peer_zita.h"
#include "core/engine.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_ROUNDS = 11, N_TIMED_PASSES = 9, PASS_FRAMES = 131072 };

typedef struct {
  const char* label;
  uint32_t    n_channels;
  bool        is_dense;
  uint32_t    n_frames;
  uint32_t    block;
  bool        is_random; ///< Calls of 1 … 1024, which the peer does not take
} Work;

typedef struct {
  const Work* work;
  WorkMatrix  matrix;
  float*      in[N_MAX_CHANNELS];
  float*      out[N_MAX_CHANNELS];
  FalEngine*  engine;
  PeerZita*   zita;
} Bench;

static void
make_ours(Bench* const bench)
{
  const Work* const     work   = bench->work;
  const FalEngineConfig config = {work->n_channels, work->n_channels,
                                  work->block, work->n_frames};

  FalKernel* kernel = NULL;
  if (fal_engine_new(&bench->engine, &config) ||
      fal_kernel_new(&kernel, bench->engine, bench->matrix.routes,
                     bench->matrix.n_routes, skip_db) ||
      !fal_engine_exchange(bench->engine, kernel, 0U)) {
    abort();
  }
}

static void
make_peer(Bench* const bench)
{
  const Work* const work = bench->work;

  bench->zita = peer_zita_new(work->n_channels, work->n_channels,
                              work->n_frames, work->block);
  for (uint32_t r = 0U; r < bench->matrix.n_routes; ++r) {
    const FalRoute* const route = &bench->matrix.routes[r];
    peer_zita_add(bench->zita, route->input, route->output, (float*)route->ir,
                  route->n_frames);
  }
  peer_zita_start(bench->zita);
}

static void
make(Bench* const bench)
{
  const Work* const work = bench->work;
  uint32_t          seed = 99U;

  bench->matrix =
    new_work_matrix(work->n_channels, work->n_frames, work->is_dense);
  for (uint32_t c = 0U; c < work->n_channels; ++c) {
    bench->in[c]  = allocate(PASS_FRAMES);
    bench->out[c] = allocate(PASS_FRAMES);
    for (uint32_t t = 0U; t < PASS_FRAMES; ++t) {
      bench->in[c][t] = 0.5f * noise(&seed);
    }
  }
  make_ours(bench);
  if (!work->is_random) {
    make_peer(bench);
  }
}

static void
clear(Bench* const bench)
{
  peer_zita_free(bench->zita);
  fal_engine_free(bench->engine);
  for (uint32_t c = 0U; c < bench->work->n_channels; ++c) {
    fal_arena_release(bench->in[c]);
    fal_arena_release(bench->out[c]);
  }
  free_work_matrix(&bench->matrix);
}

static uint32_t
next_call(const Work* const work, uint32_t* const seed, const uint32_t n_left)
{
  const uint32_t n = work->is_random
                       ? 1U + (uint32_t)((noise(seed) + 1.0f) * 511.9f)
                       : work->block;
  return n < n_left ? n : n_left;
}

/// Run a pass; lower each callback's CPU time in `times`, unless it is null
static uint32_t
run_pass(Bench* const bench, const bool ours, double* const times)
{
  uint32_t seed = 7U;
  uint32_t call = 0U;
  for (uint32_t t = 0U; t < PASS_FRAMES; ++call) {
    const uint32_t n = next_call(bench->work, &seed, PASS_FRAMES - t);
    const float*   in[N_MAX_CHANNELS];
    float*         out[N_MAX_CHANNELS];
    for (uint32_t c = 0U; c < bench->work->n_channels; ++c) {
      in[c]  = bench->in[c] + t;
      out[c] = bench->out[c] + t;
    }

    const double start = times ? seconds(CLOCK_THREAD_CPUTIME_ID) : 0.0;
    if (ours) {
      fal_engine_process(bench->engine, in, out, n);
    } else {
      peer_zita_process(bench->zita, in, out);
    }
    if (times) {
      times[call] = fmin(times[call], seconds(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    t += n;
  }
  return call;
}

/// CPU seconds of all threads for one pass
static double
pass_cpu(Bench* const bench, const bool ours)
{
  const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
  run_pass(bench, ours, NULL);
  return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

/// What a pair of clock calls takes itself
static double
clock_overhead(void)
{
  double least = 1.0;
  for (int i = 0; i < 1000; ++i) {
    const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    least              = fmin(least, seconds(CLOCK_THREAD_CPUTIME_ID) - start);
  }
  return least;
}

static void
print_cpu(Bench* const bench)
{
  double ours[N_ROUNDS];
  double peers[N_ROUNDS];
  double ratios[N_ROUNDS];
  for (int r = 0; r < N_ROUNDS; ++r) {
    ours[r]   = pass_cpu(bench, true);
    peers[r]  = bench->zita ? pass_cpu(bench, false) : NAN;
    ratios[r] = ours[r] / peers[r];
  }

  const double scale = 1e9 / ((double)PASS_FRAMES * bench->work->n_channels);
  printf("%-33s %7.1f %7.1f %6.2f  ", bench->work->label,
         median(ours, N_ROUNDS) * scale, median(peers, N_ROUNDS) * scale,
         median(ratios, N_ROUNDS));
}

static void
print_flatness(Bench* const bench)
{
  static double times[PASS_FRAMES];
  for (uint32_t i = 0U; i < PASS_FRAMES; ++i) {
    times[i] = INFINITY;
  }

  uint32_t n = 0U;
  for (int pass = 0; pass < N_TIMED_PASSES; ++pass) {
    n = run_pass(bench, true, times);
  }

  const double overhead = clock_overhead();
  double       mean     = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    times[i] -= overhead;
    mean += times[i] / n;
  }
  const double middle = median(times, n);
  printf(" %5.2f %5.2f %5.2f %5.2f  %7.1f\n", middle / mean,
         times[n * 99UL / 100UL] / mean, times[n * 999UL / 1000UL] / mean,
         times[n - 1U] / mean, times[n - 1U] * 1e6);
}

static void
run(const Work* const work)
{
  Bench bench = {.work = work};
  make(&bench);

  // Fill the histories
  for (uint32_t t = 0U; t < work->n_frames + 65536U; t += PASS_FRAMES) {
    run_pass(&bench, true, NULL);
    if (bench.zita) {
      run_pass(&bench, false, NULL);
    }
  }

  print_cpu(&bench);
  print_flatness(&bench);
  fflush(stdout);
  clear(&bench);
}

int
main(const int argc, const char* const* const argv)
{
  static const Work works[] = {
    {"true stereo 10 s, 64 frames", 2U, true, 480000U, 64U, false},
    {"true stereo 1 s, 64 frames", 2U, true, 48000U, 64U, false},
    {"true stereo 10 s, 256 frames", 2U, true, 480000U, 256U, false},
    {"true stereo 1 s, 256 frames", 2U, true, 48000U, 256U, false},
    {"true stereo 10 s, 1024 frames", 2U, true, 480000U, 1024U, false},
    {"true stereo 1 s, 1024 frames", 2U, true, 48000U, 1024U, false},
    {"stereo 10 s, 64 frames", 2U, false, 480000U, 64U, false},
    {"stereo 1 s, 64 frames", 2U, false, 48000U, 64U, false},
    {"stereo 4096 taps, 64 frames", 2U, false, 4096U, 64U, false},
    {"stereo 256 taps, 64 frames", 2U, false, 256U, 64U, false},
    {"true stereo 10 s, random 1-1024", 2U, true, 480000U, 256U, true},
    {"16 x 16 of 0.5 s, 256 frames", 16U, true, 24000U, 256U, false},
  };

  printf("CPU of all threads in ns per output sample; callbacks over their "
         "mean, the longest in us\n"
         "%-33s %7s %7s %6s   %5s %5s %5s %5s  %7s\n",
         "work at 48 kHz", "ours", "zita", "ratio", "p50", "p99", "p99.9",
         "max", "max us");
  for (size_t w = 0U; w < sizeof(works) / sizeof(*works); ++w) {
    if (argc < 2 || strstr(works[w].label, argv[1])) {
      run(&works[w]);
    }
  }
  return 0;
}
