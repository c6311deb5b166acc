// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Compiled once for each instruction set, with FAL_SIMD (the table's symbol),
  FAL_SIMD_NAME and FAL_LANES (floats in a vector register) set by the build.
*/

#include "core/attributes.h"
#include "core/simd.h"
#include "core/vector.h"

#include <stddef.h>
#include <stdint.h>

enum {
  L = FAL_LANES,
  R = 16 / FAL_LANES ///< Vectors in half a block
};

/*
  Shuffles: each line names the lanes of the result, for 4, 8 and 16 lanes.
  DUP repeats each lane; RE and IM spread the parts of complex pairs, SWAP
  exchanges them; EVEN and ODD take two vectors of pairs apart, ZIP joins them.
*/
#define SHUFFLE __builtin_shufflevector
#if FAL_LANES == 4
#define DUP_LO(v) SHUFFLE(v, v, 0, 0, 1, 1)
#define DUP_HI(v) SHUFFLE(v, v, 2, 2, 3, 3)
#define RE(v) SHUFFLE(v, v, 0, 0, 2, 2)
#define IM(v) SHUFFLE(v, v, 1, 1, 3, 3)
#define SWAP(v) SHUFFLE(v, v, 1, 0, 3, 2)
#define EVEN(a, b) SHUFFLE(a, b, 0, 2, 4, 6)
#define ODD(a, b) SHUFFLE(a, b, 1, 3, 5, 7)
#define ZIP_LO(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define ZIP_HI(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
static const Vec signs = {-1.0f, 1.0f, -1.0f, 1.0f};
#elif FAL_LANES == 8
#define DUP_LO(v) SHUFFLE(v, v, 0, 0, 1, 1, 2, 2, 3, 3)
#define DUP_HI(v) SHUFFLE(v, v, 4, 4, 5, 5, 6, 6, 7, 7)
#define RE(v) SHUFFLE(v, v, 0, 0, 2, 2, 4, 4, 6, 6)
#define IM(v) SHUFFLE(v, v, 1, 1, 3, 3, 5, 5, 7, 7)
#define SWAP(v) SHUFFLE(v, v, 1, 0, 3, 2, 5, 4, 7, 6)
#define EVEN(a, b) SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define ZIP_LO(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HI(a, b) SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
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
#  define EVEN(a, b) \
    SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#  define ODD(a, b) \
    SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#  define ZIP_LO(a, b) \
    SHUFFLE(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#  define ZIP_HI(a, b) \
    SHUFFLE(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
static const Vec signs = {-1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f,
                          -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 1.0f};
// clang-format on
#endif

/// Multiply interleaved complex numbers
FAL_RT static inline Vec
multiply(const Vec a, const Vec w)
{
  return a * RE(w) + SWAP(a) * (IM(w) * signs);
}

/// Multiply interleaved complex numbers by conjugates
FAL_RT static inline Vec
multiply_conj(const Vec a, const Vec w)
{
  return a * RE(w) - SWAP(a) * (IM(w) * signs);
}

/**
   Sums of a block for one output, in registers.

   Two sums for each part where there are registers for them: a fused
   multiply-add takes four cycles, and two can start in each.
*/
typedef struct {
  Vec re[R];
  Vec im[R];
  Vec re2[R];
  Vec im2[R];
} Sums;

FAL_RT static inline void
clear(Sums* const sums)
{
  for (int v = 0; v < R; ++v) {
    sums->re[v] = sums->im[v] = sums->re2[v] = sums->im2[v] = splat(0.0f);
  }
}

FAL_RT static inline void
add_products(Sums* const sums, const float* x, const float* h,
             const uint32_t n_partitions)
{
  for (uint32_t p = 0U; p < n_partitions; ++p, x += 32, h += 32) {
    for (int v = 0; v < R; ++v) {
      const Vec x_re = load(x + v * L);
      const Vec x_im = load(x + 16 + v * L);
      const Vec h_re = load(h + v * L);
      const Vec h_im = load(h + 16 + v * L);

      sums->re[v] += x_re * h_re;
      sums->im[v] += x_re * h_im;
#if FAL_LANES == 4
      sums->re[v] -= x_im * h_im;
      sums->im[v] += x_im * h_re;
#else
      sums->re2[v] -= x_im * h_im;
      sums->im2[v] += x_im * h_re;
#endif
    }
  }
}

FAL_RT static void
accumulate(float* const restrict y, const float* const restrict x,
           const float* const restrict h, const uint32_t n_partitions)
{
  Sums sums;
  clear(&sums);
  add_products(&sums, x, h, n_partitions);
  for (int v = 0; v < R; ++v) {
    store(y + v * L, load(y + v * L) + (sums.re[v] + sums.re2[v]));
    store(y + 16 + v * L, load(y + 16 + v * L) + (sums.im[v] + sums.im2[v]));
  }
}

/// A ring is two runs of slots: from the head on, and from the start
FAL_RT static inline uint32_t
first_run(const FalRow* const row, const uint32_t n_partitions)
{
  const uint32_t n = row->capacity - row->head;
  return n < n_partitions ? n : n_partitions;
}

/// Partitions of a block that are summed
FAL_RT static inline uint32_t
n_summed(const FalRow* const row, const uint32_t n_partitions)
{
  const uint32_t end =
    n_partitions < row->n_valid ? n_partitions : row->n_valid;
  return end > row->first ? end - row->first : 0U;
}

FAL_RT static const float*
accumulate_row(float* restrict y, const FalRow* const row,
               const FalTerm* const terms, const uint32_t n_terms,
               const float* restrict h)
{
  for (uint32_t b = row->from; b < row->to; ++b) {
    const size_t ring = 32U * (size_t)b * row->capacity;

    Sums sums;
    clear(&sums);
    for (uint32_t i = 0U; i < n_terms; ++i) {
      const uint32_t     n_all = terms[i].n_partitions[b];
      const uint32_t     n     = n_summed(row, n_all);
      const uint32_t     n1    = first_run(row, n);
      const float* const x     = terms[i].x + ring;
      const float* const taps  = h + 32U * (size_t)row->first;

      add_products(&sums, x + 32U * (size_t)row->head, taps, n1);
      add_products(&sums, x, taps + 32U * (size_t)n1, n - n1);
      h += 32U * (size_t)n_all;
    }

    float* const y_block = y + 32U * (size_t)b;
    for (int v = 0; v < R; ++v) {
      store(y_block + v * L, sums.re[v] + sums.re2[v]);
      store(y_block + 16 + v * L, sums.im[v] + sums.im2[v]);
    }
  }
  return h;
}

/// Sums of a block for two outputs: enough of them to overlap
typedef struct {
  Vec re0[R];
  Vec im0[R];
  Vec re1[R];
  Vec im1[R];
} Sums2;

FAL_RT static inline void
add_products2(Sums2* const sums, const float* x, const float* h,
              const uint32_t n_partitions)
{
  for (uint32_t p = 0U; p < n_partitions; ++p, x += 32, h += 64) {
    for (int v = 0; v < R; ++v) {
      const Vec x_re  = load(x + v * L);
      const Vec x_im  = load(x + 16 + v * L);
      const Vec h_re0 = load(h + v * L);
      const Vec h_im0 = load(h + 16 + v * L);
      const Vec h_re1 = load(h + 32 + v * L);
      const Vec h_im1 = load(h + 48 + v * L);

      sums->re0[v] += x_re * h_re0;
      sums->im0[v] += x_re * h_im0;
      sums->re1[v] += x_re * h_re1;
      sums->im1[v] += x_re * h_im1;
      sums->re0[v] -= x_im * h_im0;
      sums->im0[v] += x_im * h_re0;
      sums->re1[v] -= x_im * h_im1;
      sums->im1[v] += x_im * h_re1;
    }
  }
}

FAL_RT static const float*
accumulate_row2(float* restrict y0, float* restrict y1, const FalRow* const row,
                const FalTerm* const terms, const uint32_t n_terms,
                const float* restrict h)
{
  for (uint32_t b = row->from; b < row->to; ++b) {
    const size_t ring = 32U * (size_t)b * row->capacity;

    Sums2 sums;
    for (int v = 0; v < R; ++v) {
      sums.re0[v] = sums.im0[v] = sums.re1[v] = sums.im1[v] = splat(0.0f);
    }
    for (uint32_t i = 0U; i < n_terms; ++i) {
      const uint32_t     n_all = terms[i].n_partitions[b];
      const uint32_t     n     = n_summed(row, n_all);
      const uint32_t     n1    = first_run(row, n);
      const float* const x     = terms[i].x + ring;
      const float* const taps  = h + 64U * (size_t)row->first;

      add_products2(&sums, x + 32U * (size_t)row->head, taps, n1);
      add_products2(&sums, x, taps + 64U * (size_t)n1, n - n1);
      h += 64U * (size_t)n_all;
    }

    float* const block0 = y0 + 32U * (size_t)b;
    float* const block1 = y1 + 32U * (size_t)b;
    for (int v = 0; v < R; ++v) {
      store(block0 + v * L, sums.re0[v]);
      store(block0 + 16 + v * L, sums.im0[v]);
      store(block1 + v * L, sums.re1[v]);
      store(block1 + 16 + v * L, sums.im1[v]);
    }
  }
  return h;
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
twist_columns(float* restrict z, const float* restrict x, const size_t stride,
              const float* const restrict w, const uint32_t n_rows)
{
  for (uint32_t r = 0U; r < n_rows; ++r, x += stride, z += 32) {
    const Vec turn = splat(w[2U * r]), turn_im = splat(w[2U * r + 1U]);
    const Vec pair = ZIP_LO(turn, turn_im);
    for (int v = 0; v < R; ++v) {
      const Vec real = load(x + v * L);
      store(z + 2 * v * L, DUP_LO(real) * pair);
      store(z + 2 * v * L + L, DUP_HI(real) * pair);
    }
  }
}

FAL_RT static void
untwist_columns(float* restrict y, float* restrict overlap, const size_t stride,
                const float* restrict z, const float* const restrict w,
                const uint32_t n_rows)
{
  for (uint32_t r = 0U; r < n_rows; ++r) {
    const Vec turn_re = splat(w[2U * r]);
    const Vec turn_im = splat(w[2U * r + 1U]) * signs;
    for (int v = 0; v < R; ++v) {
      const Vec lo = load(z + 2 * v * L);
      const Vec hi = load(z + 2 * v * L + L);
      overlap_add(y + v * L, overlap + v * L, lo * turn_re - SWAP(lo) * turn_im,
                  hi * turn_re - SWAP(hi) * turn_im);
    }
    y += stride;
    overlap += stride;
    z += 32;
  }
}

FAL_RT static void
scatter(float* restrict m, const float* restrict z, const float* restrict w,
        const size_t stride, const uint32_t n_rows)
{
  for (uint32_t r = 0U; r < n_rows; ++r) {
    for (int v = 0; v < 2 * R; ++v) {
      store(m + v * L, multiply(load(z + v * L), load(w + v * L)));
    }
    m += 2U * stride;
    w += 2U * stride;
    z += 32;
  }
}

FAL_RT static void
gather(float* restrict z, const float* restrict m, const float* restrict w,
       const size_t stride, const uint32_t n_rows)
{
  for (uint32_t r = 0U; r < n_rows; ++r) {
    for (int v = 0; v < 2 * R; ++v) {
      store(z + v * L, multiply_conj(load(m + v * L), load(w + v * L)));
    }
    m += 2U * stride;
    w += 2U * stride;
    z += 32;
  }
}

FAL_RT static void
split(float* restrict bins, const size_t stride, const float* restrict z,
      const uint32_t n_blocks)
{
  for (uint32_t b = 0U; b < n_blocks; ++b, z += 32, bins += stride) {
    for (int v = 0; v < R; ++v) {
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
    for (int v = 0; v < R; ++v) {
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
  .name            = FAL_SIMD_NAME,
  .accumulate      = accumulate,
  .accumulate_row  = accumulate_row,
  .accumulate_row2 = accumulate_row2,
  .twist           = twist,
  .untwist         = untwist,
  .twist_columns   = twist_columns,
  .untwist_columns = untwist_columns,
  .scatter         = scatter,
  .gather          = gather,
  .split           = split,
  .join            = join,
  .direct          = direct,
};
