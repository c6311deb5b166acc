// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file stages.h The stages of 16 forward transforms side by side, and how a
   grid is turned over, for loops that are compiled once for each instruction
   set.

   Elements and turns are those of grid_ops.h.
*/

#ifndef FAL_CORE_STAGES_H
#define FAL_CORE_STAGES_H

#include "core/butterfly.h"
#include "core/grid_ops.h"
#include "core/transpose.h"
#include "core/vector.h"

#include <stddef.h>
#include <stdint.h>

/// The forward stage of length m in all n / m blocks; turns for 0 < j < m / 4
static inline void
forward_stage(float* const z, const uint32_t n, const uint32_t m,
              const float* const turns)
{
  const size_t step = (size_t)(m / 4U) * FAL_ELEMENT;

  for (float* b = z; b < z + (size_t)n * FAL_ELEMENT; b += 4U * step) {
    for (int v = 0; v < V; ++v) {
      put_four(b, step, v, forward_four(get_four(b, step, v)));
    }
    for (uint32_t j = 1U; j < m / 4U; ++j) {
      float* const x = b + (size_t)j * FAL_ELEMENT;
      for (int v = 0; v < V; ++v) {
        put_four(x, step, v,
                 turn_four(forward_four(get_four(x, step, v)), turns + 6U * j));
      }
    }
  }
}

/// The stages between the first and the last, which stand apart
static inline const float*
forward_stages(float* const z, const uint32_t n, uint32_t m, const float* turns)
{
  for (; m > 4U; m /= 4U) {
    forward_stage(z, n, m, turns);
    turns += 6U * (m / 4U);
  }
  return turns;
}

/// Transform three elements
static inline void
last_three(float* const bins, const size_t stride, const float* const z)
{
  static const float sine = 0.866025404f; // Of a third of a turn
  for (int v = 0; v < V; ++v) {
    const Part a    = get(z, v);
    const Part b    = get(z + FAL_ELEMENT, v);
    const Part c    = get(z + 2U * FAL_ELEMENT, v);
    const Part sum  = add(b, c);
    const Part odd  = subtract(b, c);
    const Part even = {a.re - 0.5f * sum.re, a.im - 0.5f * sum.im};
    const Part turn = {sine * odd.re, sine * odd.im};
    put(bins, v, add(a, sum));
    put(bins + stride, v, subtract_turned(even, turn));
    put(bins + 2U * stride, v, add_turned(even, turn));
  }
}

/// The last stage: of length 4, or of length 2 or 3 if that is what is left
static inline void
last_stage(float* const bins, const size_t stride, const float* const z,
           const uint32_t n, const uint32_t m)
{
  if (m == 4U) {
    for (uint32_t k = 0U; k < n; k += 4U) {
      for (int v = 0; v < V; ++v) {
        put_four(
          bins + k * stride, stride, v,
          forward_four(get_four(z + (size_t)k * FAL_ELEMENT, FAL_ELEMENT, v)));
      }
    }
    return;
  }
  if (m == 3U) {
    for (uint32_t k = 0U; k < n; k += 3U) {
      last_three(bins + k * stride, stride, z + (size_t)k * FAL_ELEMENT);
    }
    return;
  }
  for (uint32_t k = 0U; k < n; k += 2U) {
    for (int v = 0; v < V; ++v) {
      const Part a = get(z + (size_t)k * FAL_ELEMENT, v);
      const Part b = get(z + (size_t)(k + 1U) * FAL_ELEMENT, v);
      put(bins + k * stride, v, add(a, b));
      put(bins + (k + 1U) * stride, v, subtract(a, b));
    }
  }
}

/// What remains of a length after all stages of radix 4 but the last
static inline uint32_t
last_length(uint32_t n)
{
  while (n > 4U) {
    n /= 4U;
  }
  return n;
}

/**
   Turn z [n][16] over to m [n / 16][16 columns][16 rows].

   @param stride Floats from one group of 16 rows to the next.
   @param places [n], where each row stands in z; null: in order.
   @param fine,coarse Each row is multiplied by fine[row][32], lane by lane, and
   by coarse[row].
*/
static inline void
turn_over(float* m, const size_t stride, const float* const z, const uint32_t n,
          const uint32_t* const places, const float* fine, const float* coarse)
{
  for (uint32_t g = 0U; g < n / 16U; ++g) {
    for (int row = 0; row < 16; row += L) {
      for (int v = 0; v < V; ++v) {
        Vec re[L];
        Vec im[L];
        for (int i = 0; i < L; ++i) {
          const uint32_t r     = g * 16U + (uint32_t)(row + i);
          const size_t   at    = (size_t)(row + i) * FAL_ELEMENT;
          const size_t   place = (size_t)(places ? places[r] : r) * FAL_ELEMENT;
          const Part     turn  = multiply(
                 get(fine + at, v), spread_out(coarse + 2U * (size_t)(row + i)));
          const Part x = multiply(get(z + place, v), turn);
          re[i]        = x.re;
          im[i]        = x.im;
        }
        transpose(re);
        transpose(im);
        for (int i = 0; i < L; ++i) {
          float* const to = m + (size_t)(v * L + i) * FAL_ELEMENT + row;
          store(to, re[i]);
          store(to + 16, im[i]);
        }
      }
    }
    m += stride;
    fine += 16U * FAL_ELEMENT;
    coarse += 32U;
  }
}

#endif // FAL_CORE_STAGES_H
