// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Single precision against double, over whole streams: RMS error at most -128 dB
  of the output's RMS. Single-precision transforms end at -130 to -133 dB.
*/

#include "core/ola.h"
#include "core/ola_double.h"
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

#define RMS_DB (-128.0)
#define PEAK_DB (-110.0)

/// Noise, or noise through a pole near zero frequency: 60 dB louder there
static float*
new_sound(const size_t n, const int is_dark)
{
  float* const x    = ref_new_noise(n, 9U);
  double       last = 0.0;
  for (size_t t = 0U; is_dark && t < n; ++t) {
    last = 0.999 * last + 0.01 * (double)x[t];
    x[t] = (float)last;
  }
  return x;
}

static void
check(const uint32_t n_h, const uint32_t wanted_block, const int is_dark)
{
  float* const   h      = ref_floats(n_h);
  const FalRoute route  = {0U, 0U, n_h, h};
  FalOlaConfig   config = {
      .n_inputs = 1U, .n_outputs = 1U, .block = wanted_block};
  FalOla*       ola   = NULL;
  FalOlaDouble* exact = NULL;
  ref_decaying_noise(h, n_h, 5U);
  assert_int_equal(fal_ola_new(&ola, &config, &route, 1U), FAL_OK);
  const uint32_t block = config.block = fal_ola_block(ola);
  assert_int_equal(fal_ola_double_new(&exact, &config, &route, 1U), FAL_OK);

  const size_t  n      = (2U * (size_t)n_h / block + 4U) * block;
  float* const  x      = new_sound(n, is_dark);
  float* const  y      = ref_floats(block);
  double* const z      = ref_doubles(block);
  double        error  = 0.0;
  double        energy = 0.0;
  double        peak   = 0.0;
  for (size_t t = 0U; t < n; t += block) {
    const float* const  in[]        = {x + t};
    float* const        out[]       = {y};
    const double* const exact_in[]  = {z};
    double* const       exact_out[] = {z};
    for (uint32_t i = 0U; i < block; ++i) {
      z[i] = (double)x[t + i];
    }
    fal_ola_process(ola, in, out);
    fal_ola_double_process(exact, exact_in, exact_out);
    for (uint32_t i = 0U; i < block; ++i) {
      const double e = (double)y[i] - z[i];
      error += e * e;
      energy += z[i] * z[i];
      peak = fmax(peak, fabs(e));
    }
  }

  const double rms_db  = 10.0 * log10(error / energy);
  const double peak_db = 10.0 * log10(peak * peak * (double)n / energy);
  print_message(
    "# response of %u, block of %u, %s: rms %.1f dB, peak %.1f dB\n", n_h,
    block, is_dark ? "dark" : "white", rms_db, peak_db);
  assert_true(rms_db < RMS_DB);
  assert_true(peak_db < PEAK_DB);
  free(z);
  free(y);
  free(x);
  fal_ola_double_free(exact);
  fal_ola_free(ola);
  free(h);
}

static void
test_single_precision_is_true_to_double(void** const state)
{
  (void)state;
  const uint32_t lengths[] = {1U, 100U, 4800U, 48000U, 144000U, 480000U};
  const uint32_t blocks[]  = {0U, 256U, 4096U, 32768U, 131072U};
  for (size_t i = 0U; i < sizeof(lengths) / sizeof(lengths[0]); ++i) {
    for (size_t b = 0U; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
      // Thousands of partitions take minutes, and are nobody's choice
      if (!blocks[b] || lengths[i] / blocks[b] < 600U) {
        check(lengths[i], blocks[b], 0);

        // A short response may hold next to nothing at low frequencies: then
        // the output is small, and rounding stands by what is not in it
        if (lengths[i] >= 4800U) {
          check(lengths[i], blocks[b], 1);
        }
      }
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_single_precision_is_true_to_double),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
