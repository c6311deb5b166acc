// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Singles round at -150 dB; a transform and back adds at most 20 dB to that
#define ERROR_DB (-128.0)
#define PEAK_ERROR_DB (-112.0)

#define MAX_CHANNELS 3U

/// Planar signals of the same length
typedef struct {
  float* channels[MAX_CHANNELS];
} Signals;

static Signals
new_signals(const size_t n)
{
  Signals s;
  for (uint32_t c = 0U; c < MAX_CHANNELS; ++c) {
    s.channels[c] = ref_floats(n);
  }
  return s;
}

static void
free_signals(const Signals* const s)
{
  for (uint32_t c = 0U; c < MAX_CHANNELS; ++c) {
    free(s->channels[c]);
  }
}

/// Stream x through: y [n_y], with x padded by silence, and null for the tail
static void
stream(FalOla* const ola, const Signals* const x, const size_t n_x,
       const Signals* const y, const size_t n_y)
{
  const size_t block  = fal_ola_block(ola);
  Signals      buffer = new_signals(block);
  for (size_t t = 0U; t < n_y; t += block) {
    const size_t n_in  = t >= n_x ? 0U : n_x - t < block ? n_x - t : block;
    const size_t n_out = n_y - t < block ? n_y - t : block;
    for (uint32_t c = 0U; c < MAX_CHANNELS; ++c) {
      memset(buffer.channels[c], 0, block * sizeof(float));
      memcpy(buffer.channels[c], x->channels[c] + (n_in ? t : 0U),
             n_in * sizeof(float));
    }

    // The output takes the place of the input
    fal_ola_process(ola, n_in ? (const float* const*)buffer.channels : NULL,
                    buffer.channels);
    for (uint32_t c = 0U; c < MAX_CHANNELS; ++c) {
      memcpy(y->channels[c] + t, buffer.channels[c], n_out * sizeof(float));
    }
  }
  free_signals(&buffer);
}

/// Check one random matrix of responses, of one block size
static void
check_random(const uint32_t block, const uint64_t seed)
{
  uint64_t           state    = seed * 1000U + block;
  const uint32_t     n_inputs = (uint32_t)ref_between(&state, 1U, MAX_CHANNELS);
  const FalOlaConfig config   = {
      n_inputs, (uint32_t)ref_between(&state, 1U, MAX_CHANNELS), block, 0U, 1U};
  const uint32_t n_routes = (uint32_t)ref_between(&state, 1U, 12U);
  const size_t   n_x      = ref_between(&state, 1U, 3000U);
  const size_t   longest  = ref_between(&state, 1U, 2000U);
  const size_t   n_y      = n_x + longest - 1U;

  Signals  x = new_signals(n_x);
  Signals  y = new_signals(n_y);
  FalRoute routes[12];
  double*  sums[MAX_CHANNELS];
  for (uint32_t c = 0U; c < MAX_CHANNELS; ++c) {
    ref_noise(x.channels[c], n_x, seed + c);
    sums[c] = ref_doubles(n_y);
  }
  for (uint32_t i = 0U; i < n_routes; ++i) {
    FalRoute* const route = &routes[i];
    const size_t    n     = ref_between(&state, 1U, longest);
    float* const    h     = ref_floats(n);
    ref_decaying_noise(h, n, seed + 100U + i);
    route->input    = (uint32_t)ref_between(&state, 0U, config.n_inputs - 1U);
    route->output   = (uint32_t)ref_between(&state, 0U, config.n_outputs - 1U);
    route->n_frames = (uint32_t)n;
    route->ir       = h;
    ref_add_convolution(sums[route->output], x.channels[route->input], n_x, h,
                        n);
  }

  FalOla* ola = NULL;
  assert_int_equal(fal_ola_new(&ola, &config, routes, n_routes), FAL_OK);
  for (uint32_t pass = 0U; pass < 2U; ++pass) {
    stream(ola, &x, n_x, &y, n_y);
    for (uint32_t o = 0U; o < config.n_outputs; ++o) {
      double energy = 0.0;
      for (size_t t = 0U; t < n_y; ++t) {
        energy += sums[o][t] * sums[o][t];
      }
      if (energy > 0.0) {
        assert_true(ref_error_db(y.channels[o], sums[o], n_y) < ERROR_DB);
        assert_true(ref_peak_error_db(y.channels[o], sums[o], n_y) <
                    PEAK_ERROR_DB);
      } else {
        for (size_t t = 0U; t < n_y; ++t) {
          assert_true(y.channels[o][t] == 0.0F);
        }
      }
    }
    fal_ola_reset(ola);
  }

  fal_ola_free(ola);
  for (uint32_t i = 0U; i < n_routes; ++i) {
    free((float*)routes[i].ir);
  }
  for (uint32_t c = 0U; c < MAX_CHANNELS; ++c) {
    free(sums[c]);
  }
  free_signals(&y);
  free_signals(&x);
}

static void
test_any_matrix_at_any_block_size_is_the_sum(void** const state)
{
  (void)state;
  for (uint32_t block = 256U; block <= 16384U; block *= 2U) {
    for (uint64_t seed = 0U; seed < 6U; ++seed) {
      check_random(block, seed);
    }
  }
  check_random(0U, 1U);
}

static void
test_a_long_response_is_as_exact_as_a_short_one(void** const state)
{
  (void)state;

  const uint32_t blocks[] = {256U, 4096U, 0U};
  const size_t   n_h      = 144000U;
  const size_t   n_x      = 200000U;
  float* const   h        = ref_floats(n_h);
  Signals        x        = new_signals(n_x);
  Signals        y        = new_signals(n_x + n_h - 1U);
  ref_decaying_noise(h, n_h, 1U);
  ref_noise(x.channels[0], n_x, 2U);

  for (uint32_t i = 0U; i < 3U; ++i) {
    const FalOlaConfig config = {1U, 1U, blocks[i], 0U, 1U};
    const FalRoute     route  = {0U, 0U, (uint32_t)n_h, h};
    FalOla*            ola    = NULL;
    assert_int_equal(fal_ola_new(&ola, &config, &route, 1U), FAL_OK);
    stream(ola, &x, n_x, &y, n_x + n_h - 1U);

    // Some places tell: the sum itself would take a minute
    enum { n_places = 500 };
    float    found[n_places];
    double   expected[n_places];
    uint64_t random = 3U;
    for (uint32_t k = 0U; k < n_places; ++k) {
      const size_t t = ref_between(&random, 0U, n_x + n_h - 2U);
      found[k]       = y.channels[0][t];
      expected[k]    = ref_convolution_at(x.channels[0], n_x, h, n_h, t);
    }
    assert_true(ref_error_db(found, expected, n_places) < ERROR_DB);
    fal_ola_free(ola);
  }
  free_signals(&y);
  free_signals(&x);
  free(h);
}

static void
test_sound_after_silence_starts_anew(void** const state)
{
  (void)state;

  // Gaps of null input, shorter and longer than the response
  const size_t       block  = 256U;
  const size_t       n_h    = 700U;
  const size_t       n      = 64U * block;
  float* const       h      = ref_new_noise(n_h, 1U);
  float* const       x      = ref_new_noise(n, 2U);
  float* const       y      = ref_floats(n);
  const FalRoute     only   = {0U, 0U, (uint32_t)n_h, h};
  FalOla*            ola    = NULL;
  const FalOlaConfig config = {1U, 1U, (uint32_t)block, 0U, 1U};
  assert_int_equal(fal_ola_new(&ola, &config, &only, 1U), FAL_OK);

  uint64_t random = 3U;
  for (size_t t = 0U; t < n;) {
    const bool is_silent = (ref_random(&random) & 1U) != 0U;
    for (size_t left = ref_between(&random, 1U, 6U); left && t < n; --left) {
      if (is_silent) {
        memset(x + t, 0, block * sizeof(float));
      }
      const float* const in[]  = {x + t};
      float* const       out[] = {y + t};
      fal_ola_process(ola, is_silent ? NULL : in, out);
      t += block;
    }
  }

  double* const expected = ref_convolution(x, n, h, n_h);
  assert_true(ref_error_db(y, expected, n) < ERROR_DB);
  free(expected);
  fal_ola_free(ola);
  free(y);
  free(x);
  free(h);
}

/// A thread that helps until it is told to stop
typedef struct {
  FalOla*     ola;
  atomic_bool is_over;
} Helper;

static void*
help(void* const handle)
{
  Helper* const helper = (Helper*)handle;
  while (!helper->is_over) {
    fal_ola_help(helper->ola, 1U);
    sched_yield();
  }
  return NULL;
}

static void
test_any_number_of_threads_gives_the_same_bits(void** const state)
{
  (void)state;

  const size_t n_x = 100000U;
  const size_t n_h = 20000U;
  const size_t n_y = n_x + n_h - 1U;
  Signals      x   = new_signals(n_x);
  Signals      h   = new_signals(n_h);
  Signals      y   = new_signals(n_y);
  Signals      z   = new_signals(n_y);
  FalRoute     routes[MAX_CHANNELS * MAX_CHANNELS];
  for (uint32_t i = 0U; i < MAX_CHANNELS; ++i) {
    ref_noise(x.channels[i], n_x, i);
    ref_noise(h.channels[i], n_h, 10U + i);
    for (uint32_t o = 0U; o < MAX_CHANNELS; ++o) {
      routes[MAX_CHANNELS * i + o] =
        (FalRoute){i, o, (uint32_t)n_h, h.channels[(i + o) % MAX_CHANNELS]};
    }
  }

  const uint32_t blocks[] = {256U, 4096U, 16384U};
  for (uint32_t i = 0U; i < 3U; ++i) {
    for (uint32_t n_workers = 1U; n_workers <= 2U; ++n_workers) {
      const FalOlaConfig config = {MAX_CHANNELS, MAX_CHANNELS, blocks[i], 0U,
                                   n_workers};
      Helper             helper = {NULL, false};
      pthread_t          thread;
      assert_int_equal(
        fal_ola_new(&helper.ola, &config, routes, MAX_CHANNELS * MAX_CHANNELS),
        FAL_OK);
      if (n_workers == 2U) {
        assert_int_equal(pthread_create(&thread, NULL, help, &helper), 0);
      }
      stream(helper.ola, &x, n_x, n_workers == 1U ? &y : &z, n_y);
      helper.is_over = true;
      if (n_workers == 2U) {
        pthread_join(thread, NULL);
      }
      fal_ola_free(helper.ola);
    }
    for (uint32_t o = 0U; o < MAX_CHANNELS; ++o) {
      assert_memory_equal(y.channels[o], z.channels[o], n_y * sizeof(float));
    }
  }
  free_signals(&z);
  free_signals(&y);
  free_signals(&h);
  free_signals(&x);
}

static void
test_bad_arguments_are_refused(void** const state)
{
  (void)state;

  const float        one[]   = {1.0F, 0.5F};
  const float        bad[]   = {1.0F, (float)NAN};
  const FalRoute     good    = {0U, 0U, 2U, one};
  const FalOlaConfig config  = {1U, 1U, 256U, 0U, 1U};
  const FalRoute     wrong[] = {
        {1U, 0U, 2U, one},  {0U, 1U, 2U, one}, {0U, 0U, 0U, one},
        {0U, 0U, 2U, NULL}, {0U, 0U, 2U, bad},
  };
  FalOla* ola = NULL;
  for (size_t i = 0U; i < sizeof(wrong) / sizeof(wrong[0]); ++i) {
    assert_int_equal(fal_ola_new(&ola, &config, &wrong[i], 1U),
                     FAL_ERR_BAD_ARG);
  }
  const FalOlaConfig configs[] = {
    {0U, 1U, 256U, 0U, 1U},
    {1U, 0U, 256U, 0U, 1U},
    {1U, 1U, 257U, 0U, 1U},
    {1U, 1U, 128U, 0U, 1U},
  };
  for (size_t i = 0U; i < sizeof(configs) / sizeof(configs[0]); ++i) {
    assert_int_equal(fal_ola_new(&ola, &configs[i], &good, 1U),
                     FAL_ERR_BAD_ARG);
  }
  assert_null(ola);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_any_matrix_at_any_block_size_is_the_sum),
    cmocka_unit_test(test_a_long_response_is_as_exact_as_a_short_one),
    cmocka_unit_test(test_sound_after_silence_starts_anew),
    cmocka_unit_test(test_any_number_of_threads_gives_the_same_bits),
    cmocka_unit_test(test_bad_arguments_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
