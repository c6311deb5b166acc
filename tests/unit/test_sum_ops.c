// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/arena.h"
#include "core/sum_ops.h"
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

enum { N_BLOCKS = 5, N_TERMS = 3, CAPACITY = 7, N_ROW = 32 * N_BLOCKS };

/// Rounding of some tens of single-precision operations on values near 1
static const double bound = 2e-5;

extern const FalSumOps fal_sum_ops_wide;

/// The loops numbered i: those that this processor can run, and then those of
/// the widest vectors, made of narrower ones
static const FalSumOps*
variant(const uint32_t i)
{
  return fal_sum_ops_variant(i)              ? fal_sum_ops_variant(i)
         : !i || fal_sum_ops_variant(i - 1U) ? &fal_sum_ops_wide
                                             : NULL;
}

static float*
aligned_noise(const size_t n, const uint64_t seed)
{
  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n);
  assert_int_equal(fal_arena_allocate(&arena), FAL_OK);
  ref_noise((float*)arena.base, n, seed);
  return (float*)arena.base;
}

/// Rings, spectra and places for sums, all random
typedef struct {
  uint32_t n_outputs;
  uint32_t counts[N_TERMS][N_BLOCKS];
  FalTerm  terms[N_TERMS];
  FalRow   row;
  float*   x; ///< [terms][blocks][capacity][32]
  float*   h;
  float*   y; ///< [4][N_ROW]: sums of two outputs, now and next
  FalSums  sums;
} Case;

static Case
make_case(const uint32_t n_outputs, uint64_t seed)
{
  Case c = {.n_outputs = n_outputs};
  c.x    = aligned_noise((size_t)N_ROW * N_TERMS * CAPACITY, seed++);
  c.h    = aligned_noise((size_t)N_ROW * N_TERMS * CAPACITY * 2U, seed++);
  c.y    = aligned_noise(4U * (size_t)N_ROW, seed++);
  c.sums = (FalSums){n_outputs,
                     seed % 3U == 0U,
                     {c.y, c.y + N_ROW},
                     {c.y + 2 * N_ROW, c.y + 3 * N_ROW}};
  c.row  = (FalRow){.to       = N_BLOCKS,
                    .capacity = CAPACITY,
                    .head     = (uint32_t)ref_between(&seed, 0U, CAPACITY - 1U),
                    .n_valid  = (uint32_t)ref_between(&seed, 0U, CAPACITY)};
  for (uint32_t i = 0U; i < N_TERMS; ++i) {
    for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
      c.counts[i][b] = (uint32_t)ref_between(&seed, 0U, CAPACITY);
    }
  }
  return c;
}

/// The terms point into the case, so they are made where it lies
static void
set_terms(Case* const c)
{
  for (uint32_t i = 0U; i < N_TERMS; ++i) {
    c->terms[i] = (FalTerm){c->x + (size_t)i * N_ROW * CAPACITY, c->counts[i]};
  }
}

static void
clear_case(Case* const c)
{
  fal_arena_release(c->y);
  fal_arena_release(c->h);
  fal_arena_release(c->x);
}

static void
add_product(double* const y, const float* const x, const float* const h)
{
  for (uint32_t k = 0U; k < 16U; ++k) {
    y[k] +=
      (double)x[k] * (double)h[k] - (double)x[16U + k] * (double)h[16U + k];
    y[16U + k] +=
      (double)x[k] * (double)h[16U + k] + (double)x[16U + k] * (double)h[k];
  }
}

/**
   A row's sums for one output, by the definition.

   @param younger 0, or 1 where each partition meets the slot before its own.
*/
static void
reference_row(double* const y, const Case* const c, const uint32_t output,
              const uint32_t younger)
{
  const FalRow* const row = &c->row;
  const float*        h   = c->h + 32U * output;
  for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
    for (uint32_t i = 0U; i < N_TERMS; ++i) {
      for (uint32_t p = 0U; p < c->counts[i][b]; ++p) {
        if (p >= row->first && p < row->n_valid + younger) {
          const uint32_t slot =
            (row->head + p - row->first + CAPACITY - younger) % CAPACITY;
          add_product(y + 32U * b,
                      c->terms[i].x + 32U * ((size_t)b * CAPACITY + slot), h);
        }
        h += 32U * c->n_outputs;
      }
    }
  }
}

/// What stands where sums will go, if they add to it
static void
set_expected(double* const expected, const Case* const c, const uint32_t output)
{
  for (size_t k = 0U; k < N_ROW; ++k) {
    expected[k] = c->sums.adds ? (double)c->sums.y[output][k] : 0.0;
  }
}

static void
assert_close(const float* const a, const double* const b)
{
  for (size_t i = 0U; i < N_ROW; ++i) {
    assert_true(fabs((double)a[i] - b[i]) < bound);
  }
}

/// Call a check for many cases and each instruction set of this machine
static void
for_cases(void (*const check)(const FalSumOps*, Case*))
{
  uint32_t n = 0U;
  for (; variant(n); ++n) {
    for (uint32_t round = 0U; round < 400U; ++round) {
      Case c = make_case(1U + round % 2U, 10U * round);
      set_terms(&c);
      check(variant(n), &c);
      clear_case(&c);
    }
  }
  assert_true(n > 0U);
}

typedef const float* (*Sum)(const FalSums*, const FalRow*, const FalTerm*,
                            uint32_t, const float*);

/// Sum in two pieces, the second where the first one ended
static void
sum_in_pieces(const Sum sum, const Case* const c)
{
  FalRow piece      = c->row;
  piece.to          = c->row.head % N_BLOCKS;
  const float* next = sum(&c->sums, &piece, c->terms, N_TERMS, c->h);
  piece.from        = piece.to;
  piece.to          = N_BLOCKS;
  (void)sum(&c->sums, &piece, c->terms, N_TERMS, next);
}

static void
check_row(const FalSumOps* const ops, Case* const c)
{
  c->row.first = c->counts[0][0] % 2U;
  double expected[2][N_ROW];
  for (uint32_t o = 0U; o < c->n_outputs; ++o) {
    set_expected(expected[o], c, o);
    reference_row(expected[o], c, o, 0U);
  }
  sum_in_pieces(ops->sum_row, c);
  for (uint32_t o = 0U; o < c->n_outputs; ++o) {
    assert_close(c->sums.y[o], expected[o]);
  }
}

static void
test_sums_of_rows_are_complex_products(void** const state)
{
  (void)state;
  for_cases(check_row);
}

static void
check_ahead(const FalSumOps* const ops, Case* const c)
{
  double now[2][N_ROW];
  for (uint32_t o = 0U; o < c->n_outputs; ++o) {
    set_expected(now[o], c, o);
    reference_row(now[o], c, o, 0U);
  }
  sum_in_pieces(ops->sum_ahead, c);
  for (uint32_t o = 0U; o < c->n_outputs; ++o) {
    double next[N_ROW] = {0.0};
    reference_row(next, c, o, 1U);
    assert_close(c->sums.y[o], now[o]);
    assert_close(c->sums.next[o], next);
  }
}

static void
test_sums_ahead_are_those_of_the_next_window(void** const state)
{
  (void)state;
  for_cases(check_ahead);
}

static void
check_slot(const FalSumOps* const ops, Case* const c)
{
  for (uint32_t i = 0U; i < N_TERMS; ++i) {
    for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
      c->counts[i][b] = 1U;
    }
  }
  c->row.n_valid = 1U;

  double expected[2][N_ROW];
  for (uint32_t o = 0U; o < c->n_outputs; ++o) {
    set_expected(expected[o], c, o);
    reference_row(expected[o], c, o, 0U);
  }
  ops->sum_slot(&c->sums, &c->row, c->terms, N_TERMS, c->h);
  for (uint32_t o = 0U; o < c->n_outputs; ++o) {
    assert_close(c->sums.y[o], expected[o]);
  }
}

static void
test_a_slot_is_one_partition(void** const state)
{
  (void)state;
  for_cases(check_slot);
}

static void
check_block(const FalSumOps* const ops, Case* const c)
{
  const uint32_t n = c->row.n_valid;

  double expected[32];
  for (size_t k = 0U; k < 32U; ++k) {
    expected[k] = (double)c->y[k];
  }
  for (uint32_t p = 0U; p < n; ++p) {
    add_product(expected, c->x + 32U * (size_t)p, c->h + 32U * (size_t)p);
  }
  ops->accumulate(c->y, c->x, c->h, n);
  for (size_t k = 0U; k < 32U; ++k) {
    assert_true(fabs((double)c->y[k] - expected[k]) < bound);
  }
}

static void
test_a_block_is_accumulated(void** const state)
{
  (void)state;
  for_cases(check_block);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_block_is_accumulated),
    cmocka_unit_test(test_sums_of_rows_are_complex_products),
    cmocka_unit_test(test_sums_ahead_are_those_of_the_next_window),
    cmocka_unit_test(test_a_slot_is_one_partition),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
