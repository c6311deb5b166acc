// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola_double.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

// Doubles round at -320 dB; sums of thousands of terms add at most 50 dB
#define ERROR_DB (-270.0)

#define N_CHANNELS 2U

static double
error_db(const double* const y, const double* const expected, const size_t n)
{
  double error  = 0.0;
  double energy = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    error += (y[t] - expected[t]) * (y[t] - expected[t]);
    energy += expected[t] * expected[t];
  }
  return error > 0.0 ? 10.0 * log10(error / energy) : -400.0;
}

/// Stream x through twice: y [N_CHANNELS][n_y], with silence for the tail
static void
stream(FalOlaDouble* const ola, float* const* const x, const size_t n_x,
       double* const* const y, const size_t n_y)
{
  const size_t block = fal_ola_double_block(ola);
  double*      buffer[N_CHANNELS];
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    buffer[c] = ref_doubles(block);
  }
  for (size_t t = 0U; t < n_y; t += block) {
    for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
      for (size_t i = 0U; i < block; ++i) {
        buffer[c][i] = t + i < n_x ? (double)x[c][t + i] : 0.0;
      }
    }
    fal_ola_double_process(ola, t < n_x ? (const double* const*)buffer : NULL,
                           buffer);
    for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
      memcpy(y[c] + t, buffer[c],
             (n_y - t < block ? n_y - t : block) * sizeof(double));
    }
  }
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    free(buffer[c]);
  }
}

static void
check(const uint32_t block, const uint64_t seed)
{
  uint64_t     random = seed;
  const size_t n_x    = ref_between(&random, 1U, 5000U);
  const size_t most   = ref_between(&random, 1U, 3000U);
  const size_t n_y    = n_x + most - 1U;
  float*       x[N_CHANNELS];
  double*      y[N_CHANNELS];
  double*      expected[N_CHANNELS];
  float*       irs[4];
  FalRoute     routes[4];
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    x[c]        = ref_new_noise(n_x, seed + c);
    y[c]        = ref_doubles(n_y);
    expected[c] = ref_doubles(n_y);
  }
  for (uint32_t i = 0U; i < 4U; ++i) {
    const size_t n = ref_between(&random, 1U, most);
    irs[i]         = ref_new_noise(n, seed + 10U + i);
    routes[i]      = (FalRoute){i / 2U, i % 2U, (uint32_t)n, irs[i]};
    ref_add_convolution(expected[i % 2U], x[i / 2U], n_x, irs[i], n);
  }

  const FalOlaConfig config = {
    .n_inputs = N_CHANNELS, .n_outputs = N_CHANNELS, .block = block};
  FalOlaDouble* ola = NULL;
  assert_int_equal(fal_ola_double_new(&ola, &config, routes, 4U), FAL_OK);
  for (uint32_t pass = 0U; pass < 2U; ++pass) {
    stream(ola, x, n_x, y, n_y);
    for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
      assert_true(error_db(y[c], expected[c], n_y) < ERROR_DB);
    }
    fal_ola_double_reset(ola);
  }
  fal_ola_double_free(ola);
  for (uint32_t i = 0U; i < 4U; ++i) {
    free(irs[i]);
  }
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    free(expected[c]);
    free(y[c]);
    free(x[c]);
  }
}

static void
test_every_block_size_is_the_sum_to_the_last_digits(void** const state)
{
  (void)state;
  for (uint32_t block = 16U; block <= 8192U; block *= 2U) {
    for (uint64_t seed = 0U; seed < 4U; ++seed) {
      check(block, 100U * seed);
    }
  }
  check(0U, 7U);
}

static void
test_bad_arguments_are_refused(void** const state)
{
  (void)state;
  const float    one[]  = {1.0F};
  const FalRoute good   = {0U, 0U, 1U, one};
  const FalRoute bad    = {0U, 1U, 1U, one};
  FalOlaDouble*  ola    = NULL;
  FalOlaConfig   config = {.n_inputs = 1U, .n_outputs = 1U, .block = 64U};
  assert_int_equal(fal_ola_double_new(&ola, &config, &bad, 1U),
                   FAL_ERR_BAD_ARG);
  config.block = 100U;
  assert_int_equal(fal_ola_double_new(&ola, &config, &good, 1U),
                   FAL_ERR_BAD_ARG);
  assert_null(ola);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_block_size_is_the_sum_to_the_last_digits),
    cmocka_unit_test(test_bad_arguments_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
