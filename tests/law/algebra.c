// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/law/ways.h"

#define N_SEEDS 25U

/// Three random sequences of random lengths
typedef struct {
  float* a;
  float* b;
  float* c;
  size_t n_a;
  size_t n_b;
  size_t n_c;
} Three;

static Three
new_three(const uint64_t seed)
{
  uint64_t     random = seed;
  const size_t most   = 1U << ref_between(&random, 1U, 11U);
  Three        s      = {.n_a = ref_between(&random, 1U, most),
                         .n_b = ref_between(&random, 1U, most),
                         .n_c = ref_between(&random, 1U, most)};
  s.a                 = ref_new_noise(s.n_a, seed + 1U);
  s.b                 = ref_new_noise(s.n_b, seed + 2U);
  s.c                 = ref_new_noise(s.n_c, seed + 3U);
  return s;
}

static void
free_three(const Three* const s)
{
  free(s->a);
  free(s->b);
  free(s->c);
}

static void
for_all(void (*const law)(Way way, const Three* s))
{
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Three s = new_three(seed);
    for (uint32_t way = 0U; way < N_WAYS; ++way) {
      law((Way)way, &s);
    }
    free_three(&s);
  }
}

static void
is_sum(const Way way, const Three* const s)
{
  const size_t  n        = s->n_a + s->n_b - 1U;
  float* const  y        = law_new_convolution(way, s->a, s->n_a, s->b, s->n_b);
  double* const expected = ref_convolution(s->a, s->n_a, s->b, s->n_b);
  assert_true(ref_error_db(y, expected, n) < LAW_DB);
  free(expected);
  free(y);
}

static void
test_every_way_is_the_sum(void** const state)
{
  (void)state;
  for_all(is_sum);
}

static void
commutes(const Way way, const Three* const s)
{
  float* const ab = law_new_convolution(way, s->a, s->n_a, s->b, s->n_b);
  float* const ba = law_new_convolution(way, s->b, s->n_b, s->a, s->n_a);
  law_assert_equal(ab, ba, s->n_a + s->n_b - 1U);
  free(ba);
  free(ab);
}

static void
test_convolution_is_commutative(void** const state)
{
  (void)state;
  for_all(commutes);
}

static void
associates(const Way way, const Three* const s)
{
  const size_t n_ab = s->n_a + s->n_b - 1U;
  const size_t n_bc = s->n_b + s->n_c - 1U;
  float* const ab   = law_new_convolution(way, s->a, s->n_a, s->b, s->n_b);
  float* const bc   = law_new_convolution(way, s->b, s->n_b, s->c, s->n_c);
  float* const ab_c = law_new_convolution(way, ab, n_ab, s->c, s->n_c);
  float* const a_bc = law_new_convolution(way, s->a, s->n_a, bc, n_bc);
  law_assert_equal(ab_c, a_bc, n_ab + s->n_c - 1U);
  free(a_bc);
  free(ab_c);
  free(bc);
  free(ab);
}

static void
test_convolution_is_associative(void** const state)
{
  (void)state;
  for_all(associates);
}

static void
is_linear(const Way way, const Three* const s)
{
  // (g a + b) * c = g (a * c) + b * c, on the length of the shorter
  const float  gain = 0.625F;
  const size_t n    = s->n_a < s->n_b ? s->n_a : s->n_b;
  const size_t n_y  = n + s->n_c - 1U;
  float* const mix  = ref_floats(n);
  float* const sum  = ref_floats(n_y);
  for (size_t t = 0U; t < n; ++t) {
    mix[t] = gain * s->a[t] + s->b[t];
  }

  float* const mix_c = law_new_convolution(way, mix, n, s->c, s->n_c);
  float* const a_c   = law_new_convolution(way, s->a, n, s->c, s->n_c);
  float* const b_c   = law_new_convolution(way, s->b, n, s->c, s->n_c);
  for (size_t t = 0U; t < n_y; ++t) {
    sum[t] = gain * a_c[t] + b_c[t];
  }
  law_assert_equal(mix_c, sum, n_y);
  free(b_c);
  free(a_c);
  free(mix_c);
  free(sum);
  free(mix);
}

static void
test_convolution_is_linear(void** const state)
{
  (void)state;
  for_all(is_linear);
}

static void
test_routes_that_join_the_same_pair_add(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Three    s        = new_three(seed);
    const size_t   n_h      = s.n_b > s.n_c ? s.n_b : s.n_c;
    const size_t   n_y      = s.n_a + n_h - 1U;
    const FalRoute routes[] = {{0U, 0U, (uint32_t)s.n_b, s.b},
                               {0U, 0U, (uint32_t)s.n_c, s.c}};
    const Channels x        = law_channels(1U, n_y);
    const Channels y        = law_channels(1U, n_y);
    double* const  expected = ref_doubles(n_y);
    memcpy(x.channels[0], s.a, s.n_a * sizeof(float));
    ref_add_convolution(expected, s.a, s.n_a, s.b, s.n_b);
    ref_add_convolution(expected, s.a, s.n_a, s.c, s.n_c);

    law_run_ola(&y, &x, routes, 2U);
    assert_true(ref_error_db(y.channels[0], expected, n_y) < LAW_DB);
    law_run_engine(&y, &x, routes, 2U);
    assert_true(ref_error_db(y.channels[0], expected, n_y) < LAW_DB);
    free(expected);
    law_free(&y);
    law_free(&x);
    free_three(&s);
  }
}

static void
has_identity(const Way way, const Three* const s)
{
  const float  one = 1.0F;
  float* const y   = law_new_convolution(way, s->a, s->n_a, &one, 1U);
  law_assert_equal(y, s->a, s->n_a);
  free(y);
}

static void
test_the_impulse_is_the_identity(void** const state)
{
  (void)state;
  for_all(has_identity);
}

static void
is_equivariant(const Way way, const Three* const s)
{
  // A late input, and a late response, both give the output as late
  const size_t late   = s->n_c;
  const size_t n_y    = s->n_a + s->n_b - 1U;
  float* const late_a = ref_floats(late + s->n_a);
  float* const late_b = ref_floats(late + s->n_b);
  memcpy(late_a + late, s->a, s->n_a * sizeof(float));
  memcpy(late_b + late, s->b, s->n_b * sizeof(float));

  float* const y = law_new_convolution(way, s->a, s->n_a, s->b, s->n_b);
  float* const ya =
    law_new_convolution(way, late_a, late + s->n_a, s->b, s->n_b);
  float* const yb =
    law_new_convolution(way, s->a, s->n_a, late_b, late + s->n_b);
  law_assert_equal(ya + late, y, n_y);
  law_assert_equal(yb + late, y, n_y);

  // What comes before it is silence, up to rounding
  double energy = 0.0;
  double before = 0.0;
  for (size_t t = 0U; t < n_y; ++t) {
    energy += (double)y[t] * (double)y[t];
  }
  for (size_t t = 0U; t < late; ++t) {
    before += (double)ya[t] * (double)ya[t] + (double)yb[t] * (double)yb[t];
  }
  assert_true(before <= energy * pow(10.0, LAW_DB / 10.0));
  free(yb);
  free(ya);
  free(y);
  free(late_b);
  free(late_a);
}

static void
test_a_shifted_input_shifts_the_output(void** const state)
{
  (void)state;
  for_all(is_equivariant);
}

static void
test_modes_are_cuts_of_the_full_result(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Three  s       = new_three(seed);
    const size_t n       = s.n_a;
    const size_t m       = s.n_b;
    const size_t n_valid = (n > m ? n : m) - (n < m ? n : m) + 1U;
    assert_int_equal(fal_mode_frames(FAL_FULL, n, m), n + m - 1U);
    assert_int_equal(fal_mode_frames(FAL_SAME, n, m), n);
    assert_int_equal(fal_mode_frames(FAL_VALID, n, m), n_valid);

    float* const full = law_new_convolution(WAY_DIRECT, s.a, n, s.b, m);
    float* const cut  = ref_floats(n + m);
    assert_int_equal(
      fal_convolve(cut, s.a, n, s.b, m, FAL_SAME, FAL_METHOD_DIRECT), FAL_OK);
    law_assert_equal(cut, full + (m - 1U) / 2U, n);
    assert_int_equal(
      fal_convolve(cut, s.a, n, s.b, m, FAL_VALID, FAL_METHOD_DIRECT), FAL_OK);
    law_assert_equal(cut, full + (n < m ? n : m) - 1U, n_valid);
    free(cut);
    free(full);
    free_three(&s);
  }
}

static void
averages(const Way way, const Three* const s)
{
  // The kernel: nowhere negative, and its sum is 1
  double sum = 0.0;
  for (size_t t = 0U; t < s->n_b; ++t) {
    s->b[t] = fabsf(s->b[t]) + 0.001F;
    sum += (double)s->b[t];
  }
  for (size_t t = 0U; t < s->n_b; ++t) {
    s->b[t] = (float)((double)s->b[t] / sum);
  }

  float least = s->a[0];
  float most  = s->a[0];
  for (size_t t = 0U; t < s->n_a; ++t) {
    least = fminf(least, s->a[t]);
    most  = fmaxf(most, s->a[t]);
  }

  // Valid: where the whole kernel lies within the input
  float* const y     = law_new_convolution(way, s->a, s->n_a, s->b, s->n_b);
  const float  slack = 1e-5F;
  for (size_t t = s->n_b - 1U; t < s->n_a; ++t) {
    assert_true(y[t] >= least - slack && y[t] <= most + slack);
  }
  free(y);
}

static void
test_a_weighted_average_stays_between_the_extremes(void** const state)
{
  (void)state;
  for_all(averages);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_way_is_the_sum),
    cmocka_unit_test(test_convolution_is_commutative),
    cmocka_unit_test(test_convolution_is_associative),
    cmocka_unit_test(test_convolution_is_linear),
    cmocka_unit_test(test_routes_that_join_the_same_pair_add),
    cmocka_unit_test(test_the_impulse_is_the_identity),
    cmocka_unit_test(test_a_shifted_input_shifts_the_output),
    cmocka_unit_test(test_modes_are_cuts_of_the_full_result),
    cmocka_unit_test(test_a_weighted_average_stays_between_the_extremes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
