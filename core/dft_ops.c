// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Compiled once for each instruction set, with FAL_DFT_OPS (the table's symbol)
  and FAL_LANES (floats in a vector register) set by the build.
*/

#include "core/dft_ops.h"

#include "core/butterfly.h"
#include "core/shuffle.h"
#include "core/stages.h"
#include "core/vector.h"

#include <stddef.h>
#include <stdint.h>

static inline Part
reverse(const Part z)
{
  return (Part){REVERSE(z.re), REVERSE(z.im)};
}

/// Transform 16 columns: of planes, or of the pairs at `re` if `im` is null
static inline void
take(float* const z, const float* const re, const float* const im,
     const size_t stride, const uint32_t n, const float* const turns)
{
  const uint32_t quarter = n / 4U;
  const size_t   step    = (size_t)quarter * FAL_ELEMENT;

  for (uint32_t j = 0U; j < quarter; ++j) {
    for (int v = 0; v < V; ++v) {
      Four f;
      for (uint32_t i = 0U; i < 4U; ++i) {
        const size_t at = (j + i * quarter) * stride + (size_t)(v * L);
        f.x[i] =
          im ? (Part){load(re + at), load(im + at)} : load_pairs(re + 2U * at);
      }
      put_four(z + (size_t)j * FAL_ELEMENT, step, v,
               turn_four(forward_four(f), turns + 6U * (size_t)j));
    }
  }
  (void)forward_stages(z, n, quarter, turns + 6U * (size_t)quarter);
  last_stage(z, FAL_ELEMENT, z, n, last_length(quarter));
}

static void
take_pairs(float* const z, const float* const pairs, const size_t stride,
           const uint32_t n, const float* const turns)
{
  take(z, pairs, NULL, stride, n, turns);
}

static void
take_planes(float* const z, const float* const re, const float* const im,
            const size_t stride, const uint32_t n, const float* const turns)
{
  take(z, re, im, stride, n, turns);
}

static void
spread(float* const m, const size_t stride, const float* const z,
       const uint32_t n, const uint32_t* const places, const float* const fine,
       const float* const coarse)
{
  turn_over(m, stride, z, n, places, fine, coarse);
}

/// All stages of 16 rows but the last, a quarter after the other in the cache
static inline uint32_t
transform_rows(float* const z, const uint32_t n, const float* const turns)
{
  const uint32_t quarter = n / 4U;

  forward_stage(z, n, n, turns);
  for (uint32_t i = 0U; i < 4U; ++i) {
    (void)forward_stages(z + (size_t)(i * quarter) * FAL_ELEMENT, quarter,
                         quarter, turns + 6U * (size_t)quarter);
  }
  return last_length(quarter);
}

/// The elements of the last stage's butterfly at k
static inline Four
last_four(const float* const z, const uint32_t k, const uint32_t m, const int v)
{
  const float* const x = z + (size_t)k * FAL_ELEMENT;
  if (m == 4U) {
    return forward_four(get_four(x, FAL_ELEMENT, v));
  }
  const Part a = get(x, v);
  const Part b = get(x + FAL_ELEMENT, v);
  return (Four){{add(a, b), subtract(a, b)}};
}

static inline void
give_planes_of(float* const re, float* const im, const size_t stride,
               const float* const z, const uint32_t n,
               const uint32_t* const frequencies, const uint32_t m)
{
  for (uint32_t k = 0U; k < n; k += m) {
    for (int v = 0; v < V; ++v) {
      const Four f = last_four(z, k, m, v);
      for (uint32_t i = 0U; i < m; ++i) {
        const size_t at = frequencies[k + i] * stride + (size_t)(v * L);
        store(re + at, f.x[i].re);
        store(im + at, f.x[i].im);
      }
    }
  }
}

static void
give_planes(float* const re, float* const im, const size_t stride,
            float* const z, const uint32_t n, const uint32_t* const frequencies,
            const float* const turns)
{
  if (transform_rows(z, n, turns) == 4U) {
    give_planes_of(re, im, stride, z, n, frequencies, 4U);
  } else {
    give_planes_of(re, im, stride, z, n, frequencies, 2U);
  }
}

static inline void
give_pairs_of(float* const pairs, const size_t stride, const float* const z,
              const uint32_t n, const uint32_t* const frequencies,
              const uint32_t m)
{
  for (uint32_t k = 0U; k < n; k += m) {
    for (int v = 0; v < V; ++v) {
      const Four f = last_four(z, k, m, v);
      for (uint32_t i = 0U; i < m; ++i) {
        const size_t at = frequencies[k + i] * stride + (size_t)(v * L);
        store_pairs(pairs + 2U * at, (Part){f.x[i].im, f.x[i].re});
      }
    }
  }
}

static void
give_pairs(float* const pairs, const size_t stride, float* const z,
           const uint32_t n, const uint32_t* const frequencies,
           const float* const turns)
{
  if (transform_rows(z, n, turns) == 4U) {
    give_pairs_of(pairs, stride, z, n, frequencies, 4U);
  } else {
    give_pairs_of(pairs, stride, z, n, frequencies, 2U);
  }
}

/// exp(-pi i k / n) from k on
static inline Part
turn_at(const float* const fine, const float* const coarse, const uint32_t k)
{
  const uint32_t at = k - 1U;
  return multiply(get(fine, (int)(at % 16U) / L),
                  spread_out(coarse + at / 16U * 2U));
}

/*
  With E and O the spectra of the even and the odd samples, and X those of their
  pairs: X[k] = E[k] + i O[k], and E[k] = (X[k] + conj X[n - k]) / 2,
  O[k] = (X[k] - conj X[n - k]) / 2i; bin k is E[k] + exp(-pi i k / n) O[k], and
  bin n - k is the conjugate of E[k] - exp(-pi i k / n) O[k].
*/
static void
unfold(float* const bins, const float* const re, const float* const im,
       const uint32_t n, const float* const fine, const float* const coarse)
{
  bins[0]           = re[0] + im[0];
  bins[1]           = 0.0f;
  bins[2U * n]      = re[0] - im[0];
  bins[2U * n + 1U] = 0.0f;
  for (uint32_t k = 1U; k <= n / 2U; k += L) {
    const uint32_t to   = n - k - (L - 1U);
    const Part     x    = {load(re + k), load(im + k)};
    const Part     y    = reverse((Part){load(re + to), load(im + to)});
    const Part     even = {0.5f * (x.re + y.re), 0.5f * (x.im - y.im)};
    const Part     odd  = {0.5f * (x.im + y.im), 0.5f * (y.re - x.re)};
    const Part     o    = multiply(odd, turn_at(fine, coarse, k));
    store_pairs(bins + 2U * k, add(even, o));
    store_pairs(bins + 2U * to,
                reverse((Part){even.re - o.re, o.im - even.im}));
  }
}

static void
fold(float* const re, float* const im, const float* const bins,
     const uint32_t n, const float* const fine, const float* const coarse)
{
  const float* const last = bins + 2U * n;
  re[0]                   = bins[0] + last[0] - (bins[1] + last[1]);
  im[0]                   = bins[1] - last[1] + (bins[0] - last[0]);
  for (uint32_t k = 1U; k <= n / 2U; k += L) {
    const uint32_t to   = n - k - (L - 1U);
    const Part     x    = load_pairs(bins + 2U * k);
    const Part     y    = reverse(load_pairs(bins + 2U * to));
    const Part     even = {x.re + y.re, x.im - y.im};
    const Part     o    = {x.re - y.re, x.im + y.im};
    const Part     odd  = multiply_conj(o, turn_at(fine, coarse, k));
    const Part     z    = add_turned(even, odd);
    const Part     w    = subtract_turned(even, odd);
    const Part     back = reverse((Part){w.re, -w.im});
    store(re + k, z.re);
    store(im + k, z.im);
    store(re + to, back.re);
    store(im + to, back.im);
  }
}

extern const FalDftOps FAL_DFT_OPS;

const FalDftOps FAL_DFT_OPS = {
  .take_pairs  = take_pairs,
  .take_planes = take_planes,
  .spread      = spread,
  .give_planes = give_planes,
  .give_pairs  = give_pairs,
  .unfold      = unfold,
  .fold        = fold,
};
