// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  What users meet when they step through impulse responses: how long a kernel
  takes to build, against libzita-convolver; what an exchange costs; and what is
  saved where nothing can be heard.
*/

#include "bench/engine_work.h"
#include "bench/peer_zita.h"
#include "core/engine.h"

#include <malloc.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_FRAMES = 480000, BLOCK = 64, N_ROUNDS = 7 };

static float* inputs[2];
static float* outputs[2];

static FalEngine*
new_engine(const uint32_t block, const uint32_t longest)
{
  const FalEngineConfig config = {2U, 2U, block, longest};
  FalEngine*            engine = NULL;
  if (fal_engine_new(&engine, &config)) {
    abort();
  }
  return engine;
}

static FalKernel*
new_kernel(const FalEngine* const engine, const WorkMatrix* const m,
           const double skip)
{
  FalKernel* kernel = NULL;
  if (fal_kernel_new(&kernel, engine, m->routes, m->n_routes, skip)) {
    abort();
  }
  return kernel;
}

static double
time_ours(const WorkMatrix* const m)
{
  const double     start  = seconds(CLOCK_PROCESS_CPUTIME_ID);
  FalEngine* const engine = new_engine(BLOCK, m->n_frames);
  FalKernel* const kernel = new_kernel(engine, m, skip_db);
  const double     taken  = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
  fal_kernel_free(kernel);
  fal_engine_free(engine);
  return taken;
}

static double
time_kernel(const WorkMatrix* const m, const FalEngine* const engine)
{
  const double     start  = seconds(CLOCK_PROCESS_CPUTIME_ID);
  FalKernel* const kernel = new_kernel(engine, m, skip_db);
  const double     taken  = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
  fal_kernel_free(kernel);
  return taken;
}

static double
time_peer(const WorkMatrix* const m)
{
  const double    start = seconds(CLOCK_PROCESS_CPUTIME_ID);
  PeerZita* const zita  = peer_zita_new(2U, 2U, m->n_frames, BLOCK);
  for (uint32_t r = 0U; r < m->n_routes; ++r) {
    const FalRoute* const route = &m->routes[r];
    peer_zita_add(zita, route->input, route->output, (float*)route->ir,
                  route->n_frames);
  }
  const double taken = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
  peer_zita_free(zita);
  return taken;
}

/// Setup of a long true-stereo response
static void
print_setup(const WorkMatrix* const m)
{
  const double     first  = time_ours(m);
  FalEngine* const engine = new_engine(BLOCK, m->n_frames);

  double ours[N_ROUNDS];
  double kernels[N_ROUNDS];
  double peers[N_ROUNDS];
  for (int r = 0; r < N_ROUNDS; ++r) {
    ours[r]    = time_ours(m);
    peers[r]   = time_peer(m);
    kernels[r] = time_kernel(m, engine);
  }
  const double peer = median(peers, N_ROUNDS);
  printf("setup, true stereo 10 s: zita %.0f ms; ours at first %.1f, later "
         "%.2f, a kernel %.2f of that\n",
         peer * 1e3, first / peer, median(ours, N_ROUNDS) / peer,
         median(kernels, N_ROUNDS) / peer);
  fal_engine_free(engine);
}

static double
bytes_in_use(void)
{
  const struct mallinfo2 info = mallinfo2();
  return (double)info.uordblks + (double)info.hblkhd;
}

static void
print_memory(const WorkMatrix* const m)
{
  const double     before = bytes_in_use();
  FalEngine* const engine = new_engine(BLOCK, m->n_frames);
  FalKernel* const kernel = new_kernel(engine, m, 0.0);
  const double     used   = bytes_in_use() - before;
  const double     least  = 8.0 * m->n_frames * (m->n_routes + m->n_channels);
  printf("memory: %.1f MB, %.2f of the spectra of responses and history\n",
         used * 1e-6, used / least);
  fal_kernel_free(kernel);
  fal_engine_free(engine);
}

/// Play some frames; lower each call's CPU seconds in `times`, unless null
static void
play(FalEngine* const engine, const uint32_t n_frames, double* const times)
{
  for (uint32_t t = 0U; t < n_frames; t += BLOCK) {
    const float* const in[]  = {inputs[0] + t % N_FRAMES,
                                inputs[1] + t % N_FRAMES};
    float* const       out[] = {outputs[0], outputs[1]};
    if (times) {
      const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
      fal_engine_process(engine, in, out, BLOCK);
      times[t / BLOCK] =
        fmin(times[t / BLOCK], seconds(CLOCK_THREAD_CPUTIME_ID) - start);
    } else {
      fal_engine_process(engine, in, out, BLOCK);
    }
  }
}

static double
mean(const double* const x, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += x[i] / n;
  }
  return sum;
}

/// Cost of an exchange with a fade of 50 ms, until all levels have followed
static void
print_exchange(const char* const label, const WorkMatrix* const m)
{
  enum { PASS = 262144, N_CALLS = PASS / BLOCK, WINDOW = 64 };

  static double steady[N_CALLS];
  static double fading[N_CALLS];
  for (uint32_t i = 0U; i < N_CALLS; ++i) {
    steady[i] = INFINITY;
    fading[i] = INFINITY;
  }

  FalEngine* const engine = new_engine(BLOCK, m->n_frames);
  if (!fal_engine_exchange(engine, new_kernel(engine, m, skip_db), 0U)) {
    abort();
  }
  play(engine, 3U * PASS, NULL);
  for (int r = 0; r < N_ROUNDS; ++r) {
    // Built on the same core, which a plugin does not do: warm its caches again
    FalKernel* const next = new_kernel(engine, m, skip_db);
    play(engine, PASS, steady);
    if (!fal_engine_exchange(engine, next, 2400U)) {
      abort();
    }
    play(engine, PASS, fading);
    fal_kernel_free(fal_engine_retired(engine));
  }

  double most    = 0.0;
  double longest = 0.0;
  for (uint32_t i = 0U; i + WINDOW <= N_CALLS; ++i) {
    most = fmax(most, mean(fading + i, WINDOW));
  }
  for (uint32_t i = 0U; i < N_CALLS; ++i) {
    longest = fmax(longest, fading[i]);
  }
  const double usual = mean(steady, N_CALLS);
  printf("exchange, %s: at most %.2f of the steady cost over %d ms, longest "
         "call %.2f of that\n",
         label, most / usual, WINDOW * BLOCK / 48, longest / most);
  fal_engine_free(engine);
}

/// A hall of 10 s: RT60 of 3 s in the bass, 0.8 s in the treble
static void
make_hall(const WorkMatrix* const m)
{
  for (uint32_t r = 0U; r < m->n_routes; ++r) {
    float* const ir     = (float*)m->routes[r].ir;
    uint32_t     seed   = 50U + r;
    float        low[4] = {0.0f};
    for (uint32_t t = 0U; t < m->n_frames; ++t) {
      const float x      = noise(&seed);
      const float second = (float)t / 48000.0f;
      for (uint32_t pole = 0U; pole < 4U; ++pole) { // 24 dB an octave, 800 Hz
        low[pole] += 0.1f * ((pole ? low[pole - 1U] : x) - low[pole]);
      }
      ir[t] = 4.0f * low[3] * expf(-6.9078f * second / 3.0f) +
              (x - low[3]) * expf(-6.9078f * second / 0.8f);
    }
  }
}

static double
steady_cost(const WorkMatrix* const m, const double skip)
{
  FalEngine* const engine = new_engine(BLOCK, m->n_frames);
  if (!fal_engine_exchange(engine, new_kernel(engine, m, skip), 0U)) {
    abort();
  }
  play(engine, m->n_frames + 131072U, NULL);

  double times[N_ROUNDS];
  for (int r = 0; r < N_ROUNDS; ++r) {
    const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    play(engine, 131072U, NULL);
    times[r] = seconds(CLOCK_THREAD_CPUTIME_ID) - start;
  }
  fal_engine_free(engine);
  return median(times, N_ROUNDS);
}

static void
print_hall(const WorkMatrix* const m)
{
  make_hall(m);
  const double all     = steady_cost(m, 0.0);
  const double audible = steady_cost(m, skip_db);
  printf("hall of 10 s, RT60 3 s low and 0.8 s high: what is heard costs %.2f "
         "of all\n",
         audible / all);
}

int
main(void)
{
  uint32_t seed = 3U;
  for (uint32_t c = 0U; c < 2U; ++c) {
    inputs[c]  = allocate(N_FRAMES + BLOCK);
    outputs[c] = allocate(BLOCK);
    for (uint32_t t = 0U; t < N_FRAMES; ++t) {
      inputs[c][t] = noise(&seed);
    }
  }

  WorkMatrix ten = new_work_matrix(2U, N_FRAMES, true);
  WorkMatrix one = new_work_matrix(2U, N_FRAMES / 10U, true);
  print_setup(&ten);
  print_memory(&ten);
  print_exchange("true stereo 10 s, 64 frames", &ten);
  print_exchange("true stereo 1 s, 64 frames", &one);
  print_hall(&ten);

  free_work_matrix(&one);
  free_work_matrix(&ten);
  for (uint32_t c = 0U; c < 2U; ++c) {
    fal_arena_release(inputs[c]);
    fal_arena_release(outputs[c]);
  }
  return 0;
}
