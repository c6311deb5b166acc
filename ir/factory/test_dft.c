// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/dft.h"
#include "ir/factory/random.h"

#include <complex.h>
#include <math.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#define MAX 256U

/// A bound on rounding: the sum of n products of values around 1, in each of
/// log2(n) stages
static double
bound(const uint32_t size)
{
  return 8.0 * 0x1p-53 * size * (log2(size) + 1.0);
}

static void
test_bins_are_the_sums_they_stand_for(void** const state)
{
  (void)state;
  FalRandom random = {1U};
  for (uint32_t size = 2U; size <= MAX; size *= 2U) {
    double complex x[MAX];
    double complex z[MAX];
    for (uint32_t t = 0U; t < size; ++t) {
      x[t] = z[t] =
        fal_complex(fal_random_normal(&random), fal_random_normal(&random));
    }

    FalDft dft;
    assert_int_equal(fal_dft_init(&dft, size), FAL_OK);
    fal_dft_forward(&dft, z);
    for (uint32_t k = 0U; k < size; ++k) {
      double complex sum = 0.0;
      for (uint32_t t = 0U; t < size; ++t) {
        const double angle = -2.0 * M_PI * ((k * t) % size) / size;
        sum += x[t] * fal_complex(cos(angle), sin(angle));
      }
      assert_true(cabs(z[k] - sum) < bound(size));
    }

    fal_dft_inverse(&dft, z);
    for (uint32_t t = 0U; t < size; ++t) {
      assert_true(cabs(z[t] - x[t]) < bound(size));
    }
    fal_dft_clear(&dft);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bins_are_the_sums_they_stand_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
