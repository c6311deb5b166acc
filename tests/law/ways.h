// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ways.h Every way in which the core convolves, behind one call

#ifndef FAL_TESTS_LAW_WAYS_H
#define FAL_TESTS_LAW_WAYS_H

#include "core/convolve.h"
#include "core/engine.h"
#include "core/kernel.h"
#include "core/ola.h"
#include "core/route.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdlib.h>
#include <string.h>

/**
   How far two results may be apart that a law makes equal.

   Each is within -126 dB of the truth; some laws convolve twice on each side.
*/
#define LAW_DB (-118.0)

/// Most channels of a matrix here
#define LAW_MAX_CHANNELS 64U

typedef enum {
  WAY_DIRECT, ///< fal_convolve(): the sum itself
  WAY_FFT,    ///< fal_convolve(): by transforms
  WAY_OLA,    ///< fal_ola, in small blocks
  WAY_ENGINE, ///< fal_engine, in calls of random sizes
  N_WAYS
} Way;

/// Channels of n_frames each
typedef struct {
  uint32_t n;
  size_t   n_frames;
  float*   channels[LAW_MAX_CHANNELS];
} Channels;

static inline Channels
law_channels(const uint32_t n, const size_t n_frames)
{
  Channels c = {n, n_frames, {NULL}};
  for (uint32_t i = 0U; i < n; ++i) {
    c.channels[i] = ref_floats(n_frames);
  }
  return c;
}

static inline void
law_free(const Channels* const c)
{
  for (uint32_t i = 0U; i < c->n; ++i) {
    free(c->channels[i]);
  }
}

/// A matrix of responses, streamed through overlap-add; x and y as long
static inline void
law_run_ola(const Channels* const y, const Channels* const x,
            const FalRoute* const routes, const uint32_t n_routes)
{
  FalOla*            ola    = NULL;
  const FalOlaConfig config = {
    .n_inputs = x->n, .n_outputs = y->n, .block = 256U};
  assert_int_equal(fal_ola_new(&ola, &config, routes, n_routes), FAL_OK);

  const size_t   block  = fal_ola_block(ola);
  const uint32_t n      = x->n > y->n ? x->n : y->n;
  Channels       buffer = law_channels(n, block);
  for (size_t t = 0U; t < x->n_frames; t += block) {
    const size_t left = x->n_frames - t < block ? x->n_frames - t : block;
    for (uint32_t i = 0U; i < x->n; ++i) {
      memset(buffer.channels[i], 0, block * sizeof(float));
      memcpy(buffer.channels[i], x->channels[i] + t, left * sizeof(float));
    }
    fal_ola_process(ola, (const float* const*)buffer.channels, buffer.channels);
    for (uint32_t o = 0U; o < y->n; ++o) {
      memcpy(y->channels[o] + t, buffer.channels[o], left * sizeof(float));
    }
  }
  law_free(&buffer);
  fal_ola_free(ola);
}

/// A matrix of responses, through the real-time engine
static inline void
law_run_engine(const Channels* const y, const Channels* const x,
               const FalRoute* const routes, const uint32_t n_routes)
{
  uint32_t longest = 1U;
  for (uint32_t i = 0U; i < n_routes; ++i) {
    longest = longest > routes[i].n_frames ? longest : routes[i].n_frames;
  }
  FalEngine*            engine = NULL;
  FalKernel*            kernel = NULL;
  const FalEngineConfig config = {x->n, y->n, 64U, longest};
  assert_int_equal(fal_engine_new(&engine, &config), FAL_OK);
  assert_int_equal(fal_kernel_new(&kernel, engine, routes, n_routes, 0.0),
                   FAL_OK);
  assert_true(fal_engine_exchange(engine, kernel, 0U));

  uint64_t random = x->n_frames + n_routes;
  for (size_t t = 0U; t < x->n_frames;) {
    const float* in[LAW_MAX_CHANNELS];
    float*       out[LAW_MAX_CHANNELS];
    const size_t most = x->n_frames - t < 200U ? x->n_frames - t : 200U;
    const size_t n    = ref_between(&random, 0U, most);
    for (uint32_t i = 0U; i < x->n; ++i) {
      in[i] = x->channels[i] + t;
    }
    for (uint32_t o = 0U; o < y->n; ++o) {
      out[o] = y->channels[o] + t;
    }
    fal_engine_process(engine, in, out, (uint32_t)n);
    t += n;
  }
  fal_engine_free(engine);
}

/// y = x * h, full: [n_x + n_h - 1]
static inline void
law_convolve(const Way way, float* const y, const float* const x,
             const size_t n_x, const float* const h, const size_t n_h)
{
  if (way == WAY_DIRECT || way == WAY_FFT) {
    assert_int_equal(
      fal_convolve(y, x, n_x, h, n_h, FAL_FULL,
                   way == WAY_FFT ? FAL_METHOD_FFT : FAL_METHOD_DIRECT),
      FAL_OK);
    return;
  }

  const size_t   n_y    = n_x + n_h - 1U;
  const Channels padded = law_channels(1U, n_y);
  const Channels out    = {1U, n_y, {y}};
  const FalRoute route  = {0U, 0U, (uint32_t)n_h, h};
  memcpy(padded.channels[0], x, n_x * sizeof(float));
  if (way == WAY_OLA) {
    law_run_ola(&out, &padded, &route, 1U);
  } else {
    law_run_engine(&out, &padded, &route, 1U);
  }
  law_free(&padded);
}

/// New x * h
static inline float*
law_new_convolution(const Way way, const float* const x, const size_t n_x,
                    const float* const h, const size_t n_h)
{
  float* const y = ref_floats(n_x + n_h - 1U);
  law_convolve(way, y, x, n_x, h, n_h);
  return y;
}

/// Check that two results are equal, up to rounding
static inline void
law_assert_equal(const float* const a, const float* const b, const size_t n)
{
  double error  = 0.0;
  double energy = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    const double e = (double)a[t] - (double)b[t];
    error += e * e;
    energy += (double)b[t] * (double)b[t];
  }
  assert_true(error <= energy * pow(10.0, LAW_DB / 10.0));
}

#endif // FAL_TESTS_LAW_WAYS_H
