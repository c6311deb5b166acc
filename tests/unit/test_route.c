// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/ir.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

/// Channel c of a response has the one frame c + 1
static FalIr
response(const uint32_t n_channels, float* const samples)
{
  for (uint32_t c = 0U; c < n_channels; ++c) {
    samples[c] = (float)c + 1.0F;
  }
  return (FalIr){.audio = {samples, n_channels, 1U, 48000.0}};
}

/// A row of the table: matrix of channels (from 1; 0: none), input by input
typedef struct {
  uint32_t    n_channels;
  uint32_t    n;
  uint32_t    m;
  const char* by_input;  ///< LL LR RL RR
  const char* by_output; ///< LL RL LR RR
} Row;

static const Row rows[] = {
  {1U, 1U, 1U, "1", "1"},
  {1U, 2U, 2U, "10 01", "10 01"},
  {1U, 3U, 3U, "100 010 001", "100 010 001"},
  {1U, 1U, 2U, "11", "11"},
  {1U, 1U, 4U, "1111", "1111"},
  {2U, 1U, 1U, "1", "1"},
  {2U, 1U, 2U, "12", "12"},
  {2U, 2U, 2U, "10 02", "10 02"},
  {3U, 1U, 2U, "12", "12"},
  {2U, 1U, 5U, "12121", "12121"},
  {4U, 1U, 1U, "1", "1"},
  {4U, 1U, 4U, "1234", "1234"},
  {4U, 2U, 2U, "12 34", "13 24"},
  {4U, 4U, 4U, "1000 0200 0030 0004", "1000 0200 0030 0004"},
  {6U, 2U, 3U, "123 456", "135 246"},
  {6U, 3U, 2U, "12 34 56", "14 25 36"},
  {9U, 3U, 3U, "123 456 789", "147 258 369"},
  {2U, 2U, 1U, "1 2", "1 2"},
  {1U, 2U, 1U, NULL, NULL},
  {3U, 2U, 2U, NULL, NULL},
  {5U, 2U, 2U, NULL, NULL},
  {2U, 3U, 3U, NULL, NULL},
  {1U, 0U, 1U, NULL, NULL},
  {1U, 1U, 0U, NULL, NULL},
};

static void
check(const Row* const row, const FalOrder order, const char* matrix)
{
  float           samples[64];
  FalRoute        routes[16];
  uint32_t        n_routes = 0U;
  FalError        error    = {FAL_OK, ""};
  FalIr           ir       = response(row->n_channels, samples);
  const FalStatus st =
    fal_ir_route(&ir, order, row->n, row->m, routes, 16U, &n_routes, &error);

  assert_int_equal(st, matrix ? FAL_OK : FAL_ERR_BAD_ARG);
  assert_int_equal(error.status, st);
  const FalRoute* route = routes;
  for (uint32_t i = 0U; matrix && i < row->n; ++i, ++matrix) {
    for (uint32_t o = 0U; o < row->m; ++o, ++matrix) {
      if (*matrix != '0') {
        assert_int_equal(route->input, i);
        assert_int_equal(route->output, o);
        assert_int_equal(route->n_frames, 1U);
        assert_int_equal((int)*route->ir, *matrix - '0');
        ++route;
      }
    }
  }
  assert_int_equal(route - routes, n_routes);
}

static void
test_channels_lie_as_the_table_says(void** const state)
{
  (void)state;

  for (size_t i = 0U; i < sizeof(rows) / sizeof(*rows); ++i) {
    check(&rows[i], FAL_ORDER_LL_LR_RL_RR, rows[i].by_input);
    check(&rows[i], FAL_ORDER_LL_RL_LR_RR, rows[i].by_output);
  }
}

static void
test_a_mono_source_stands_in_the_middle_of_true_stereo(void** const state)
{
  (void)state;

  enum { n = 3 };
  const float    matrix[2][2][n] = {{{1.0F, 2.0F, 3.0F}, {10.0F, 20.0F, 30.0F}},
                                    {{5.0F, 6.0F, 7.0F}, {50.0F, 60.0F, 70.0F}}};
  const FalOrder orders[] = {FAL_ORDER_LL_LR_RL_RR, FAL_ORDER_LL_RL_LR_RR};
  for (uint32_t is_output_major = 0U; is_output_major < 2U; ++is_output_major) {
    float samples[4U * n];
    for (uint32_t i = 0U; i < 2U; ++i) {
      for (uint32_t o = 0U; o < 2U; ++o) {
        const uint32_t channel = is_output_major ? 2U * o + i : 2U * i + o;
        memcpy(samples + (size_t)channel * n, matrix[i][o], n * sizeof(float));
      }
    }
    FalIr    ir = {.audio = {samples, 4U, n, 48000.0}};
    FalRoute routes[2];
    uint32_t n_routes = 0U;
    assert_int_equal(fal_ir_route(&ir, orders[is_output_major], 1U, 2U, routes,
                                  2U, &n_routes, NULL),
                     FAL_OK);
    assert_int_equal(n_routes, 2U);
    for (uint32_t o = 0U; o < 2U; ++o) {
      assert_int_equal(routes[o].input, 0U);
      assert_int_equal(routes[o].output, o);
      assert_int_equal(routes[o].n_frames, n);
      for (uint32_t t = 0U; t < n; ++t) {
        assert_true(routes[o].ir[t] ==
                    0.5F * (matrix[0][o][t] + matrix[1][o][t]));
      }
    }
  }
}

static void
test_routes_need_room(void** const state)
{
  (void)state;

  float    samples[4];
  FalRoute routes[4];
  uint32_t n_routes = 7U;
  FalIr    ir       = response(4U, samples);
  assert_int_equal(fal_ir_route(&ir, FAL_ORDER_LL_LR_RL_RR, 2U, 2U, routes, 3U,
                                &n_routes, NULL),
                   FAL_ERR_BAD_ARG);
  assert_int_equal(n_routes, 7U);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_channels_lie_as_the_table_says),
    cmocka_unit_test(test_a_mono_source_stands_in_the_middle_of_true_stereo),
    cmocka_unit_test(test_routes_need_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
