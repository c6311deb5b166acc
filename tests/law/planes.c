// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Two dimensions and depth, out of routes between channels: against the double
  sum y[r][c] = sum over d, s, u of x[d][r - s][c - u] h[d][s][u].
*/

#include "tests/law/ways.h"

#define N_SEEDS 6U

/// A stack of planes: [depth][height][width]
typedef struct {
  uint32_t depth;
  uint32_t height;
  uint32_t width;
  float*   pixels;
} Stack;

static Stack
new_stack(const uint32_t depth, const uint32_t height, const uint32_t width,
          const uint64_t seed)
{
  const Stack s = {depth, height, width,
                   ref_new_noise((size_t)depth * height * width, seed)};
  return s;
}

static float
pixel(const Stack* const s, const uint32_t d, const int64_t r, const int64_t c)
{
  return r < 0 || c < 0 || r >= (int64_t)s->height || c >= (int64_t)s->width
           ? 0.0F
           : s->pixels[((size_t)d * s->height + (size_t)r) * s->width +
                       (size_t)c];
}

/// One pixel of the full result, summed over the depth of both
static double
double_sum(const Stack* const x, const Stack* const h, const uint32_t r,
           const uint32_t c)
{
  double y = 0.0;
  for (uint32_t d = 0U; d < h->depth; ++d) {
    for (uint32_t s = 0U; s < h->height; ++s) {
      for (uint32_t u = 0U; u < h->width; ++u) {
        y += (double)pixel(x, d, (int64_t)r - s, (int64_t)c - u) *
             (double)pixel(h, d, s, u);
      }
    }
  }
  return y;
}

static void
run(const Way way, const Channels* const y, const Channels* const x,
    const FalRoute* const routes, const uint32_t n_routes)
{
  if (way == WAY_OLA) {
    law_run_ola(y, x, routes, n_routes);
  } else {
    law_run_engine(y, x, routes, n_routes);
  }
}

/// Rows are channels: row s of the kernel leads from row r to row r + s
static Channels
convolve_rows(const Way way, const Stack* const x, const Stack* const h)
{
  const size_t   width = (size_t)x->width + h->width - 1U;
  const Channels in    = law_channels(x->height, width);
  const Channels out   = law_channels(x->height + h->height - 1U, width);
  FalRoute       routes[LAW_MAX_CHANNELS * 16U] = {{0U, 0U, 0U, NULL}};
  uint32_t       n_routes                       = 0U;
  for (uint32_t r = 0U; r < x->height; ++r) {
    memcpy(in.channels[r], x->pixels + (size_t)r * x->width,
           x->width * sizeof(float));
    for (uint32_t s = 0U; s < h->height; ++s) {
      routes[n_routes++] =
        (FalRoute){r, r + s, h->width, h->pixels + (size_t)s * h->width};
    }
  }
  run(way, &out, &in, routes, n_routes);
  law_free(&in);
  return out;
}

static void
test_a_plane_is_a_sum_of_its_rows(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    uint64_t    random = seed;
    const Stack x      = new_stack(1U, (uint32_t)ref_between(&random, 1U, 40U),
                                   (uint32_t)ref_between(&random, 1U, 150U), seed);
    const Stack h =
      new_stack(1U, (uint32_t)ref_between(&random, 1U, 9U),
                (uint32_t)ref_between(&random, 1U, 30U), seed + 1U);
    for (Way way = WAY_OLA; way <= WAY_ENGINE; ++way) {
      const Channels y = convolve_rows(way, &x, &h);
      for (uint32_t r = 0U; r < y.n; ++r) {
        double* const expected = ref_doubles(y.n_frames);
        for (uint32_t c = 0U; c < y.n_frames; ++c) {
          expected[c] = double_sum(&x, &h, r, c);
        }
        assert_true(ref_error_db(y.channels[r], expected, y.n_frames) < LAW_DB);
        free(expected);
      }
      law_free(&y);
    }
    free(h.pixels);
    free(x.pixels);
  }
}

static void
test_turning_a_kernel_by_180_degrees_gives_correlation(void** const state)
{
  (void)state;

  const Stack x      = new_stack(1U, 20U, 25U, 1U);
  const Stack h      = new_stack(1U, 5U, 4U, 2U);
  const Stack turned = new_stack(1U, 5U, 4U, 2U);
  for (uint32_t i = 0U; i < 20U; ++i) {
    turned.pixels[i] = h.pixels[19U - i];
  }

  // r[k][l] = sum over s, u of h[s][u] x[s + k][u + l]
  const Channels y = convolve_rows(WAY_ENGINE, &x, &turned);
  for (uint32_t r = 0U; r < y.n; ++r) {
    double expected[28] = {0.0};
    for (uint32_t c = 0U; c < 28U; ++c) {
      for (uint32_t s = 0U; s < 5U; ++s) {
        for (uint32_t u = 0U; u < 4U; ++u) {
          const int64_t k = (int64_t)r - 4;
          const int64_t l = (int64_t)c - 3;
          expected[c] +=
            (double)pixel(&h, 0U, s, u) * (double)pixel(&x, 0U, s + k, u + l);
        }
      }
    }
    assert_int_equal(y.n_frames, 28U);
    assert_true(ref_error_db(y.channels[r], expected, 28U) < LAW_DB);
  }
  law_free(&y);
  free(turned.pixels);
  free(h.pixels);
  free(x.pixels);
}

/**
   A plane on one channel: rows follow each other, with room for the overhang.

   Then a kernel's row s stands s strides later, and one route is all of it.
*/
static void
lay_rows(float* const to, const uint32_t stride, const Stack* const s,
         const uint32_t d)
{
  for (uint32_t r = 0U; r < s->height; ++r) {
    memcpy(to + (size_t)r * stride,
           s->pixels + ((size_t)d * s->height + r) * s->width,
           s->width * sizeof(float));
  }
}

static void
check_layer(const Way way, const uint64_t seed)
{
  enum { depth = 3, n_kernels = 8, side = 32, tap = 5, n_valid = 28 };
  const uint32_t stride = side + tap - 1;
  const Stack    x      = new_stack(depth, side, side, seed);
  const Channels in     = law_channels(depth, (size_t)stride * stride);
  const Channels out    = law_channels(n_kernels, (size_t)stride * stride);
  const Channels irs    = law_channels(depth * n_kernels, (size_t)stride * tap);
  Stack          kernels[n_kernels];
  FalRoute       routes[depth * n_kernels];

  for (uint32_t d = 0U; d < depth; ++d) {
    lay_rows(in.channels[d], stride, &x, d);
  }
  for (uint32_t o = 0U; o < n_kernels; ++o) {
    kernels[o] = new_stack(depth, tap, tap, seed + 1U + o);
    for (uint32_t d = 0U; d < depth; ++d) {
      const uint32_t i = o * depth + d;
      lay_rows(irs.channels[i], stride, &kernels[o], d);
      routes[i] = (FalRoute){d, o, (tap - 1) * stride + tap, irs.channels[i]};
    }
  }

  run(way, &out, &in, routes, depth * n_kernels);

  // 28 x 28 x 8: where a kernel lies wholly within the planes
  for (uint32_t o = 0U; o < n_kernels; ++o) {
    float  found[n_valid * n_valid];
    double expected[n_valid * n_valid];
    for (uint32_t i = 0U; i < n_valid * n_valid; ++i) {
      const uint32_t r = i / n_valid + tap - 1;
      const uint32_t c = i % n_valid + tap - 1;
      found[i]         = out.channels[o][r * stride + c];
      expected[i]      = double_sum(&x, &kernels[o], r, c);
    }
    assert_true(ref_error_db(found, expected, n_valid * n_valid) < LAW_DB);
    free(kernels[o].pixels);
  }
  law_free(&irs);
  law_free(&out);
  law_free(&in);
  free(x.pixels);
}

static void
test_eight_kernels_of_depth_three_give_eight_planes(void** const state)
{
  (void)state;
  for (uint64_t seed = 0U; seed < N_SEEDS; ++seed) {
    check_layer(WAY_OLA, 100U * seed);
    check_layer(WAY_ENGINE, 100U * seed);
  }
}

static void
test_true_stereo_is_four_convolutions(void** const state)
{
  (void)state;
  enum { n_x = 3000, n_h = 1000, n_y = n_x + n_h - 1 };
  const Channels x = law_channels(2U, n_y);
  const Channels y = law_channels(2U, n_y);
  FalRoute       routes[4];
  for (uint32_t i = 0U; i < 2U; ++i) {
    ref_noise(x.channels[i], n_x, 1U + i);
    for (uint32_t o = 0U; o < 2U; ++o) {
      routes[2U * i + o] =
        (FalRoute){i, o, n_h, ref_new_noise(n_h, 10U + 2U * i + o)};
    }
  }

  for (Way way = WAY_OLA; way <= WAY_ENGINE; ++way) {
    run(way, &y, &x, routes, 4U);
    for (uint32_t o = 0U; o < 2U; ++o) {
      double* const expected = ref_doubles(n_y);
      for (uint32_t i = 0U; i < 2U; ++i) {
        ref_add_convolution(expected, x.channels[i], n_x, routes[2U * i + o].ir,
                            n_h);
      }
      assert_true(ref_error_db(y.channels[o], expected, n_y) < LAW_DB);
      free(expected);
    }
  }

  for (uint32_t r = 0U; r < 4U; ++r) {
    free((void*)routes[r].ir);
  }
  law_free(&y);
  law_free(&x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_plane_is_a_sum_of_its_rows),
    cmocka_unit_test(test_turning_a_kernel_by_180_degrees_gives_correlation),
    cmocka_unit_test(test_eight_kernels_of_depth_three_give_eight_planes),
    cmocka_unit_test(test_true_stereo_is_four_convolutions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
