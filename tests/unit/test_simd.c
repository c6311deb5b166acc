// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/simd.h"
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

/// Rounding of some tens of single-precision operations on values near 1
static const double bound = 2e-5;

static float*
aligned(const size_t n)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n);
  assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
  return (float*)arena.base;
}

static float*
aligned_noise(const size_t n, const uint64_t seed)
{
  float* const x = aligned(n);
  ref_noise(x, n, seed);
  return x;
}

static void
assert_close(const float* const a, const double* const b, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    assert_true(fabs((double)a[i] - b[i]) < bound);
  }
}

/// Call a check for each instruction set of this machine
static void
for_variants(void (*const check)(const FalSimd*))
{
  uint32_t n = 0U;
  for (; fal_simd_variant(n); ++n) {
    check(fal_simd_variant(n));
  }
  assert_true(n > 0U);
}

enum { N_BLOCKS = 5, N_TERMS = 3, CAPACITY = 7 };

/// A row's sums for one of `n_outputs` outputs, by the definition
static void
reference_row(double* const y, const FalRow* const row,
              const FalTerm* const terms, const float* h, const uint32_t output,
              const uint32_t n_outputs)
{
  for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
    for (uint32_t i = 0U; i < N_TERMS; ++i) {
      for (uint32_t p = 0U; p < terms[i].n_partitions[b]; ++p) {
        const float* const taps = h + 32U * output;
        h += 32U * n_outputs;
        if (p < row->first || p >= row->n_valid || b < row->from ||
            b >= row->to) {
          continue;
        }
        const uint32_t     slot = (row->head + p - row->first) % CAPACITY;
        const float* const x = terms[i].x + 32U * ((size_t)b * CAPACITY + slot);
        for (uint32_t k = 0U; k < 16U; ++k) {
          y[32U * b + k] += (double)x[k] * (double)taps[k] -
                            (double)x[16U + k] * (double)taps[16U + k];
          y[32U * b + 16U + k] += (double)x[k] * (double)taps[16U + k] +
                                  (double)x[16U + k] * (double)taps[k];
        }
      }
    }
  }
}

static void
check_rows(const FalSimd* const simd)
{
  uint64_t seed = 3U;
  for (uint32_t round = 0U; round < 200U; ++round) {
    FalTerm  terms[N_TERMS];
    uint32_t counts[N_TERMS][N_BLOCKS];
    float*   x[N_TERMS];
    for (uint32_t i = 0U; i < N_TERMS; ++i) {
      x[i] = aligned_noise(32U * N_BLOCKS * CAPACITY, seed + i);
      for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
        counts[i][b] = (uint32_t)ref_between(&seed, 0U, CAPACITY);
      }
      terms[i] = (FalTerm){x[i], counts[i]};
    }
    const uint32_t from = (uint32_t)ref_between(&seed, 0U, N_BLOCKS - 1U);
    const FalRow   row  = {.n_blocks = N_BLOCKS,
                           .from     = 0U,
                           .to       = N_BLOCKS,
                           .capacity = CAPACITY,
                           .head = (uint32_t)ref_between(&seed, 0U, CAPACITY - 1U),
                           .n_valid = (uint32_t)ref_between(&seed, 0U, CAPACITY),
                           .first   = (uint32_t)ref_between(&seed, 0U, 1U)};

    for (uint32_t n_outputs = 1U; n_outputs <= 2U; ++n_outputs) {
      float* const h =
        aligned_noise(32U * N_BLOCKS * N_TERMS * CAPACITY * 2U, seed + 9U);
      float* const y = aligned(2U * 32U * N_BLOCKS);

      // In two pieces, the second where the first one ended
      FalRow piece = row;
      piece.to     = from;
      const float* next =
        n_outputs == 2U ? simd->accumulate_row2(y, y + 32U * N_BLOCKS, &piece,
                                                terms, N_TERMS, h)
                        : simd->accumulate_row(y, &piece, terms, N_TERMS, h);
      piece.from = from;
      piece.to   = N_BLOCKS;
      (void)(n_outputs == 2U
               ? simd->accumulate_row2(y, y + 32U * N_BLOCKS, &piece, terms,
                                       N_TERMS, next)
               : simd->accumulate_row(y, &piece, terms, N_TERMS, next));

      for (uint32_t o = 0U; o < n_outputs; ++o) {
        double expected[32U * N_BLOCKS] = {0.0};
        reference_row(expected, &row, terms, h, o, n_outputs);
        assert_close(y + (size_t)o * 32U * N_BLOCKS, expected, 32U * N_BLOCKS);
      }
      fal_arena_release(y);
      fal_arena_release(h);
    }
    for (uint32_t i = 0U; i < N_TERMS; ++i) {
      fal_arena_release(x[i]);
    }
  }
}

static void
test_sums_of_rows_are_complex_products(void** const state)
{
  (void)state;
  for_variants(check_rows);
}

enum { N_COLUMNS = 48, N_ROWS = 6 };

/// Untwist and overlap-add one value: y and overlap from z and w
static void
reference_untwist(double* const y, double* const overlap, const float* const z,
                  const float* const w)
{
  const double re = (double)z[0] * (double)w[0] + (double)z[1] * (double)w[1];
  const double im = (double)z[1] * (double)w[0] - (double)z[0] * (double)w[1];
  *y              = re + *overlap;
  *overlap        = im;
}

static void
check_twists(const FalSimd* const simd)
{
  const uint32_t n       = N_COLUMNS;
  float* const   x       = aligned_noise(n, 1U);
  float* const   w       = aligned_noise(2U * n, 2U);
  float* const   z       = aligned(2U * n);
  float* const   y       = aligned(n);
  float* const   overlap = aligned_noise(n, 3U);

  double expected[2U * N_COLUMNS];
  for (uint32_t t = 0U; t < n; ++t) {
    expected[2U * t]      = (double)x[t] * (double)w[2U * t];
    expected[2U * t + 1U] = (double)x[t] * (double)w[2U * t + 1U];
  }
  simd->twist(z, x, w, n);
  assert_close(z, expected, 2U * (size_t)n);

  double sums[N_COLUMNS];
  double rest[N_COLUMNS];
  for (uint32_t t = 0U; t < n; ++t) {
    rest[t] = (double)overlap[t];
    reference_untwist(&sums[t], &rest[t], z + 2U * t, w + 2U * t);
  }
  simd->untwist(y, overlap, z, w, n);
  assert_close(y, sums, n);
  assert_close(overlap, rest, n);

  fal_arena_release(overlap);
  fal_arena_release(y);
  fal_arena_release(z);
  fal_arena_release(w);
  fal_arena_release(x);
}

static void
test_twists_are_complex_products(void** const state)
{
  (void)state;
  for_variants(check_twists);
}

static void
check_columns(const FalSimd* const simd)
{
  const size_t n_matrix = (size_t)N_COLUMNS * N_ROWS;
  float* const x        = aligned_noise(n_matrix, 4U);
  float* const turns    = aligned_noise(2U * N_ROWS, 5U);
  float* const w        = aligned_noise(2U * n_matrix, 6U);
  float* const z        = aligned(32U * N_ROWS);
  float* const m        = aligned(2U * n_matrix);
  float* const y        = aligned(n_matrix);
  float* const overlap  = aligned_noise(n_matrix, 7U);
  const size_t first    = 16U; // The second chunk of columns

  simd->twist_columns(z, x + first, N_COLUMNS, turns, N_ROWS);
  for (uint32_t r = 0U; r < N_ROWS; ++r) {
    for (uint32_t c = 0U; c < 16U; ++c) {
      for (uint32_t part = 0U; part < 2U; ++part) {
        const double expected =
          (double)x[r * N_COLUMNS + first + c] * (double)turns[2U * r + part];
        assert_close(&z[32U * r + 2U * c + part], &expected, 1U);
      }
    }
  }

  double rest[N_COLUMNS * N_ROWS];
  double sums[N_COLUMNS * N_ROWS];
  for (size_t i = 0U; i < n_matrix; ++i) {
    rest[i] = (double)overlap[i];
    sums[i] = 0.0;
  }
  for (uint32_t r = 0U; r < N_ROWS; ++r) {
    for (uint32_t c = 0U; c < 16U; ++c) {
      const size_t at = r * N_COLUMNS + first + c;
      reference_untwist(&sums[at], &rest[at], z + 32U * r + 2U * c,
                        turns + 2U * r);
    }
  }
  simd->untwist_columns(y + first, overlap + first, N_COLUMNS, z, turns,
                        N_ROWS);
  assert_close(y, sums, n_matrix);
  assert_close(overlap, rest, n_matrix);

  // Twiddles out and back are a product with |w|^2
  simd->scatter(m + 2U * first, z, w + 2U * first, N_COLUMNS, N_ROWS);
  float* const back = aligned(32U * N_ROWS);
  simd->gather(back, m + 2U * first, w + 2U * first, N_COLUMNS, N_ROWS);
  for (uint32_t r = 0U; r < N_ROWS; ++r) {
    for (uint32_t c = 0U; c < 16U; ++c) {
      const float* const turn = w + 2U * (r * N_COLUMNS + first + c);
      const float* const from = z + 32U * r + 2U * c;
      const float* const to   = m + 2U * (r * N_COLUMNS + first + c);
      const double       re =
        (double)from[0] * (double)turn[0] - (double)from[1] * (double)turn[1];
      const double size =
        (double)turn[0] * (double)turn[0] + (double)turn[1] * (double)turn[1];
      const double expected[2] = {(double)from[0] * size,
                                  (double)from[1] * size};
      assert_close(to, &re, 1U);
      assert_close(back + 32U * r + 2U * c, expected, 2U);
    }
  }

  fal_arena_release(back);
  fal_arena_release(overlap);
  fal_arena_release(y);
  fal_arena_release(m);
  fal_arena_release(z);
  fal_arena_release(w);
  fal_arena_release(turns);
  fal_arena_release(x);
}

static void
test_columns_touch_their_chunk_only(void** const state)
{
  (void)state;
  for_variants(check_columns);
}

static void
check_blocks(const FalSimd* const simd)
{
  const size_t stride = 96U;
  float* const z      = aligned_noise(32U * N_BLOCKS, 8U);
  float* const bins   = aligned(stride * N_BLOCKS);
  float* const packed = aligned(32U * N_BLOCKS);
  float* const back   = aligned(32U * N_BLOCKS);

  simd->split(bins, stride, z, N_BLOCKS);
  simd->split(packed, 32U, z, N_BLOCKS);
  for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
    for (uint32_t k = 0U; k < 16U; ++k) {
      assert_true(bins[b * stride + k] == z[32U * b + 2U * k]);
      assert_true(bins[b * stride + 16U + k] == z[32U * b + 2U * k + 1U]);
    }
  }
  simd->join(back, packed, N_BLOCKS);
  assert_memory_equal(back, z, 32U * N_BLOCKS * sizeof(float));

  fal_arena_release(back);
  fal_arena_release(packed);
  fal_arena_release(bins);
  fal_arena_release(z);
}

static void
test_blocks_hold_the_parts_apart(void** const state)
{
  (void)state;
  for_variants(check_blocks);
}

static void
check_direct(const FalSimd* const simd)
{
  enum { MOST = 300 };
  uint64_t     seed = 5U;
  float* const x    = aligned_noise(MOST, 10U);
  float* const taps = aligned(MOST + 2U * FAL_DIRECT_PAD);
  float* const h    = taps + FAL_DIRECT_PAD;
  float* const y    = aligned(MOST);
  for (uint32_t round = 0U; round < 500U; ++round) {
    const uint32_t from = (uint32_t)ref_between(&seed, 0U, 150U);
    const uint32_t n_y  = (uint32_t)ref_between(&seed, 1U, 140U);
    const uint32_t n_x  = (uint32_t)ref_between(&seed, 0U, from + n_y);
    ref_noise(h, MOST, round);
    ref_noise(y, MOST, round + 1U);

    double expected[MOST];
    for (uint32_t t = 0U; t < MOST; ++t) {
      expected[t] = (double)y[t];
      for (uint32_t j = 0U; t < n_y && j < n_x && j <= from + t; ++j) {
        expected[t] += (double)x[j] * (double)h[from + t - j];
      }
    }
    simd->direct(y, from, n_y, x, n_x, h);
    assert_close(y, expected, MOST);
  }

  fal_arena_release(y);
  fal_arena_release(taps);
  fal_arena_release(x);
}

static void
test_direct_is_the_sum_and_writes_its_frames_only(void** const state)
{
  (void)state;
  for_variants(check_direct);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_sums_of_rows_are_complex_products),
    cmocka_unit_test(test_twists_are_complex_products),
    cmocka_unit_test(test_columns_touch_their_chunk_only),
    cmocka_unit_test(test_blocks_hold_the_parts_apart),
    cmocka_unit_test(test_direct_is_the_sum_and_writes_its_frames_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
