// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file vector.h Vectors of FAL_LANES floats, for loops that are compiled once
   for each instruction set (sum_ops.c, simd_ops.c, grid_ops.c).
*/

#ifndef FAL_CORE_VECTOR_H
#define FAL_CORE_VECTOR_H

#include "core/attributes.h"

#include <string.h>

typedef float Vec
  __attribute__((vector_size(FAL_LANES * sizeof(float)), may_alias));

FAL_RT static inline Vec
load(const float* const p)
{
  Vec v;
  memcpy(&v, p, sizeof(v));
  return v;
}

FAL_RT static inline void
store(float* const p, const Vec v)
{
  memcpy(p, &v, sizeof(v));
}

FAL_RT static inline Vec
splat(const float x)
{
  return x - (Vec){0.0f};
}

enum {
  L = FAL_LANES,     ///< Lanes
  V = 16 / FAL_LANES ///< Vectors in half a block of 16 complex numbers
};

/// Vector v of a block: real parts and imaginary parts
typedef struct {
  Vec re;
  Vec im;
} Part;

FAL_RT static inline Part
get(const float* const block, const int v)
{
  return (Part){load(block + v * L), load(block + 16 + v * L)};
}

FAL_RT static inline void
put(float* const block, const int v, const Part z)
{
  store(block + v * L, z.re);
  store(block + 16 + v * L, z.im);
}

#endif // FAL_CORE_VECTOR_H
