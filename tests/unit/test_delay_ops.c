// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_ops.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Numbers at most, and what must stay behind them
#define MOST 1000U
#define GUARD 7.0f

/// A few roundings of singles
#define ROUNDING 1e-6

extern const FalDelayOps fal_delay_ops_wide;

/// The loops numbered i: those that this processor can run, and then those of
/// the widest vectors, made of narrower ones
static const FalDelayOps*
variant(const uint32_t i)
{
  return fal_delay_ops_variant(i)              ? fal_delay_ops_variant(i)
         : !i || fal_delay_ops_variant(i - 1U) ? &fal_delay_ops_wide
                                               : NULL;
}

/// Noise of n floats, and a guard
static float*
new_guarded(const size_t n, const uint64_t seed)
{
  float* const x = ref_new_noise(n + 1U, seed);
  x[n]           = GUARD;
  return x;
}

static void
check_cross(const FalDelayOps* const ops, const size_t n)
{
  float* const  a        = new_guarded(2U * n, 1U);
  float* const  b        = new_guarded(2U * n, 2U);
  float* const  g        = new_guarded(2U * n, 3U);
  double* const expected = ref_doubles(2U * n + 1U);
  for (size_t k = 0U; k < 2U * n; k += 2U) {
    const double re  = (double)a[k];
    const double im  = (double)a[k + 1U];
    expected[k]      = re * (double)b[k] + im * (double)b[k + 1U];
    expected[k + 1U] = re * (double)b[k + 1U] - im * (double)b[k];
  }
  ops->cross(g, a, b, n);
  ops->cross(b, a, b, n); // In place
  for (size_t k = 0U; k < 2U * n; ++k) {
    assert_true(fabs((double)g[k] - expected[k]) < ROUNDING);
    assert_true(fabs((double)b[k] - expected[k]) < ROUNDING);
  }
  assert_true(g[2U * n] == GUARD && b[2U * n] == GUARD);
  free(expected);
  free(g);
  free(b);
  free(a);
}

static void
check_whiten(const FalDelayOps* const ops, const size_t n)
{
  for (uint32_t quarters = 2U; quarters <= 4U; ++quarters) {
    float* const x = new_guarded(2U * n, 1U);
    float* const g = new_guarded(2U * n, 1U);
    g[0] = x[0] = 0.0f; // Nothing stays nothing
    g[1] = x[1] = 0.0f;
    ops->whiten(g, n, quarters);
    for (size_t k = 0U; k < 2U * n; k += 2U) {
      const double modulus = hypot((double)x[k], (double)x[k + 1U]) + 1e-20;
      const double w       = pow(modulus, 0.25 * quarters);
      assert_true(fabs((double)g[k] - (double)x[k] / w) < ROUNDING);
      assert_true(fabs((double)g[k + 1U] - (double)x[k + 1U] / w) < ROUNDING);
    }
    assert_true(g[2U * n] == GUARD);
    free(g);
    free(x);
  }
}

static void
check_sums(const FalDelayOps* const ops, const size_t n)
{
  float* const x       = new_guarded(n, 1U);
  double       sum     = 0.0;
  double       energy  = 0.0;
  float        highest = 0.0f;
  float        found   = 0.0f;
  for (size_t t = 0U; t < n; ++t) {
    sum += fabs((double)x[t]);
    energy += (double)x[t] * (double)x[t];
    highest = fmaxf(highest, fabsf(x[t]));
  }
  const double total = (double)ops->survey(x, n, &found);
  assert_true(fabs(total - sum) <= ROUNDING * sum);
  assert_true(found == highest);
  assert_true(fabs((double)ops->energy(x, n) - energy) <= ROUNDING * energy);
  free(x);
}

static void
check_taper(const FalDelayOps* const ops, const size_t n)
{
  float* const x      = new_guarded(n, 1U);
  float* const y      = new_guarded(n, 1U);
  float* const cosine = ref_new_noise(n, 2U);
  float* const sine   = ref_new_noise(n, 3U);
  ops->taper(y, cosine, sine, n, 0.6f, 0.8f);
  for (size_t t = 0U; t < n; ++t) {
    const double w = 0.5 - 0.6 * (double)cosine[t] - 0.8 * (double)sine[t];
    assert_true(fabs((double)y[t] - (double)x[t] * w) < ROUNDING);
  }
  assert_true(y[n] == GUARD);
  free(sine);
  free(cosine);
  free(y);
  free(x);
}

static void
check_accumulate(const FalDelayOps* const ops, const size_t n)
{
  float* const  a  = ref_new_noise(2U * n, 1U);
  float* const  b  = ref_new_noise(2U * n, 2U);
  float* const  g  = new_guarded(2U * n, 3U);
  float* const  h  = new_guarded(2U * n, 3U);
  double* const aa = ref_doubles(n + 1U);
  double* const bb = ref_doubles(n + 1U);
  aa[n]            = 1.0;
  bb[n]            = 1.0;
  ops->accumulate(h, aa, bb, a, b, n, 1.0, -0.07);
  for (size_t k = 0U; k < n; ++k) {
    const double complex x = (double)a[2U * k] + I * (double)a[2U * k + 1U];
    const double complex y = (double)b[2U * k] + I * (double)b[2U * k + 1U];
    const double complex z = (double)g[2U * k] + I * (double)g[2U * k + 1U] +
                             conj(x) * y * cexp(I * (1.0 - 0.07 * (double)k));
    assert_true(fabs((double)h[2U * k] - creal(z)) < ROUNDING);
    assert_true(fabs((double)h[2U * k + 1U] - cimag(z)) < ROUNDING);
    assert_true(fabs(aa[k] - creal(x * conj(x))) < ROUNDING);
    assert_true(fabs(bb[k] - creal(y * conj(y))) < ROUNDING);
  }
  assert_true(h[2U * n] == GUARD && aa[n] == 1.0 && bb[n] == 1.0);
  free(bb);
  free(aa);
  free(h);
  free(g);
  free(b);
  free(a);
}

static void
check_differentiate(const FalDelayOps* const ops, const size_t n)
{
  float* const  g           = ref_new_noise(2U * n, 1U);
  double* const slopes      = ref_doubles(2U * n);
  double* const bends       = ref_doubles(2U * n);
  double        expected[2] = {0.0, 0.0};
  double        sums[2]     = {0.0, 0.0};
  for (size_t k = 0U; k < n; ++k) {
    const double         x = (double)k / (double)n;
    const double complex z = (double)g[2U * k] + I * (double)g[2U * k + 1U];
    const double complex w = z * cexp(I * (1.0 + 0.03 * (double)k));
    slopes[2U * k] = slopes[2U * k + 1U] = x;
    bends[2U * k] = bends[2U * k + 1U] = 1.0 - x;
    expected[0] += x * cimag(w);
    expected[1] += (1.0 - x) * creal(w);
  }
  ops->differentiate(sums, g, slopes, bends, n, 1.0, 0.03);
  // Doubles: what rounds is the recurrence of the angles
  assert_true(fabs(sums[0] - expected[0]) < 1e-14 * (double)(n * n));
  assert_true(fabs(sums[1] - expected[1]) < 1e-14 * (double)(n * n));
  free(bends);
  free(slopes);
  free(g);
}

static void
test_all_variants_do_what_the_definition_says(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; variant(i); ++i) {
    for (size_t n = 1U; n < MOST; n += 1U + n / 8U) {
      check_cross(variant(i), n);
      check_whiten(variant(i), n);
      check_sums(variant(i), n);
      check_taper(variant(i), n);
      check_accumulate(variant(i), n);
      check_differentiate(variant(i), n);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_all_variants_do_what_the_definition_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
