// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Compiled once for each instruction set, with FAL_SIMD (the table's symbol),
  FAL_SIMD_NAME and FAL_LANES (floats in a vector register) set by the build.
*/

#include "core/attributes.h"
#include "core/shuffle.h"
#include "core/simd.h"
#include "core/vector.h"

#include <stddef.h>
#include <stdint.h>

/*
  Shuffles: each line names the lanes of the result, for 4, 8 and 16 lanes.
  DUP repeats each lane; RE and IM spread the parts of complex pairs, SWAP
  exchanges them.
*/
#if FAL_LANES == 4
#define DUP_LO(v) SHUFFLE(v, v, 0, 0, 1, 1)
#define DUP_HI(v) SHUFFLE(v, v, 2, 2, 3, 3)
#define RE(v) SHUFFLE(v, v, 0, 0, 2, 2)
#define IM(v) SHUFFLE(v, v, 1, 1, 3, 3)
#define SWAP(v) SHUFFLE(v, v, 1, 0, 3, 2)
static const Vec signs = {-1.0f, 1.0f, -1.0f, 1.0f};
#elif FAL_LANES == 8
#define DUP_LO(v) SHUFFLE(v, v, 0, 0, 1, 1, 2, 2, 3, 3)
#define DUP_HI(v) SHUFFLE(v, v, 4, 4, 5, 5, 6, 6, 7, 7)
#define RE(v) SHUFFLE(v, v, 0, 0, 2, 2, 4, 4, 6, 6)
#define IM(v) SHUFFLE(v, v, 1, 1, 3, 3, 5, 5, 7, 7)
#define SWAP(v) SHUFFLE(v, v, 1, 0, 3, 2, 5, 4, 7, 6)
static const Vec signs = {-1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f};
#else
// clang-format off
#  define DUP_LO(v) \
    SHUFFLE(v, v, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)
#  define DUP_HI(v) \
    SHUFFLE(v, v, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15)
#  define RE(v) \
    SHUFFLE(v, v, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14)
#  define IM(v) \
    SHUFFLE(v, v, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15)
#  define SWAP(v) \
    SHUFFLE(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
static const Vec signs = {-1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f,
                          -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f};
// clang-format on
#endif

/// Multiply interleaved complex numbers by conjugates
FAL_RT static inline Vec
multiply_conj(const Vec a, const Vec w)
{
  return a * RE(w) - SWAP(a) * (IM(w) * signs);
}

FAL_RT static void
twist(float* const restrict z, const float* const restrict x,
      const float* const restrict w, const uint32_t n)
{
  for (uint32_t t = 0U; t < n; t += L) {
    const Vec v = load(x + t);
    store(z + 2U * t, DUP_LO(v) * load(w + 2U * t));
    store(z + 2U * t + L, DUP_HI(v) * load(w + 2U * t + L));
  }
}

/// Overlap-add L complex numbers, after they are untwisted
FAL_RT static inline void
overlap_add(float* const y, float* const overlap, const Vec lo, const Vec hi)
{
  const Vec tail = load(overlap);
  store(y, EVEN(lo, hi) + tail);
  store(overlap, ODD(lo, hi));
}

FAL_RT static void
untwist(float* const restrict y, float* const restrict overlap,
        const float* const restrict z, const float* const restrict w,
        const uint32_t n)
{
  for (uint32_t t = 0U; t < n; t += L) {
    overlap_add(y + t, overlap + t,
                multiply_conj(load(z + 2U * t), load(w + 2U * t)),
                multiply_conj(load(z + 2U * t + L), load(w + 2U * t + L)));
  }
}

FAL_RT static void
split(float* restrict bins, const size_t stride, const float* restrict z,
      const uint32_t n_blocks)
{
  for (uint32_t b = 0U; b < n_blocks; ++b, z += 32, bins += stride) {
    for (int v = 0; v < V; ++v) {
      const Vec lo = load(z + 2 * v * L);
      const Vec hi = load(z + 2 * v * L + L);
      store(bins + v * L, EVEN(lo, hi));
      store(bins + 16 + v * L, ODD(lo, hi));
    }
  }
}

FAL_RT static void
join(float* restrict z, const float* restrict bins, const uint32_t n_blocks)
{
  for (uint32_t b = 0U; b < n_blocks; ++b, z += 32, bins += 32) {
    for (int v = 0; v < V; ++v) {
      const Vec re = load(bins + v * L);
      const Vec im = load(bins + 16 + v * L);
      store(z + 2 * v * L, ZIP_LO(re, im));
      store(z + 2 * v * L + L, ZIP_HI(re, im));
    }
  }
}

enum {
  WIDE = FAL_LANES < 16 ? 8 : 4, ///< Vectors of a group: enough sums to overlap
  NARROW = FAL_LANES < 8 ? 4 : 2 ///< For the last frames
};

_Static_assert(WIDE* L <= FAL_DIRECT_PAD, "a group reads as many zeros");

/// Compute the frames t … t + n_vectors * L - 1 in registers
FAL_RT static inline void
direct_group(float* const restrict y, const uint32_t n_y, const uint32_t t,
             const float* const restrict x, const uint32_t n_x,
             const float* const restrict h, const int      n_vectors)
{
  const uint32_t n_group = (uint32_t)(n_vectors * L);
  const uint32_t n_taps  = n_x < t + n_group ? n_x : t + n_group;

  Vec sums[WIDE];
  for (int v = 0; v < n_vectors; ++v) {
    sums[v] = splat(0.0f);
  }

  for (uint32_t j = 0U; j < n_taps; ++j) {
    const float* const taps = h + t - j;
    const Vec          gain = splat(x[j]);
    for (int v = 0; v < n_vectors; ++v) {
      sums[v] += gain * load(taps + v * L);
    }
  }

  float buffer[WIDE * L];
  for (int v = 0; v < n_vectors; ++v) {
    store(buffer + v * L, sums[v]);
  }
  const uint32_t n = n_y < n_group ? n_y : n_group;
  for (uint32_t i = 0U; i < n; ++i) {
    y[i] += buffer[i];
  }
}

FAL_RT static void
direct(float* const restrict y, const uint32_t from, const uint32_t n_y,
       const float* const restrict x, const uint32_t n_x,
       const float* const restrict h)
{
  uint32_t t = 0U;
  for (; t + NARROW * L < n_y; t += WIDE * L) {
    direct_group(y + t, n_y - t, from + t, x, n_x, h, WIDE);
  }
  for (; t < n_y; t += NARROW * L) {
    direct_group(y + t, n_y - t, from + t, x, n_x, h, NARROW);
  }
}

extern const FalSimd FAL_SIMD;

const FalSimd FAL_SIMD = {
  .name    = FAL_SIMD_NAME,
  .twist   = twist,
  .untwist = untwist,
  .split   = split,
  .join    = join,
  .direct  = direct,
};
