// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/warp.h"
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

enum { N_IN = 6000, N_OUT = 5000 };

// The window's -118 dB, the table's (pi / 1024)^2 / 8 = -119 dB, and 256 terms
// that round at -150 dB: -111 dB where all of them meet
#define LARGEST_ERROR_DB (-110.0)

/// Read a tone at a speed from a place on, and compare with the tone
static double
tone_error_db(const FalWarp* const warp, const double f, const double first,
              const double step)
{
  float* const x    = ref_floats(N_IN);
  float* const y    = ref_floats(N_OUT);
  double       most = 1e-20;
  for (size_t t = 0U; t < N_IN; ++t) {
    x[t] = (float)sin(2.0 * M_PI * f * (double)t + 0.3);
  }
  fal_warp_read(warp, y, N_OUT, x, first, step);
  for (size_t t = 0U; t < N_OUT; ++t) {
    const double place = first + (double)t * step;
    most = fmax(most, fabs((double)y[t] - sin(2.0 * M_PI * f * place + 0.3)));
  }
  free(y);
  free(x);
  return 20.0 * log10(most);
}

static void
test_tones_keep_their_level_and_time(void** const state)
{
  (void)state;
  FalWarp warp = {NULL};
  assert_int_equal(fal_warp_init(&warp), FAL_OK);
  for (double f = 0.001; f <= 0.46; f += 0.051) {
    for (double fraction = 0.0; fraction < 1.0; fraction += 0.19) {
      assert_true(tone_error_db(&warp, f, 200.0 + fraction, 1.0) <
                  LARGEST_ERROR_DB);
    }
    assert_true(tone_error_db(&warp, f, 200.3, 1.0003) < LARGEST_ERROR_DB);
    assert_true(tone_error_db(&warp, f, 200.3, 0.9997) < LARGEST_ERROR_DB);
  }
  fal_warp_clear(&warp);
}

static void
test_whole_places_are_the_samples(void** const state)
{
  (void)state;
  FalWarp      warp = {NULL};
  float* const x    = ref_new_noise(N_IN, 1U);
  float* const y    = ref_floats(N_OUT);
  assert_int_equal(fal_warp_init(&warp), FAL_OK);
  fal_warp_read(&warp, y, N_OUT, x, 150.0, 1.0);
  for (size_t t = 0U; t < N_OUT; ++t) {
    assert_true(fabsf(y[t] - x[t + 150U]) < 1e-6F);
  }
  fal_warp_clear(&warp);
  free(y);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tones_keep_their_level_and_time),
    cmocka_unit_test(test_whole_places_are_the_samples),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
