// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/acoustics.h"
#include "ir/factory/random.h"

#include <math.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static void
test_air_absorbs_what_the_standard_says(void** const state)
{
  (void)state;
  // ISO 9613-1, table 1: 20 degrees, 50 %, dB/km at the exact octaves
  static const double table[] = {0.445, 1.32, 2.73, 4.66, 9.89, 29.7, 105.0};
  for (uint32_t i = 0U; i < 7U; ++i) {
    const double f_hz     = 1000.0 * pow(10.0, 0.3 * ((double)i - 3.0));
    const double db_per_m = fal_air_db_per_m(f_hz);
    assert_true(fabs(1e3 * db_per_m / table[i] - 1.0) < 0.02);
  }
}

static void
test_curves_pass_through_their_octaves_and_are_level_beyond(void** const state)
{
  (void)state;
  static const double curve[FAL_N_OCTAVES] = {3, 1, 4, 1, 5, 9, 2, 6, 5};
  for (uint32_t o = 0U; o < FAL_N_OCTAVES; ++o) {
    const double f_hz = fal_octave_hz(o);
    assert_true(fabs(fal_octaves_at(curve, f_hz) - curve[o]) < 1e-12);
    if (o + 1U < FAL_N_OCTAVES) {
      const double middle = fal_octaves_at(curve, f_hz * sqrt(2.0));
      assert_true(fabs(middle - 0.5 * (curve[o] + curve[o + 1U])) < 1e-12);
    }
  }
  assert_true(fabs(fal_octaves_at(curve, 0.0) - 3.0) < 1e-12);
  assert_true(fabs(fal_octaves_at(curve, 24000.0) - 5.0) < 1e-12);
}

static void
test_a_tone_of_997_hz_is_weighted_as_the_standard_says(void** const state)
{
  (void)state;
  // BS.1770-4: a sine of 997 Hz at 0 dBFS reads -3.01, so the offset of -0.691
  // takes back what the filter adds
  assert_true(fabs(10.0 * log10(fal_k_weight(997.0)) - 0.691) < 0.01);
}

static void
test_random_numbers_have_the_moments_they_promise(void** const state)
{
  (void)state;
  FalRandom    random     = {7U};
  const double n          = 1e6;
  double       sums[2]    = {0.0, 0.0};
  double       squares[2] = {0.0, 0.0};
  double       fourth     = 0.0;
  for (uint32_t i = 0U; i < (uint32_t)n; ++i) {
    const double u = fal_random_uniform(&random);
    const double g = fal_random_normal(&random);
    assert_true(u >= 0.0 && u < 1.0);
    sums[0] += u - 0.5;
    sums[1] += g;
    squares[0] += (u - 0.5) * (u - 0.5);
    squares[1] += g * g;
    fourth += g * g * g * g;
  }

  // Four deviations of each mean
  assert_true(fabs(sums[0] / n) < 4.0 * sqrt(1.0 / 12.0 / n));
  assert_true(fabs(sums[1] / n) < 4.0 * sqrt(1.0 / n));
  assert_true(fabs(squares[0] / n - 1.0 / 12.0) < 4.0 * sqrt(1.0 / 180.0 / n));
  assert_true(fabs(squares[1] / n - 1.0) < 4.0 * sqrt(2.0 / n));
  assert_true(fabs(fourth / n - 3.0) < 4.0 * sqrt(96.0 / n));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_air_absorbs_what_the_standard_says),
    cmocka_unit_test(
      test_curves_pass_through_their_octaves_and_are_level_beyond),
    cmocka_unit_test(test_a_tone_of_997_hz_is_weighted_as_the_standard_says),
    cmocka_unit_test(test_random_numbers_have_the_moments_they_promise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
