// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  The real-time engine against libzita-convolver, both in one run.

  CPU is that of all threads, from passes without timing calls, ours and the
  peer's in turn; ratios are medians over the rounds. The longest callback is
  the largest element of the element-wise minimum over several equal passes of
  the thread's CPU clock, so that what else the machine does counts for little.
*/

#include "bench/peer_zita.h"
#include "core/arena.h"
#include "core/engine.h"
#include "core/route.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_MAX_CHANNELS = 16, N_ROUNDS = 9, N_TIMED_PASSES = 9 };

static const uint32_t pass_frames = 131072U; ///< Windows of the largest level
static const double skip_db       = -130.0;  ///< As the plugin has it

typedef enum { DENSE, DIAGONAL } Shape;

typedef struct {
  const char* label;
  uint32_t n_channels;
  Shape shape;
  uint32_t n_frames;
  uint32_t block;
  bool random_blocks; ///< 1 … 1024, which the peer does not take
} Work;

typedef struct {
  const Work* work;
  FalRoute routes[N_MAX_CHANNELS * N_MAX_CHANNELS];
  uint32_t n_routes;
  float* in[N_MAX_CHANNELS];
  float* out[N_MAX_CHANNELS];
  FalEngine* engine;
  PeerZita* zita;
} Bench;

static double
seconds(const clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float
noise(uint32_t* const seed)
{
  *seed = *seed * 1664525U + 1013904223U;
  return (float)(int32_t)*seed / 2147483648.0f;
}

static void*
allocate(const size_t n_floats)
{
  FalArena arena = { NULL, 0U };
  (void)fal_arena_floats(&arena, n_floats);
  if (fal_arena_allocate(&arena)) {
    abort();
  }
  return arena.base;
}

static void
make_signals(Bench* const bench)
{
  const Work* const work = bench->work;
  uint32_t seed          = 1U;
  for (uint32_t c = 0U; c < work->n_channels; ++c) {
    bench->in[c]  = (float*)allocate(pass_frames);
    bench->out[c] = (float*)allocate(pass_frames);
    for (uint32_t t = 0U; t < pass_frames; ++t) {
      bench->in[c][t] = 0.5f * noise(&seed);
    }
  }

  for (uint32_t i = 0U; i < work->n_channels; ++i) {
    for (uint32_t o = 0U; o < work->n_channels; ++o) {
      if (work->shape == DENSE || i == o) {
        float* const ir = (float*)allocate(work->n_frames);
        for (uint32_t t = 0U; t < work->n_frames; ++t) {
          ir[t] = noise(&seed) *
                  expf(-6.9078f * (float)t / (float)work->n_frames); // -60 dB
        }
        bench->routes[bench->n_routes++] =
          (FalRoute){ i, o, work->n_frames, ir };
      }
    }
  }
}

static void
make_engines(Bench* const bench)
{
  const Work* const work       = bench->work;
  const FalEngineConfig config = { work->n_channels, work->n_channels,
                                   work->block, work->n_frames };

  FalKernel* kernel = NULL;
  if (fal_engine_new(&bench->engine, &config) ||
      fal_kernel_new(&kernel, bench->engine, bench->routes, bench->n_routes,
                     skip_db) ||
      !fal_engine_exchange(bench->engine, kernel, 0U)) {
    abort();
  }

  if (!work->random_blocks) {
    bench->zita = peer_zita_new(work->n_channels, work->n_channels,
                                work->n_frames, work->block);
    for (uint32_t r = 0U; r < bench->n_routes; ++r) {
      const FalRoute* const route = &bench->routes[r];
      peer_zita_add(bench->zita, route->input, route->output, (float*)route->ir,
                    route->n_frames);
    }
    peer_zita_start(bench->zita);
  }
}

/// Run a pass of either; write each callback's CPU time if `times` is given
static uint32_t
run_pass(Bench* const bench, const bool ours, double* const times)
{
  const Work* const work = bench->work;
  uint32_t seed          = 7U;
  uint32_t n             = 0U;
  for (uint32_t t = 0U; t < pass_frames; ++n) {
    const uint32_t wish     = work->random_blocks
                                ? 1U + (uint32_t)((noise(&seed) + 1.0f) * 511.9f)
                                : work->block;
    const uint32_t n_frames = wish < pass_frames - t ? wish : pass_frames - t;

    const float* in[N_MAX_CHANNELS];
    float* out[N_MAX_CHANNELS];
    for (uint32_t c = 0U; c < work->n_channels; ++c) {
      in[c]  = bench->in[c] + t;
      out[c] = bench->out[c] + t;
    }

    const double start = times ? seconds(CLOCK_THREAD_CPUTIME_ID) : 0.0;
    if (ours) {
      fal_engine_process(bench->engine, in, out, n_frames);
    } else {
      peer_zita_process(bench->zita, in, out);
    }
    if (times) {
      const double taken = seconds(CLOCK_THREAD_CPUTIME_ID) - start;
      times[n]           = fmin(times[n], taken);
    }
    t += n_frames;
  }
  return n;
}

/// CPU seconds of all threads for one pass
static double
pass_cpu(Bench* const bench, const bool ours)
{
  const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
  run_pass(bench, ours, NULL);
  return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static int
compare(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return x < y ? -1 : x > y ? 1 : 0;
}

/// What the clock itself takes
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
print_flatness(Bench* const bench)
{
  static double times[131072];
  for (uint32_t i = 0U; i < 131072U; ++i) {
    times[i] = INFINITY;
  }

  uint32_t n = 0U;
  for (int pass = 0; pass < N_TIMED_PASSES; ++pass) {
    n = run_pass(bench, true, times);
  }

  const double overhead = clock_overhead();
  double mean           = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    times[i] -= overhead;
    mean += times[i] / n;
  }
  qsort(times, n, sizeof(*times), compare);
  printf(" %5.2f %5.2f %5.2f %5.2f", times[n / 2U] / mean,
         times[(uint32_t)(n * 0.99)] / mean,
         times[(uint32_t)(n * 0.999)] / mean, times[n - 1U] / mean);
}

static void
run(const Work* const work)
{
  Bench* const bench = (Bench*)calloc(1U, sizeof(Bench));
  bench->work        = work;
  make_signals(bench);
  make_engines(bench);

  // Fill the histories
  for (uint32_t t = 0U; t < work->n_frames + 65536U; t += pass_frames) {
    run_pass(bench, true, NULL);
    if (bench->zita) {
      run_pass(bench, false, NULL);
    }
  }

  double ours[N_ROUNDS];
  double peers[N_ROUNDS];
  double ratios[N_ROUNDS];
  for (int round = 0; round < N_ROUNDS; ++round) {
    ours[round]   = pass_cpu(bench, true);
    peers[round]  = bench->zita ? pass_cpu(bench, false) : NAN;
    ratios[round] = ours[round] / peers[round];
  }
  qsort(ours, N_ROUNDS, sizeof(*ours), compare);
  qsort(peers, N_ROUNDS, sizeof(*peers), compare);
  qsort(ratios, N_ROUNDS, sizeof(*ratios), compare);

  const double scale = 1e9 / ((double)pass_frames * work->n_channels);
  printf("%-34s %7.1f %7.1f %6.2f  ", work->label, ours[N_ROUNDS / 2] * scale,
         peers[N_ROUNDS / 2] * scale, ratios[N_ROUNDS / 2]);
  print_flatness(bench);
  printf("\n");
  fflush(stdout);

  peer_zita_free(bench->zita);
  fal_engine_free(bench->engine);
  for (uint32_t c = 0U; c < work->n_channels; ++c) {
    fal_arena_release(bench->in[c]);
    fal_arena_release(bench->out[c]);
  }
  for (uint32_t r = 0U; r < bench->n_routes; ++r) {
    fal_arena_release((float*)bench->routes[r].ir);
  }
  free(bench);
}

int
main(const int argc, const char* const* const argv)
{
  static const Work works[] = {
    { "true stereo 10 s, 64 frames", 2U, DENSE, 480000U, 64U, false },
    { "true stereo 1 s, 64 frames", 2U, DENSE, 48000U, 64U, false },
    { "true stereo 10 s, 256 frames", 2U, DENSE, 480000U, 256U, false },
    { "true stereo 1 s, 256 frames", 2U, DENSE, 48000U, 256U, false },
    { "true stereo 10 s, 1024 frames", 2U, DENSE, 480000U, 1024U, false },
    { "true stereo 1 s, 1024 frames", 2U, DENSE, 48000U, 1024U, false },
    { "stereo 10 s, 64 frames", 2U, DIAGONAL, 480000U, 64U, false },
    { "stereo 1 s, 64 frames", 2U, DIAGONAL, 48000U, 64U, false },
    { "stereo 4096 taps, 64 frames", 2U, DIAGONAL, 4096U, 64U, false },
    { "stereo 256 taps, 64 frames", 2U, DIAGONAL, 256U, 64U, false },
    { "true stereo 10 s, random 1…1024", 2U, DENSE, 480000U, 256U, true },
    { "16 x 16 of 0.5 s, 256 frames", 16U, DENSE, 24000U, 256U, false },
  };

  printf("CPU of all threads, ns per output sample; callbacks over their mean\n"
         "%-34s %7s %7s %6s   %5s %5s %5s %5s\n",
         "work (48 kHz)", "ours", "zita", "ratio", "p50", "p99", "p99.9",
         "max");
  for (size_t w = 0U; w < sizeof(works) / sizeof(*works); ++w) {
    if (argc < 2 || strstr(works[w].label, argv[1])) {
      run(&works[w]);
    }
  }
  return 0;
}
