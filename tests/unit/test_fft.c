// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/fft.h"
#include "tests/failing.h"

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

/// Rounding of single precision over log2(size) stages, with room to spare
static const double max_error = 3e-6;

static float
noise(uint32_t* const seed)
{
  *seed = *seed * 1664525U + 1013904223U;
  return (float)((int32_t)*seed) / 2147483648.0f;
}

static float*
floats(const size_t n)
{
  FalArena arena = {NULL, 0U};
  fal_arena_floats(&arena, n);
  assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
  return fal_arena_floats(&arena, n);
}

static float*
noise_block(const uint32_t n, uint32_t seed)
{
  float* const x = floats(n);
  for (uint32_t t = 0U; t < n; ++t) {
    x[t] = noise(&seed);
  }
  return x;
}

/// Call a test for many sizes
static void
for_sizes(void (*const check)(const FalFft*))
{
  for (uint32_t size = FAL_FFT_MIN_SIZE; size <= 32768U; size *= 2U) {
    const FalFft* fft = NULL;
    assert_int_equal(fal_fft_get(&fft, size), FAL_OK);
    check(fft);
  }
}

static void
check_definition(const FalFft* const fft)
{
  const uint32_t size = fal_fft_size(fft);
  float* const   x    = noise_block(size, size);
  float* const   bins = floats(2U * (size_t)size);
  float* const   work = floats(fal_fft_work_floats(fft));

  fal_fft_forward(fft, bins, x, size - 5U, work);
  for (uint32_t i = 0U; i < 20U; ++i) {
    const uint32_t j   = (uint32_t)((uint64_t)i * (size - 1U) / 19U);
    const double   f   = fal_fft_frequency(fft, j);
    double complex sum = 0.0;
    for (uint32_t t = 0U; t < size - 5U; ++t) {
      sum += x[t] * cexp(-2.0 * M_PI * I * f * t);
    }
    const float* const   block = bins + (size_t)(j / 16U) * 32U;
    const double complex bin   = block[j % 16U] + I * block[16U + j % 16U];
    assert_true(cabs(bin - sum) <= max_error * sqrt(size));
  }

  fal_arena_release(work);
  fal_arena_release(bins);
  fal_arena_release(x);
}

static void
test_each_bin_is_the_spectrum_at_its_frequency(void** const state)
{
  (void)state;
  for_sizes(check_definition);
}

static void
check_inverse(const FalFft* const fft)
{
  const uint32_t size   = fal_fft_size(fft);
  float* const   x      = noise_block(size, 7U * size);
  float* const   bins   = floats(2U * (size_t)size);
  float* const   work   = floats(fal_fft_work_floats(fft));
  float* const   first  = floats(size);
  float* const   second = floats(size);

  fal_fft_forward(fft, bins, x, size, work);
  fal_fft_inverse(fft, first, second, bins, work);
  for (uint32_t t = 0U; t < size; ++t) {
    assert_true(fabs(first[t] / (double)size - x[t]) < max_error);
    assert_true(fabs(second[t] / (double)size) < max_error);
  }

  fal_arena_release(second);
  fal_arena_release(first);
  fal_arena_release(work);
  fal_arena_release(bins);
  fal_arena_release(x);
}

static void
test_inverse_of_forward_is_size_times_the_block(void** const state)
{
  (void)state;
  for_sizes(check_inverse);
}

/// Multiply spectra: a *= b
static void
multiply(float* const a, const float* const b, const uint32_t size)
{
  for (uint32_t j = 0U; j < size; ++j) {
    const size_t re = (size_t)(j / 16U) * 32U + j % 16U;
    const size_t im = re + 16U;
    const float  r  = a[re] * b[re] - a[im] * b[im];
    a[im]           = a[re] * b[im] + a[im] * b[re];
    a[re]           = r;
  }
}

static void
check_convolution(const FalFft* const fft)
{
  const uint32_t size = fal_fft_size(fft);
  if (size > 1024U) {
    return; // The reference takes size * size steps
  }

  float* const x      = noise_block(size, size + 1U);
  float* const h      = noise_block(size, size + 2U);
  float* const x_bins = floats(2U * (size_t)size);
  float* const h_bins = floats(2U * (size_t)size);
  float* const y      = floats(2U * (size_t)size);
  float* const work   = floats(fal_fft_work_floats(fft));

  fal_fft_forward(fft, x_bins, x, size, work);
  fal_fft_forward(fft, h_bins, h, size, work);
  multiply(x_bins, h_bins, size);
  fal_fft_inverse(fft, y, y + size, x_bins, work);
  for (uint32_t t = 0U; t < 2U * size; ++t) {
    double sum = 0.0;
    for (uint32_t s = 0U; s < size; ++s) {
      sum += t >= s && t - s < size ? (double)x[s] * h[t - s] : 0.0;
    }
    assert_true(fabs(y[t] / (double)size - sum) < max_error * sqrt(size));
  }

  fal_arena_release(work);
  fal_arena_release(y);
  fal_arena_release(h_bins);
  fal_arena_release(x_bins);
  fal_arena_release(h);
  fal_arena_release(x);
}

static void
test_a_product_is_both_halves_of_the_linear_convolution(void** const state)
{
  (void)state;
  for_sizes(check_convolution);
}

static void
test_a_size_is_planned_once(void** const state)
{
  (void)state;
  const FalFft* a = NULL;
  const FalFft* b = NULL;
  assert_int_equal(fal_fft_get(&a, 256U), FAL_OK);
  assert_int_equal(fal_fft_get(&b, 256U), FAL_OK);
  assert_ptr_equal(a, b);
}

static void
test_bad_sizes_are_refused(void** const state)
{
  (void)state;
  const uint32_t sizes[] = {0U, 8U, 48U, 768U, 2U * FAL_FFT_MAX_SIZE};
  for (size_t i = 0U; i < sizeof(sizes) / sizeof(*sizes); ++i) {
    const FalFft* fft = NULL;
    assert_int_equal(fal_fft_get(&fft, sizes[i]), FAL_ERR_BAD_ARG);
    assert_null(fft);
  }
}

static void
check_failed_alloc(const uint32_t size)
{
  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    const FalFft* fft = NULL;
    fail_allocation(n);
    const FalStatus st = fal_fft_get(&fft, size);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_true(failed == !fft);
    assert_true(n || failed); // There is an allocation to fail
  }
}

static void
test_failed_alloc(void** const state)
{
  (void)state;
  check_failed_alloc(FAL_FFT_MIN_SIZE);
  check_failed_alloc(65536U);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    // First: what is planned is kept
    cmocka_unit_test(test_failed_alloc),
    cmocka_unit_test(test_each_bin_is_the_spectrum_at_its_frequency),
    cmocka_unit_test(test_inverse_of_forward_is_size_times_the_block),
    cmocka_unit_test(test_a_product_is_both_halves_of_the_linear_convolution),
    cmocka_unit_test(test_a_size_is_planned_once),
    cmocka_unit_test(test_bad_sizes_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
