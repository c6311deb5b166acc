// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Compiled once for each instruction set, with FAL_GRID_OPS (the table's symbol)
  and FAL_LANES (floats in a vector register) set by the build.
*/

#include "core/grid_ops.h"

#include "core/butterfly.h"
#include "core/stages.h"
#include "core/transpose.h"
#include "core/vector.h"

#include <stddef.h>
#include <stdint.h>

static inline void
inverse_stage(float* const z, const uint32_t n, const uint32_t m,
              const float* const turns)
{
  const size_t step = (size_t)(m / 4U) * FAL_ELEMENT;

  for (float* b = z; b < z + (size_t)n * FAL_ELEMENT; b += 4U * step) {
    for (int v = 0; v < V; ++v) {
      put_four(b, step, v, inverse_four(get_four(b, step, v)));
    }
    for (uint32_t j = 1U; j < m / 4U; ++j) {
      float* const x = b + (size_t)j * FAL_ELEMENT;
      for (int v = 0; v < V; ++v) {
        put_four(
          x, step, v,
          inverse_four(turn_four_back(get_four(x, step, v), turns + 6U * j)));
      }
    }
  }
}

static void
forward_first(float* const z, const uint32_t n, const float* const turns)
{
  forward_stage(z, n, n, turns);
}

static void
inverse_last(float* const z, const uint32_t n, const float* const turns)
{
  inverse_stage(z, n, n, turns);
}

static void
forward(float* const bins, const size_t stride, float* const z,
        const uint32_t n, const float* const turns)
{
  (void)forward_stages(z, n, n, turns);
  last_stage(bins, stride, z, n, last_length(n));
}

static void
forward_columns(float* const z, const float* const x, const size_t stride,
                const uint32_t n, const float* const twist,
                const float* const turns)
{
  const uint32_t quarter = n / 4U;
  const size_t   step    = (size_t)quarter * FAL_ELEMENT;

  for (uint32_t j = 0U; j < quarter; ++j) {
    for (int v = 0; v < V; ++v) {
      Four f;
      for (uint32_t i = 0U; i < 4U; ++i) {
        const uint32_t r    = j + i * quarter;
        const Vec      real = load(x + r * stride + v * L);
        const Part     turn = spread_out(twist + 2U * (size_t)r);
        f.x[i]              = (Part){real * turn.re, real * turn.im};
      }
      put_four(z + (size_t)j * FAL_ELEMENT, step, v,
               turn_four(forward_four(f), turns + 6U * (size_t)j));
    }
  }
  (void)forward_stages(z, n, quarter, turns + 6U * (size_t)quarter);
  last_stage(z, FAL_ELEMENT, z, n, last_length(quarter));
}

/// All stages back, from the shortest to the one of length m
static inline void
inverse_stages(float* const z, const uint32_t n, const uint32_t m,
               const float* turns)
{
  uint32_t length = last_length(m);
  if (length == 2U) {
    for (float* b = z; b < z + (size_t)n * FAL_ELEMENT; b += 2U * FAL_ELEMENT) {
      for (int v = 0; v < V; ++v) {
        const Part a = get(b, v);
        const Part c = get(b + FAL_ELEMENT, v);
        put(b, v, add(a, c));
        put(b + FAL_ELEMENT, v, subtract(a, c));
      }
    }
    length = 8U;
  }

  // The turns of the shortest stage stand last
  for (uint32_t k = m; k > 4U; k /= 4U) {
    turns += 6U * (k / 4U);
  }
  for (; length <= m; length *= 4U) {
    turns -= length > 4U ? 6U * (length / 4U) : 0U;
    inverse_stage(z, n, length, turns);
  }
}

static void
inverse(float* const z, const uint32_t n, const float* const turns)
{
  inverse_stages(z, n, n, turns);
}

static void
inverse_columns(float* const y, float* const overlap, const size_t stride,
                float* const z, const uint32_t n, const float* const twist,
                const float* const turns)
{
  const uint32_t quarter = n / 4U;
  const size_t   step    = (size_t)quarter * FAL_ELEMENT;

  inverse_stages(z, n, quarter, turns + 6U * (size_t)quarter);
  for (uint32_t j = 0U; j < quarter; ++j) {
    for (int v = 0; v < V; ++v) {
      const Four f = inverse_four(
        turn_four_back(get_four(z + (size_t)j * FAL_ELEMENT, step, v),
                       turns + 6U * (size_t)j));
      for (uint32_t i = 0U; i < 4U; ++i) {
        const uint32_t r     = j + i * quarter;
        const size_t   place = r * stride + (size_t)(v * L);
        const Part     turned =
          multiply_conj(f.x[i], spread_out(twist + 2U * (size_t)r));
        store(y + place, turned.re + load(overlap + place));
        store(overlap + place, turned.im);
      }
    }
  }
}

static void
spread(float* const m, const size_t stride, const float* const z,
       const uint32_t n, const float* const fine, const float* const coarse)
{
  turn_over(m, stride, z, n, NULL, fine, coarse);
}

static void
collect(float* z, const float* m, const size_t stride, const uint32_t n,
        const float* fine, const float* coarse)
{
  for (uint32_t g = 0U; g < n / 16U; ++g) {
    for (int row = 0; row < 16; row += L) {
      for (int v = 0; v < V; ++v) {
        Vec re[L];
        Vec im[L];
        for (int i = 0; i < L; ++i) {
          const float* const from = m + (size_t)(v * L + i) * FAL_ELEMENT + row;
          re[i]                   = load(from);
          im[i]                   = load(from + 16);
        }
        transpose(re);
        transpose(im);
        for (int i = 0; i < L; ++i) {
          const size_t at   = (size_t)(row + i) * FAL_ELEMENT;
          const Part   turn = multiply(
              get(fine + at, v), spread_out(coarse + 2U * (size_t)(row + i)));
          put(z + at, v, multiply_conj((Part){re[i], im[i]}, turn));
        }
      }
    }
    m += stride;
    z += 16U * FAL_ELEMENT;
    fine += 16U * FAL_ELEMENT;
    coarse += 32U;
  }
}

extern const FalGridOps FAL_GRID_OPS;

const FalGridOps FAL_GRID_OPS = {
  .forward_columns = forward_columns,
  .forward_first   = forward_first,
  .inverse_last    = inverse_last,
  .forward         = forward,
  .inverse         = inverse,
  .inverse_columns = inverse_columns,
  .spread          = spread,
  .collect         = collect,
};
