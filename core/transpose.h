// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file transpose.h Square tiles of floats, for loops that are compiled once
/// for each instruction set

#ifndef FAL_CORE_TRANSPOSE_H
#define FAL_CORE_TRANSPOSE_H

#include "core/shuffle.h"
#include "core/vector.h"

/*
  Shuffles within each 128 bits (a, b of four floats each), and exchanges of
  128 or 256 bits between two vectors.
*/
#if FAL_LANES == 4
#define QUAD_LO(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define QUAD_HI(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define PAIR_LO(a, b) SHUFFLE(a, b, 0, 1, 4, 5)
#define PAIR_HI(a, b) SHUFFLE(a, b, 2, 3, 6, 7)
#elif FAL_LANES == 8
#define QUAD_LO(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define QUAD_HI(a, b) SHUFFLE(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define PAIR_LO(a, b) SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define PAIR_HI(a, b) SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define NEAR_LO(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define NEAR_HI(a, b) SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#else
// clang-format off
#  define QUAD_LO(a, b) \
    SHUFFLE(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#  define QUAD_HI(a, b) \
    SHUFFLE(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#  define PAIR_LO(a, b) \
    SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#  define PAIR_HI(a, b) \
    SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#  define NEAR_LO(a, b) \
    SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#  define NEAR_HI(a, b) \
    SHUFFLE(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#  define FAR_LO(a, b) \
    SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#  define FAR_HI(a, b) \
    SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
// clang-format on
#endif

/// Transpose a tile of L vectors, from the largest pieces to the smallest
static inline void
transpose(Vec* const t)
{
#if FAL_LANES == 16
  for (int i = 0; i < 8; ++i) {
    const Vec a = t[i];
    t[i]        = FAR_LO(a, t[i + 8]);
    t[i + 8]    = FAR_HI(a, t[i + 8]);
  }
#endif
#if FAL_LANES >= 8
  for (int h = 0; h < L; h += 8) {
    for (int i = h; i < h + 4; ++i) {
      const Vec a = t[i];
      t[i]        = NEAR_LO(a, t[i + 4]);
      t[i + 4]    = NEAR_HI(a, t[i + 4]);
    }
  }
#endif
  for (int i = 0; i < L; i += 4) {
    const Vec a = QUAD_LO(t[i], t[i + 1]);
    const Vec b = QUAD_HI(t[i], t[i + 1]);
    const Vec c = QUAD_LO(t[i + 2], t[i + 3]);
    const Vec d = QUAD_HI(t[i + 2], t[i + 3]);
    t[i]        = PAIR_LO(a, c);
    t[i + 1]    = PAIR_HI(a, c);
    t[i + 2]    = PAIR_LO(b, d);
    t[i + 3]    = PAIR_HI(b, d);
  }
}

#endif // FAL_CORE_TRANSPOSE_H
