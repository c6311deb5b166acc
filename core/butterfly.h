// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file butterfly.h Complex arithmetic on vectors, and transforms of four
/// points, for loops that are compiled once for each instruction set

#ifndef FAL_CORE_BUTTERFLY_H
#define FAL_CORE_BUTTERFLY_H

#include "core/vector.h"

#include <stddef.h>

static inline Part
add(const Part a, const Part b)
{
  return (Part){a.re + b.re, a.im + b.im};
}

static inline Part
subtract(const Part a, const Part b)
{
  return (Part){a.re - b.re, a.im - b.im};
}

/// a + i b
static inline Part
add_turned(const Part a, const Part b)
{
  return (Part){a.re - b.im, a.im + b.re};
}

/// a - i b
static inline Part
subtract_turned(const Part a, const Part b)
{
  return (Part){a.re + b.im, a.im - b.re};
}

static inline Part
multiply(const Part a, const Part w)
{
  return (Part){a.re * w.re - a.im * w.im, a.re * w.im + a.im * w.re};
}

static inline Part
multiply_conj(const Part a, const Part w)
{
  return (Part){a.re * w.re + a.im * w.im, a.im * w.re - a.re * w.im};
}

/// One complex number in all lanes
static inline Part
spread_out(const float* const w)
{
  return (Part){splat(w[0]), splat(w[1])};
}

/// Four elements of a butterfly
typedef struct {
  Part x[4];
} Four;

static inline Four
get_four(const float* const z, const size_t step, const int v)
{
  return (Four){{get(z, v), get(z + step, v), get(z + 2U * step, v),
                 get(z + 3U * step, v)}};
}

static inline void
put_four(float* const z, const size_t step, const int v, const Four f)
{
  put(z, v, f.x[0]);
  put(z + step, v, f.x[1]);
  put(z + 2U * step, v, f.x[2]);
  put(z + 3U * step, v, f.x[3]);
}

static inline Four
forward_four(const Four f)
{
  const Part even = add(f.x[0], f.x[2]);
  const Part odd  = subtract(f.x[0], f.x[2]);
  const Part sum  = add(f.x[1], f.x[3]);
  const Part turn = subtract(f.x[1], f.x[3]);
  return (Four){{add(even, sum), subtract_turned(odd, turn),
                 subtract(even, sum), add_turned(odd, turn)}};
}

static inline Four
inverse_four(const Four f)
{
  const Part even = add(f.x[0], f.x[2]);
  const Part odd  = subtract(f.x[0], f.x[2]);
  const Part sum  = add(f.x[1], f.x[3]);
  const Part turn = subtract(f.x[1], f.x[3]);
  return (Four){{add(even, sum), add_turned(odd, turn), subtract(even, sum),
                 subtract_turned(odd, turn)}};
}

static inline Four
turn_four(const Four f, const float* const w)
{
  return (Four){{f.x[0], multiply(f.x[1], spread_out(w)),
                 multiply(f.x[2], spread_out(w + 2)),
                 multiply(f.x[3], spread_out(w + 4))}};
}

static inline Four
turn_four_back(const Four f, const float* const w)
{
  return (Four){{f.x[0], multiply_conj(f.x[1], spread_out(w)),
                 multiply_conj(f.x[2], spread_out(w + 2)),
                 multiply_conj(f.x[3], spread_out(w + 4))}};
}

#endif // FAL_CORE_BUTTERFLY_H
