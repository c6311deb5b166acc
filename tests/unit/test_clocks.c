// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/clocks.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

enum { N = 7, MAX_LINKS = N * (N - 1) / 2 };

static double
uniform(uint64_t* const random)
{
  return (double)(ref_random(random) >> 11U) * 0x1p-52 - 1.0;
}

/// Clocks, the first of which keeps the time
static void
make_clocks(FalClock* const clocks, uint64_t* const random)
{
  for (uint32_t i = 0U; i < N; ++i) {
    clocks[i].seconds = i ? 100.0 * uniform(random) : 0.0;
    clocks[i].drift   = i ? 200e-6 * uniform(random) : 0.0;
  }
}

/// The link of a pair, with an error of so much
static FalLink
link_of(const FalClock* const clocks, const uint32_t a, const uint32_t b,
        const double time_s, const double error_s)
{
  const double t = (time_s - clocks[a].seconds) / (1.0 + clocks[a].drift);
  const double u = clocks[b].seconds + (1.0 + clocks[b].drift) * t;
  const double d = (1.0 + clocks[b].drift) / (1.0 + clocks[a].drift) - 1.0;
  return (FalLink){.a       = a,
                   .b       = b,
                   .time_s  = time_s,
                   .seconds = u - time_s + error_s,
                   .drift   = d,
                   .weight  = 1.0};
}

static size_t
link_all(FalLink* const links, const FalClock* const clocks,
         uint64_t* const random, const double error_s)
{
  size_t n = 0U;
  for (uint32_t a = 0U; a < N; ++a) {
    for (uint32_t b = a + 1U; b < N; ++b) {
      links[n++] = link_of(clocks, a, b, 300.0 + 100.0 * uniform(random),
                           error_s * uniform(random));
    }
  }
  return n;
}

static void
test_what_agrees_is_solved_exactly(void** const state)
{
  (void)state;
  for (uint64_t seed = 1U; seed < 50U; ++seed) {
    uint64_t random = seed;
    FalClock clocks[N];
    FalClock found[N];
    FalLink  links[MAX_LINKS];
    make_clocks(clocks, &random);
    size_t n = link_all(links, clocks, &random, 0.0);
    if (seed & 1U) {
      n = N - 1U; // Only those of the first one: a tree
    }
    assert_int_equal(fal_clocks_solve(found, N, links, n), FAL_OK);
    for (uint32_t i = 0U; i < N; ++i) {
      assert_int_equal(found[i].group, 0);
      assert_true(fabs(found[i].seconds - clocks[i].seconds) < 1e-9);
      assert_true(fabs(found[i].drift - clocks[i].drift) < 1e-12);
    }
    for (size_t l = 0U; l < n; ++l) {
      assert_false(links[l].is_outlier);
      assert_true(fabs(links[l].residual_s) < 1e-9);
    }
  }
}

static void
test_errors_are_averaged(void** const state)
{
  (void)state;
  double one = 0.0;
  double all = 0.0;
  for (uint64_t seed = 1U; seed < 200U; ++seed) {
    uint64_t random = seed;
    FalClock clocks[N];
    FalClock found[N];
    FalLink  links[MAX_LINKS];
    make_clocks(clocks, &random);
    const size_t n = link_all(links, clocks, &random, 1e-4);
    assert_int_equal(fal_clocks_solve(found, N, links, N - 1U), FAL_OK);
    one += pow(found[N - 1U].seconds - clocks[N - 1U].seconds, 2.0);
    assert_int_equal(fal_clocks_solve(found, N, links, n), FAL_OK);
    all += pow(found[N - 1U].seconds - clocks[N - 1U].seconds, 2.0);
  }
  // All pairs of n: the variance of a difference is 2 / n of that of one pair
  assert_true(all < one * 2.0 / N * 1.4);
}

static void
test_what_contradicts_is_named_and_left_out(void** const state)
{
  (void)state;
  for (uint64_t seed = 1U; seed < 100U; ++seed) {
    uint64_t random = seed;
    FalClock clocks[N];
    FalClock found[N];
    FalLink  links[MAX_LINKS];
    make_clocks(clocks, &random);
    const size_t n     = link_all(links, clocks, &random, 1e-5);
    const size_t wrong = ref_between(&random, 0U, n - 1U);
    const size_t other = (wrong + ref_between(&random, 1U, n - 1U)) % n;
    links[wrong].seconds += 20.0 * uniform(&random) + 30.0;
    links[wrong].drift += 50e-6;
    links[other].seconds -= 0.01;
    assert_int_equal(fal_clocks_solve(found, N, links, n), FAL_OK);
    for (size_t l = 0U; l < n; ++l) {
      assert_int_equal(links[l].is_outlier, l == wrong || l == other);
    }
    for (uint32_t i = 0U; i < N; ++i) {
      assert_true(fabs(found[i].seconds - clocks[i].seconds) < 3e-5);
    }
  }
}

static void
test_of_three_the_least_trusted_is_the_outlier(void** const state)
{
  (void)state;
  FalClock clocks[N];
  FalClock found[3];
  uint64_t random = 1U;
  make_clocks(clocks, &random);
  FalLink links[3] = {link_of(clocks, 0U, 1U, 10.0, 0.0),
                      link_of(clocks, 0U, 2U, 10.0, 5.0),
                      link_of(clocks, 1U, 2U, 10.0, 0.0)};
  links[1].weight  = 0.5;
  assert_int_equal(fal_clocks_solve(found, 3U, links, 3U), FAL_OK);
  assert_true(!links[0].is_outlier && links[1].is_outlier &&
              !links[2].is_outlier);
  assert_true(fabs(links[1].residual_s - 5.0) < 0.01);
}

static void
test_what_does_not_hang_together_is_in_groups(void** const state)
{
  (void)state;
  FalClock clocks[N];
  FalClock found[N];
  uint64_t random = 3U;
  make_clocks(clocks, &random);
  FalLink links[] = {link_of(clocks, 1U, 4U, 10.0, 0.0),
                     link_of(clocks, 6U, 4U, 10.0, 0.0),
                     link_of(clocks, 2U, 3U, 10.0, 0.0)};
  assert_int_equal(fal_clocks_solve(found, N, links, 3U), FAL_OK);
  const uint32_t groups[N] = {0U, 1U, 2U, 2U, 1U, 5U, 1U};
  for (uint32_t i = 0U; i < N; ++i) {
    assert_int_equal(found[i].group, groups[i]);
    assert_true(groups[i] != i || found[i].seconds == 0.0);
  }
}

static void
test_links_to_nowhere_are_refused(void** const state)
{
  (void)state;
  FalClock found[2];
  FalLink  links[] = {{.a = 0U, .b = 2U, .weight = 1.0}};
  assert_int_equal(fal_clocks_solve(found, 2U, links, 1U), FAL_ERR_BAD_ARG);
  links[0].b = 0U;
  assert_int_equal(fal_clocks_solve(found, 2U, links, 1U), FAL_ERR_BAD_ARG);
  links[0].b      = 1U;
  links[0].weight = 0.0;
  assert_int_equal(fal_clocks_solve(found, 2U, links, 1U), FAL_ERR_BAD_ARG);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_agrees_is_solved_exactly),
    cmocka_unit_test(test_errors_are_averaged),
    cmocka_unit_test(test_what_contradicts_is_named_and_left_out),
    cmocka_unit_test(test_of_three_the_least_trusted_is_the_outlier),
    cmocka_unit_test(test_what_does_not_hang_together_is_in_groups),
    cmocka_unit_test(test_links_to_nowhere_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
