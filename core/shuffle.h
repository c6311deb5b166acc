// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file shuffle.h Interleaved complex numbers in vectors, for loops that are
/// compiled once for each instruction set

#ifndef FAL_CORE_SHUFFLE_H
#define FAL_CORE_SHUFFLE_H

#include "core/vector.h"

/*
  Each line names the lanes of the result, for 4, 8 and 16 lanes. EVEN and ODD
  take two vectors of pairs apart, ZIP joins them; REVERSE begins at the end.
*/
#define SHUFFLE __builtin_shufflevector
#if FAL_LANES == 4
#define EVEN(a, b) SHUFFLE(a, b, 0, 2, 4, 6)
#define ODD(a, b) SHUFFLE(a, b, 1, 3, 5, 7)
#define ZIP_LO(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define ZIP_HI(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define REVERSE(v) SHUFFLE(v, v, 3, 2, 1, 0)
#elif FAL_LANES == 8
#define EVEN(a, b) SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define ZIP_LO(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HI(a, b) SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define REVERSE(v) SHUFFLE(v, v, 7, 6, 5, 4, 3, 2, 1, 0)
#else
// clang-format off
#  define EVEN(a, b) \
    SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#  define ODD(a, b) \
    SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#  define ZIP_LO(a, b) \
    SHUFFLE(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#  define ZIP_HI(a, b) \
    SHUFFLE(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#  define REVERSE(v) \
    SHUFFLE(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
// clang-format on
#endif

/// Load L complex numbers
static inline Part
load_pairs(const float* const pairs)
{
  const Vec lo = load(pairs);
  const Vec hi = load(pairs + L);
  return (Part){EVEN(lo, hi), ODD(lo, hi)};
}

/// Store L complex numbers
static inline void
store_pairs(float* const pairs, const Part z)
{
  store(pairs, ZIP_LO(z.re, z.im));
  store(pairs + L, ZIP_HI(z.re, z.im));
}

#endif // FAL_CORE_SHUFFLE_H
