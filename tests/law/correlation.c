// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/correlate.h"
#include "tests/law/ways.h"

#define N_SEEDS 40U

/// Two random sequences
typedef struct {
  float* a;
  float* b;
  size_t n_a;
  size_t n_b;
} Two;

static Two
new_two(const uint64_t seed)
{
  uint64_t     random = seed;
  const size_t most   = 1U << ref_between(&random, 1U, 12U);
  Two          s      = {.n_a = ref_between(&random, 1U, most),
                         .n_b = ref_between(&random, 1U, most)};
  s.a                 = ref_new_noise(s.n_a, seed + 1U);
  s.b                 = ref_new_noise(s.n_b, seed + 2U);
  return s;
}

static void
free_two(const Two* const s)
{
  free(s->a);
  free(s->b);
}

/// New a ⋆ b at all lags: from -(n_a - 1) on, n_a + n_b - 1 of them
static float*
new_correlation(const float* const a, const size_t n_a, const float* const b,
                const size_t n_b)
{
  float* const r    = ref_floats(n_a + n_b - 1U);
  FalPair      pair = {a, b, n_a, n_b, 0, 0, false};
  fal_pair_set_lags(&pair, FAL_FULL);
  assert_int_equal(fal_correlate(r, &pair), FAL_OK);
  return r;
}

static float*
new_reverse(const float* const x, const size_t n)
{
  float* const y = ref_floats(n);
  for (size_t t = 0U; t < n; ++t) {
    y[t] = x[n - 1U - t];
  }
  return y;
}

static void
test_exchanging_the_sequences_mirrors_the_lags(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Two    s        = new_two(seed);
    const size_t n        = s.n_a + s.n_b - 1U;
    float* const ab       = new_correlation(s.a, s.n_a, s.b, s.n_b);
    float* const ba       = new_correlation(s.b, s.n_b, s.a, s.n_a);
    float* const mirrored = new_reverse(ba, n);
    law_assert_equal(ab, mirrored, n);
    free(mirrored);
    free(ba);
    free(ab);
    free_two(&s);
  }
}

static void
test_correlation_is_not_commutative(void** const state)
{
  (void)state;

  // The smallest example: b is a, one frame late
  const float  a[]     = {1.0F, 0.0F};
  const float  b[]     = {0.0F, 1.0F};
  float* const ab      = new_correlation(a, 2U, b, 2U);
  float* const ba      = new_correlation(b, 2U, a, 2U);
  const float  late[]  = {0.0F, 0.0F, 1.0F};
  const float  early[] = {1.0F, 0.0F, 0.0F};
  law_assert_equal(ab, late, 3U);
  law_assert_equal(ba, early, 3U);
  free(ba);
  free(ab);
}

static void
test_flipping_one_turns_convolution_into_correlation(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Two    s       = new_two(seed);
    float* const flipped = new_reverse(s.a, s.n_a);
    float* const r       = new_correlation(flipped, s.n_a, s.b, s.n_b);
    for (uint32_t way = 0U; way < N_WAYS; ++way) {
      float* const y = law_new_convolution((Way)way, s.a, s.n_a, s.b, s.n_b);
      law_assert_equal(r, y, s.n_a + s.n_b - 1U);
      free(y);
    }
    free(r);
    free(flipped);
    free_two(&s);
  }
}

static void
test_a_delay_moves_the_peak_by_as_much(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Two    s    = new_two(seed);
    const size_t late = seed * 7U;
    float* const b    = ref_floats(s.n_b + late);
    memcpy(b + late, s.b, s.n_b * sizeof(float));

    float* const now  = new_correlation(s.a, s.n_a, s.b, s.n_b);
    float* const then = new_correlation(s.a, s.n_a, b, s.n_b + late);
    law_assert_equal(then + late, now, s.n_a + s.n_b - 1U);
    free(then);
    free(now);
    free(b);
    free_two(&s);
  }
}

static void
test_a_sequence_is_most_like_itself_in_place(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Two    s = new_two(seed);
    float* const r = new_correlation(s.a, s.n_a, s.a, s.n_a);
    for (size_t k = 0U; k < 2U * s.n_a - 1U; ++k) {
      assert_true(k == s.n_a - 1U || fabsf(r[k]) <= r[s.n_a - 1U]);
    }

    float* const mirrored = new_reverse(r, 2U * s.n_a - 1U);
    law_assert_equal(r, mirrored, 2U * s.n_a - 1U);
    free(mirrored);
    free(r);
    free_two(&s);
  }
}

static void
test_normalised_correlation_is_at_most_one(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    const Two    s    = new_two(seed);
    float* const r    = ref_floats(s.n_a + s.n_b - 1U);
    FalPair      pair = {s.a, s.b, s.n_a, s.n_b, 0, 0, true};
    fal_pair_set_lags(&pair, FAL_FULL);
    assert_int_equal(fal_correlate(r, &pair), FAL_OK);
    for (size_t k = 0U; k < s.n_a + s.n_b - 1U; ++k) {
      assert_true(fabsf(r[k]) <= 1.00001F);
    }

    // And 1 for what differs in level only, -1 if in polarity too
    float* const b = ref_floats(s.n_a);
    for (size_t t = 0U; t < s.n_a; ++t) {
      b[t] = -3.0F * s.a[t];
    }
    const FalPair same     = {s.a, b, s.n_a, s.n_a, 0, 0, true};
    float         in_place = 0.0F;
    assert_int_equal(fal_correlate(&in_place, &same), FAL_OK);
    assert_true(fabsf(in_place + 1.0F) < 1e-5F);
    free(b);
    free(r);
    free_two(&s);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_exchanging_the_sequences_mirrors_the_lags),
    cmocka_unit_test(test_correlation_is_not_commutative),
    cmocka_unit_test(test_flipping_one_turns_convolution_into_correlation),
    cmocka_unit_test(test_a_delay_moves_the_peak_by_as_much),
    cmocka_unit_test(test_a_sequence_is_most_like_itself_in_place),
    cmocka_unit_test(test_normalised_correlation_is_at_most_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
