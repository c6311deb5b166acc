// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file engine_bench.h An engine, its routes and signals, as its tests use
/// them

#ifndef FAL_TESTS_UNIT_ENGINE_BENCH_H
#define FAL_TESTS_UNIT_ENGINE_BENCH_H

#include "core/engine.h"
#include "tests/reference.h"

#include <stdlib.h>
#include <string.h>

#define MOST_CHANNELS 4U

/// What is audible is far below: 24 bits, with room for transforms and sums
#define MOST_RMS_DB (-126.0)
#define MOST_PEAK_DB (-110.0)

/// The default of what is left out: below the rounding of single precision
#define SKIP_DB (-130.0)

/// A full matrix of decaying noise between a few channels
typedef struct {
  uint32_t n_inputs;
  uint32_t n_outputs;
  uint32_t n_routes;
  FalRoute routes[MOST_CHANNELS * MOST_CHANNELS];
} Matrix;

static inline Matrix
new_matrix(const uint32_t n_inputs, const uint32_t n_outputs,
           const uint32_t n_frames, const uint64_t seed)
{
  Matrix m = {n_inputs, n_outputs, 0U, {{0U, 0U, 0U, NULL}}};
  for (uint32_t i = 0U; i < n_inputs; ++i) {
    for (uint32_t o = 0U; o < n_outputs; ++o) {
      float* const ir = ref_floats(n_frames);
      ref_decaying_noise(ir, n_frames, seed + 64U * i + o);
      m.routes[m.n_routes++] = (FalRoute){i, o, n_frames, ir};
    }
  }
  return m;
}

static inline void
free_matrix(const Matrix* const m)
{
  for (uint32_t r = 0U; r < m->n_routes; ++r) {
    free((void*)m->routes[r].ir);
  }
}

/// Planar signals
typedef struct {
  uint32_t n_channels;
  size_t   n_frames;
  float*   channels[MOST_CHANNELS];
} Signal;

static inline Signal
new_signal(const uint32_t n_channels, const size_t n_frames)
{
  Signal s = {n_channels, n_frames, {NULL}};
  for (uint32_t c = 0U; c < n_channels; ++c) {
    s.channels[c] = ref_floats(n_frames);
  }
  return s;
}

static inline Signal
new_noise_signal(const uint32_t n_channels, const size_t n_frames,
                 const uint64_t seed)
{
  const Signal s = new_signal(n_channels, n_frames);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    ref_noise(s.channels[c], n_frames, seed + c);
  }
  return s;
}

static inline void
free_signal(const Signal* const s)
{
  for (uint32_t c = 0U; c < s->n_channels; ++c) {
    free(s->channels[c]);
  }
}

/// One frame of an output, by the definition
static inline double
expected_at(const Matrix* const m, const Signal* const x, const uint32_t output,
            const size_t t)
{
  double y = 0.0;
  for (uint32_t r = 0U; r < m->n_routes; ++r) {
    const FalRoute* const route = &m->routes[r];
    if (route->output == output) {
      y += ref_convolution_at(x->channels[route->input], t + 1U, route->ir,
                              route->n_frames, t);
    }
  }
  return y;
}

/// The first frames of an output, by the definition
static inline double*
expected_output(const Matrix* const m, const Signal* const x,
                const uint32_t output)
{
  double* const y = ref_doubles(x->n_frames);
  for (uint32_t r = 0U; r < m->n_routes; ++r) {
    const FalRoute* const route = &m->routes[r];
    for (size_t s = 0U; route->output == output && s < route->n_frames; ++s) {
      const double       gain = (double)route->ir[s];
      const float* const in   = x->channels[route->input];
      for (size_t t = s; t < x->n_frames; ++t) {
        y[t] += gain * (double)in[t - s];
      }
    }
  }
  return y;
}

static inline FalEngine*
new_engine(const uint32_t n_inputs, const uint32_t n_outputs,
           const uint32_t nominal, const uint32_t longest)
{
  const FalEngineConfig config = {n_inputs, n_outputs, nominal, longest};
  FalEngine*            engine = NULL;
  if (fal_engine_new(&engine, &config)) {
    abort();
  }
  return engine;
}

static inline FalKernel*
new_kernel(const FalEngine* const engine, const Matrix* const m,
           const double skip_db)
{
  FalKernel* kernel = NULL;
  if (fal_kernel_new(&kernel, engine, m->routes, m->n_routes, skip_db)) {
    abort();
  }
  return kernel;
}

/// An engine that sounds with a matrix from its first frame on
static inline FalEngine*
new_sounding_engine(const Matrix* const m, const uint32_t nominal,
                    const double skip_db)
{
  FalEngine* const engine =
    new_engine(m->n_inputs, m->n_outputs, nominal, m->routes[0].n_frames);
  if (!fal_engine_exchange(engine, new_kernel(engine, m, skip_db), 0U)) {
    abort();
  }
  return engine;
}

/// The size of the next call
typedef struct {
  uint32_t most;      ///< Of each call
  bool     is_random; ///< From 0 to `most`, else always `most`
  uint64_t seed;
} Calls;

static inline uint32_t
next_call(Calls* const calls, const size_t n_left)
{
  const size_t n =
    calls->is_random ? ref_between(&calls->seed, 0U, calls->most) : calls->most;
  return (uint32_t)(n < n_left ? n : n_left);
}

/// Play the frames `from` to `to` of x in calls of some sizes
static inline void
play(FalEngine* const engine, const Signal* const x, const Signal* const y,
     const size_t from, const size_t to, Calls calls)
{
  for (size_t t = from; t < to;) {
    const uint32_t n = next_call(&calls, to - t);
    const float*   in[MOST_CHANNELS];
    float*         out[MOST_CHANNELS];
    for (uint32_t c = 0U; c < x->n_channels; ++c) {
      in[c] = x->channels[c] + t;
    }
    for (uint32_t c = 0U; c < y->n_channels; ++c) {
      out[c] = y->channels[c] + t;
    }
    fal_engine_process(engine, in, out, n);
    t += n;
  }
}

#endif // FAL_TESTS_UNIT_ENGINE_BENCH_H
