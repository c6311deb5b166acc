// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/engine.h"
#include "tests/reference.h"
#include "tests/thin.h"
#include "tests/unit/engine_bench.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void
assert_accurate(const Signal* const y, double* const* const expected)
{
  for (uint32_t o = 0U; o < y->n_channels; ++o) {
    assert_true(ref_error_db(y->channels[o], expected[o], y->n_frames) <
                MOST_RMS_DB);
    assert_true(ref_peak_error_db(y->channels[o], expected[o], y->n_frames) <
                MOST_PEAK_DB);
  }
}

/**
   Play one matrix in calls of many sizes, in four engines.

   Each engine takes one size in `stride`, and starts with another.
*/
static void
check_calls(const Matrix* const m, const size_t n_frames,
            const Calls* const calls, const uint32_t n_calls,
            const uint32_t stride)
{
  const Signal x = new_noise_signal(m->n_inputs, n_frames, 99U);
  const Signal y = new_signal(m->n_outputs, n_frames);

  double* expected[MOST_CHANNELS] = {NULL};
  for (uint32_t o = 0U; o < m->n_outputs; ++o) {
    expected[o] = expected_output(m, &x, o);
  }

  // Nominal sizes differ in the sizes of their partitions
  static const uint32_t nominals[] = {16U, 64U, 480U, 1024U};
  for (size_t i = 0U; i < 4U; ++i) {
    FalEngine* const engine = new_sounding_engine(m, nominals[i], SKIP_DB);
    for (uint32_t c = (uint32_t)i % stride; c < n_calls; c += stride) {
      fal_engine_reset(engine);
      play(engine, &x, &y, 0U, n_frames, calls[c]);
      assert_accurate(&y, expected);
    }
    fal_engine_free(engine);
  }

  for (uint32_t o = 0U; o < m->n_outputs; ++o) {
    free(expected[o]);
  }
  free_signal(&y);
  free_signal(&x);
}

static void
test_short_responses_are_exact(void** const state)
{
  (void)state;
  static const uint32_t lengths[] = {1U,  2U,   15U,  16U,  17U,   63U,  64U,
                                     65U, 127U, 128U, 129U, 1000U, 4097U};
  static const Calls    calls[]   = {{1U, false, 0U},
                                     {64U, false, 0U},
                                     {100U, false, 0U},
                                     {1024U, false, 0U},
                                     {300U, true, 1U}};
  for (size_t i = 0U; i < sizeof(lengths) / sizeof(*lengths); ++i) {
    const uint32_t n = (uint32_t)i % 3U + 1U;
    const Matrix   m = new_matrix(n, 3U - (uint32_t)i % 2U, lengths[i], i);
    check_calls(&m, 2U * lengths[i] + 3000U, calls, 5U, 1U);
    free_matrix(&m);
  }
}

static void
test_every_size_of_call_gives_the_same(void** const state)
{
  (void)state;

  static Calls calls[4096U + 100U];
  for (uint32_t n = 1U; n <= 4096U; ++n) {
    calls[n - 1U] = (Calls){n, false, 0U};
  }
  for (uint32_t n = 0U; n < 100U; ++n) {
    calls[4096U + n] = (Calls){1U << (n % 13U), true, n + 1U};
  }

  // Each level has several partitions; each size meets one of four engines,
  // where the processor is emulated only one in some
  const Matrix m = new_matrix(1U, 1U, 9000U, 5U);
  check_calls(&m, 16000U, calls, 4196U, 4U * thin_factor());
  free_matrix(&m);
}

enum { N_PROBES = 2000 };

/// Some frames of the outputs, by the definition
typedef struct {
  size_t   t[N_PROBES];
  uint32_t outputs[N_PROBES];
  double   expected[N_PROBES];
} Probes;

static Probes*
new_probes(const Matrix* const m, const Signal* const x, const size_t first)
{
  Probes* const probes = (Probes*)malloc(sizeof(Probes));
  uint64_t      seed   = 3U;
  assert_non_null(probes);
  for (uint32_t i = 0U; i < N_PROBES; ++i) {
    probes->t[i]        = ref_between(&seed, first, x->n_frames - 1U);
    probes->outputs[i]  = i % m->n_outputs;
    probes->expected[i] = expected_at(m, x, probes->outputs[i], probes->t[i]);
  }
  return probes;
}

static void
assert_accurate_at(const Probes* const probes, const Signal* const y)
{
  float got[N_PROBES];
  for (uint32_t i = 0U; i < N_PROBES; ++i) {
    got[i] = y->channels[probes->outputs[i]][probes->t[i]];
  }
  assert_true(ref_error_db(got, probes->expected, N_PROBES) < MOST_RMS_DB);
  assert_true(ref_peak_error_db(got, probes->expected, N_PROBES) <
              MOST_PEAK_DB);
}

static void
test_long_responses_are_exact(void** const state)
{
  (void)state;
  static const uint32_t lengths[]  = {48000U, 480000U};
  static const uint32_t nominals[] = {64U, 256U, 1024U};
  for (size_t l = 0U; l < 2U; ++l) {
    const Matrix  m      = new_matrix(2U, 2U, lengths[l], l);
    const size_t  n      = lengths[l] + 70000U;
    const Signal  x      = new_noise_signal(2U, n, 7U);
    const Signal  y      = new_signal(2U, n);
    Probes* const probes = new_probes(&m, &x, lengths[l] / 2U);
    for (size_t i = 0U; i < 3U; ++i) {
      FalEngine* const engine = new_sounding_engine(&m, nominals[i], SKIP_DB);
      const Calls      calls  = {nominals[i] + (uint32_t)i % 2U, i == 2U, 1U};
      play(engine, &x, &y, 0U, n, calls);
      assert_accurate_at(probes, &y);
      fal_engine_free(engine);
    }
    free(probes);
    free_signal(&y);
    free_signal(&x);
    free_matrix(&m);
  }
}

static void
test_outputs_may_be_the_inputs_crossed_or_not(void** const state)
{
  (void)state;
  const size_t     n      = 6000U;
  const Matrix     m      = new_matrix(2U, 2U, 2000U, 1U);
  const Signal     x      = new_noise_signal(2U, n, 2U);
  Probes* const    probes = new_probes(&m, &x, 0U);
  FalEngine* const engine = new_sounding_engine(&m, 64U, SKIP_DB);
  for (uint32_t crossed = 0U; crossed < 2U; ++crossed) {
    Signal y = new_noise_signal(2U, n, 2U);
    fal_engine_reset(engine);
    for (size_t t = 0U; t < n; t += 150U) {
      const float* const in[]  = {y.channels[0] + t, y.channels[1] + t};
      float* const       out[] = {y.channels[crossed] + t,
                                  y.channels[1U - crossed] + t};
      fal_engine_process(engine, in, out, 150U);
    }
    const Signal z = {2U, n, {y.channels[crossed], y.channels[1U - crossed]}};
    assert_accurate_at(probes, &z);
    free_signal(&y);
  }
  fal_engine_free(engine);
  free(probes);
  free_signal(&x);
  free_matrix(&m);
}

static void
test_unlisted_pairs_are_silent(void** const state)
{
  (void)state;
  Matrix m = new_matrix(4U, 4U, 3000U, 8U);

  // Keep a few routes: one output has none, one has two of the same pair
  const FalRoute kept[] = {m.routes[0], m.routes[4], m.routes[9], m.routes[9]};
  Matrix         some   = {4U, 4U, 4U, {kept[0], kept[1], kept[2], kept[3]}};
  const Signal   x      = new_noise_signal(4U, 9000U, 2U);
  const Signal   y      = new_signal(4U, 9000U);

  FalEngine* const engine = new_sounding_engine(&some, 64U, SKIP_DB);
  play(engine, &x, &y, 0U, 9000U, (Calls){77U, false, 0U});
  for (uint32_t o = 0U; o < 2U; ++o) {
    double* const expected = expected_output(&some, &x, o);
    assert_true(ref_error_db(y.channels[o], expected, 9000U) < MOST_RMS_DB);
    free(expected);
  }
  for (size_t t = 0U; t < 9000U; ++t) {
    assert_true(y.channels[2][t] == 0.0f && y.channels[3][t] == 0.0f);
  }

  fal_engine_free(engine);
  free_signal(&y);
  free_signal(&x);
  free_matrix(&m);
}

static void
test_two_runs_give_the_same_bits(void** const state)
{
  (void)state;
  const Matrix m = new_matrix(2U, 2U, 30000U, 1U);
  const Signal x = new_noise_signal(2U, 50000U, 2U);
  const Signal y = new_signal(2U, 50000U);
  const Signal z = new_signal(2U, 50000U);
  FalEngine*   a = new_sounding_engine(&m, 64U, SKIP_DB);
  FalEngine*   b = new_sounding_engine(&m, 64U, SKIP_DB);
  play(a, &x, &y, 0U, 50000U, (Calls){64U, false, 0U});
  play(b, &x, &z, 0U, 50000U, (Calls){64U, false, 0U});
  for (uint32_t c = 0U; c < 2U; ++c) {
    assert_memory_equal(y.channels[c], z.channels[c], 50000U * sizeof(float));
  }

  // And after a reset, once more
  fal_engine_reset(a);
  play(a, &x, &z, 0U, 50000U, (Calls){64U, false, 0U});
  assert_memory_equal(y.channels[0], z.channels[0], 50000U * sizeof(float));

  fal_engine_free(b);
  fal_engine_free(a);
  free_signal(&z);
  free_signal(&y);
  free_signal(&x);
  free_matrix(&m);
}

static void
test_a_decayed_hall_skips_without_being_heard(void** const state)
{
  (void)state;

  // 120 dB down in the middle: half of it holds nothing
  const uint32_t n    = 40000U;
  const Matrix   m    = new_matrix(1U, 1U, n, 3U);
  float* const   hall = (float*)m.routes[0].ir;
  for (uint32_t t = 0U; t < n; ++t) {
    hall[t] *= (float)pow(10.0, -9.0 * t / n);
  }
  const Signal     x      = new_noise_signal(1U, 60000U, 4U);
  const Signal     y      = new_signal(1U, 60000U);
  FalEngine* const engine = new_sounding_engine(&m, 256U, SKIP_DB);
  play(engine, &x, &y, 0U, 60000U, (Calls){256U, false, 0U});
  double* const expected = expected_output(&m, &x, 0U);
  assert_true(ref_error_db(y.channels[0], expected, 60000U) < MOST_RMS_DB);

  free(expected);
  fal_engine_free(engine);
  free_signal(&y);
  free_signal(&x);
  free_matrix(&m);
}

static void
test_bad_arguments_are_refused(void** const state)
{
  (void)state;
  const FalEngineConfig configs[] = {{0U, 1U, 64U, 1U},
                                     {1U, 0U, 64U, 1U},
                                     {65U, 1U, 64U, 1U},
                                     {1U, 65U, 64U, 1U},
                                     {1U, 1U, 64U, 0U}};
  for (size_t i = 0U; i < 5U; ++i) {
    FalEngine* engine = NULL;
    assert_int_equal(fal_engine_new(&engine, &configs[i]), FAL_ERR_BAD_ARG);
    assert_null(engine);
  }

  FalEngine* const engine  = new_engine(2U, 2U, 64U, 100U);
  const float      good[]  = {1.0f, 0.5f};
  const float      bad[]   = {1.0f, NAN};
  const FalRoute   wrong[] = {{2U, 0U, 2U, good},
                              {0U, 2U, 2U, good},
                              {0U, 0U, 0U, good},
                              {0U, 0U, 2U, bad}};
  for (size_t i = 0U; i < 4U; ++i) {
    FalKernel* kernel = NULL;
    assert_int_equal(fal_kernel_new(&kernel, engine, &wrong[i], 1U, SKIP_DB),
                     FAL_ERR_BAD_ARG);
    assert_null(kernel);
  }
  FalKernel* kernel = NULL;
  assert_int_equal(fal_kernel_new(&kernel, engine, NULL, 0U, SKIP_DB),
                   FAL_ERR_BAD_ARG);
  fal_engine_free(engine);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_short_responses_are_exact),
    cmocka_unit_test(test_every_size_of_call_gives_the_same),
    cmocka_unit_test(test_long_responses_are_exact),
    cmocka_unit_test(test_outputs_may_be_the_inputs_crossed_or_not),
    cmocka_unit_test(test_unlisted_pairs_are_silent),
    cmocka_unit_test(test_two_runs_give_the_same_bits),
    cmocka_unit_test(test_a_decayed_hall_skips_without_being_heard),
    cmocka_unit_test(test_bad_arguments_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
