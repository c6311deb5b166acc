// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/engine.h"
#include "core/engine_state.h"
#include "tests/reference.h"
#include "tests/unit/engine_bench.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// Frames of a response that a level of an engine answers
static void
add_level_answer(double* const y, const FalPlan* const plan, const uint32_t l,
                 const Matrix* const m, const Signal* const x)
{
  const FalRoute* const route    = &m->routes[0];
  const uint32_t        n_levels = fal_plan_n_levels(plan, route->n_frames);
  const uint32_t        end =
    l + 1U < n_levels ? plan->offsets[l + 1U] : route->n_frames;
  for (uint32_t s = plan->offsets[l]; l < n_levels && s < end; ++s) {
    for (size_t t = s; t < x->n_frames; ++t) {
      y[t] += (double)route->ir[s] * (double)x->channels[0][t - s];
    }
  }
}

/// The gain of the next kernel at a level, as the contract has it
static double
gain_at(const size_t t, const size_t start, const uint32_t n_fade)
{
  return t < start ? 0.0
         : t >= start + n_fade
           ? 1.0
           : 0.5 - 0.5 * cos(M_PI * (double)(t - start) / n_fade);
}

/// What is heard when `a` (or silence) gives way to `b` at frame `when`
static double*
expected_exchange(const FalPlan* const plan, const Matrix* const a,
                  const Matrix* const b, const Signal* const x,
                  const size_t when, const uint32_t n_fade)
{
  const size_t  n = x->n_frames;
  double* const y = ref_doubles(n);
  for (uint32_t l = 0U; l < plan->n_levels; ++l) {
    double* const old  = ref_doubles(n);
    double* const next = ref_doubles(n);
    if (a) {
      add_level_answer(old, plan, l, a, x);
    }
    if (b) {
      add_level_answer(next, plan, l, b, x);
    }

    const bool has_level =
      b && l < fal_plan_n_levels(plan, b->routes[0].n_frames);
    const size_t block = plan->blocks[has_level ? l : 0U];
    // Level 0 joins a block that starts at this very frame; the others began
    // theirs at the end of the last call
    const size_t begun = has_level && l ? block : block - 1U;
    const size_t start = ((when + begun) / block + 2U) * block;
    for (size_t t = 0U; t < n; ++t) {
      const double gain = gain_at(t, start, n_fade);
      y[t] += (1.0 - gain) * old[t] + gain * next[t];
    }
    free(next);
    free(old);
  }
  return y;
}

static void
test_each_level_fades_and_answers_all_of_the_past(void** const state)
{
  (void)state;
  const Signal x         = new_noise_signal(1U, 30000U, 1U);
  const Signal y         = new_signal(1U, 30000U);
  const Matrix lengths[] = {new_matrix(1U, 1U, 6000U, 2U),
                            new_matrix(1U, 1U, 200U, 3U),
                            new_matrix(1U, 1U, 5000U, 4U)};

  uint64_t seed = 1U;
  for (uint32_t round = 0U; round < 12U; ++round) {
    const Matrix* const a      = &lengths[round % 3U];
    const Matrix* const b      = &lengths[(round / 3U) % 3U];
    const size_t        grid   = round % 2U ? 1U : 1024U;
    const size_t        when   = grid * ref_between(&seed, 1U, 10000U / grid);
    const uint32_t      n_fade = (uint32_t)ref_between(&seed, 0U, 3000U);
    const Calls         calls  = {1U << (round % 12U), true, round};

    FalEngine* const engine = new_engine(1U, 1U, 16U << (round % 5U), 9000U);
    FalKernel* const first  = new_kernel(engine, a, SKIP_DB);
    FalKernel* const second = new_kernel(engine, b, SKIP_DB);
    assert_true(fal_engine_exchange(engine, first, 100U));
    assert_true(fal_engine_is_settled(engine));
    play(engine, &x, &y, 0U, when, calls);
    assert_true(fal_engine_exchange(engine, second, n_fade));
    assert_false(fal_engine_exchange(engine, second, n_fade));
    assert_null(fal_engine_retired(engine));
    play(engine, &x, &y, when, x.n_frames, calls);

    double* const expected =
      expected_exchange(&engine->plan, a, b, &x, when, n_fade);
    assert_true(ref_error_db(y.channels[0], expected, x.n_frames) <
                MOST_RMS_DB);
    assert_true(ref_peak_error_db(y.channels[0], expected, x.n_frames) <
                MOST_PEAK_DB);
    free(expected);

    assert_false(fal_engine_is_settled(engine));
    assert_ptr_equal(fal_engine_retired(engine), first);
    assert_true(fal_engine_is_settled(engine));
    fal_kernel_free(first);
    fal_engine_free(engine);
  }

  for (uint32_t i = 0U; i < 3U; ++i) {
    free_matrix(&lengths[i]);
  }
  free_signal(&y);
  free_signal(&x);
}

static void
test_silence_is_a_kernel_too(void** const state)
{
  (void)state;
  const Signal     x      = new_noise_signal(1U, 30000U, 1U);
  const Signal     y      = new_signal(1U, 30000U);
  const Matrix     m      = new_matrix(1U, 1U, 4000U, 2U);
  FalEngine* const engine = new_engine(1U, 1U, 64U, 4000U);
  const Calls      calls  = {333U, true, 4U};

  // From nothing to the kernel, which answers what was played before it came
  play(engine, &x, &y, 0U, 5000U, calls);
  assert_true(fal_engine_exchange(engine, new_kernel(engine, &m, 0.0), 500U));
  play(engine, &x, &y, 5000U, 15000U, calls);
  assert_null(fal_engine_retired(engine));

  Signal        part = {1U, 15000U, {x.channels[0]}};
  double* const expected =
    expected_exchange(&engine->plan, NULL, &m, &part, 5000U, 500U);
  assert_true(ref_error_db(y.channels[0], expected, 15000U) < MOST_RMS_DB);
  free(expected);

  // And to nothing again
  assert_true(fal_engine_exchange(engine, NULL, 500U));
  play(engine, &x, &y, 15000U, 30000U, calls);
  fal_kernel_free(fal_engine_retired(engine));
  for (size_t t = 16000U; t < 30000U; ++t) {
    assert_true(y.channels[0][t] == 0.0f);
  }

  fal_engine_free(engine);
  free_matrix(&m);
  free_signal(&y);
  free_signal(&x);
}

static void
test_a_reset_ends_an_exchange_and_forgets_the_past(void** const state)
{
  (void)state;
  const Signal     x        = new_noise_signal(1U, 20000U, 1U);
  const Signal     y        = new_signal(1U, 20000U);
  const Matrix     a        = new_matrix(1U, 1U, 9000U, 2U);
  const Matrix     b        = new_matrix(1U, 1U, 8000U, 3U);
  FalEngine* const engine   = new_sounding_engine(&a, 64U, SKIP_DB);
  double* const    expected = expected_output(&b, &x, 0U);
  for (size_t when = 1U; when < 12000U; when += 1777U) {
    play(engine, &x, &y, 0U, 6000U, (Calls){64U, false, 0U});
    assert_true(
      fal_engine_exchange(engine, new_kernel(engine, &b, SKIP_DB), 1000U));
    play(engine, &x, &y, 6000U, 6000U + when, (Calls){100U, true, when});
    fal_engine_reset(engine);
    fal_kernel_free(fal_engine_retired(engine));
    play(engine, &x, &y, 0U, 20000U, (Calls){100U, true, when});
    assert_true(ref_error_db(y.channels[0], expected, 20000U) < MOST_RMS_DB);
    fal_engine_reset(engine);
  }

  free(expected);
  fal_engine_free(engine);
  free_matrix(&b);
  free_matrix(&a);
  free_signal(&y);
  free_signal(&x);
}

static void
test_a_longer_response_takes_the_kept_history_over(void** const state)
{
  (void)state;
  const size_t n    = 50000U;
  const size_t when = 20011U;
  const Signal x    = new_noise_signal(1U, n, 1U);
  const Signal y    = new_signal(1U, n);
  const Matrix a    = new_matrix(1U, 1U, 3000U, 2U);
  const Matrix b    = new_matrix(1U, 1U, 8000U, 3U);

  // All that was played lies within the history that the engine keeps
  memset(x.channels[0], 0, (when - 1500U) * sizeof(float));

  FalEngine* const engine = new_sounding_engine(&a, 64U, SKIP_DB);
  play(engine, &x, &y, 0U, when, (Calls){64U, false, 0U});
  assert_true(
    fal_engine_exchange(engine, new_kernel(engine, &b, SKIP_DB), 480U));
  play(engine, &x, &y, when, n, (Calls){200U, true, 1U});

  double* const expected =
    expected_exchange(&engine->plan, &a, &b, &x, when, 480U);
  assert_true(ref_error_db(y.channels[0], expected, n) < MOST_RMS_DB);

  free(expected);
  fal_kernel_free(fal_engine_retired(engine));
  fal_engine_free(engine);
  free_matrix(&b);
  free_matrix(&a);
  free_signal(&y);
  free_signal(&x);
}

static void
test_a_much_longer_response_fills_its_history(void** const state)
{
  (void)state;
  const size_t n    = 70000U;
  const size_t when = 10011U;
  const Signal x    = new_noise_signal(1U, n, 1U);
  const Signal y    = new_signal(1U, n);
  const Matrix a    = new_matrix(1U, 1U, 300U, 2U);
  const Matrix b    = new_matrix(1U, 1U, 20000U, 3U);

  FalEngine* const engine = new_sounding_engine(&a, 64U, SKIP_DB);
  play(engine, &x, &y, 0U, when, (Calls){64U, false, 0U});
  assert_true(
    fal_engine_exchange(engine, new_kernel(engine, &b, SKIP_DB), 480U));
  play(engine, &x, &y, when, n, (Calls){200U, true, 1U});

  // Nothing is lost before; once the history is full, nothing is missing
  double* const from = expected_output(&a, &x, 0U);
  double* const to   = expected_output(&b, &x, 0U);
  const size_t  last = fal_plan_n_levels(&engine->plan, 20000U) - 1U;
  const size_t  full = when + 20000U + 3U * engine->plan.blocks[last];
  assert_true(ref_error_db(y.channels[0], from, when) < MOST_RMS_DB);
  assert_true(full < n);
  assert_true(ref_error_db(y.channels[0] + full, to + full, n - full) <
              MOST_RMS_DB);

  free(to);
  free(from);
  fal_kernel_free(fal_engine_retired(engine));
  fal_engine_free(engine);
  free_matrix(&b);
  free_matrix(&a);
  free_signal(&y);
  free_signal(&x);
}

static void
test_a_steady_sine_stays_smooth(void** const state)
{
  (void)state;

  // Second differences of a sine of 100 Hz, relative to its own
  const size_t n = 200000U;
  const Signal x = new_signal(1U, n);
  const Signal y = new_signal(1U, n);
  for (size_t t = 0U; t < n; ++t) {
    x.channels[0][t] = (float)sin(2.0 * M_PI * 100.0 / 48000.0 * (double)t);
  }
  const float  one[]    = {1.0f};
  const float  minus[]  = {-1.0f};
  const Matrix plus_one = {1U, 1U, 1U, {{0U, 0U, 1U, one}}};
  const Matrix turned   = {1U, 1U, 1U, {{0U, 0U, 1U, minus}}};

  FalEngine* const engine = new_sounding_engine(&plus_one, 64U, 0.0);
  for (uint32_t i = 0U; i < 40U; ++i) {
    play(engine, &x, &y, i * 5000U, (i + 1U) * 5000U, (Calls){64U, false, 0U});
    fal_kernel_free(fal_engine_retired(engine));
    assert_true(fal_engine_exchange(
      engine, new_kernel(engine, i % 2U ? &plus_one : &turned, 0.0), 2400U));
  }

  const double w    = 2.0 * M_PI * 100.0 / 48000.0;
  double       most = 0.0;
  for (size_t t = 2U; t < n; ++t) {
    const float* const z = y.channels[0] + t;
    most = fmax(most, fabs((double)z[0] - 2.0 * (double)z[-1] + (double)z[-2]));
  }
  assert_true(20.0 * log10(most / (w * w)) < 6.0);

  fal_engine_free(engine);
  free_signal(&y);
  free_signal(&x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_each_level_fades_and_answers_all_of_the_past),
    cmocka_unit_test(test_silence_is_a_kernel_too),
    cmocka_unit_test(test_a_reset_ends_an_exchange_and_forgets_the_past),
    cmocka_unit_test(test_a_longer_response_takes_the_kept_history_over),
    cmocka_unit_test(test_a_much_longer_response_fills_its_history),
    cmocka_unit_test(test_a_steady_sine_stays_smooth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
