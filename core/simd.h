// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file simd.h The hot loops, compiled for several processors.

   One source (simd_ops.c) is compiled once for each instruction set; the
   fastest that this processor has is chosen at setup. Spectra are in blocks of
   16 bins, 16 real parts and then 16 imaginary parts (fft.h). "Complex" arrays
   are interleaved. Spectra and complex arrays are aligned to 64 bytes.
*/

#ifndef FAL_CORE_SIMD_H
#define FAL_CORE_SIMD_H

#include "core/attributes.h"

#include <stddef.h>
#include <stdint.h>

/// Zeros that `direct` reads before and after a response
#define FAL_DIRECT_PAD 64U

/**
   One input's part in a row of sums: its past spectra, in rings.

   Slot (head + p) mod capacity of each ring holds the block of the row that
   is p windows old.
*/
typedef struct {
  const float*    x;            ///< [n_blocks][capacity][32]
  const uint32_t* n_partitions; ///< [n_blocks]: how many count, per block
} FalTerm;

/// Where the rings of a row stand
typedef struct {
  uint32_t n_blocks; ///< Blocks in the row
  uint32_t from;     ///< First block to sum
  uint32_t to;       ///< Block to stop before
  uint32_t capacity; ///< Slots in each ring
  uint32_t head;     ///< The newest slot
  uint32_t n_valid;  ///< Partitions that meet something
  uint32_t first; ///< Partitions to leave out; partition `first` meets `head`
} FalRow;

/// The loops for one instruction set; all of them may run in the audio thread
typedef struct {
  const char* name; ///< "sse2", "avx2", "avx512", "neon" or "plain"

  /// One block: y[32] += sum over p of x[p][32] * h[p][32], complex
  void (*accumulate)(float* y, const float* x, const float* h,
                     uint32_t n_partitions);

  /**
     A row of one output: y[b] = sum over terms and partitions of x * h.

     @param y [n_blocks][32], overwritten from block `from` to before `to`.
     @param h From block `from` on: [blocks][n_terms][n_partitions][32].
     @return Where block `to` starts in `h`.
  */
  const float* (*accumulate_row)(float* y, const FalRow* row,
                                 const FalTerm* terms, uint32_t n_terms,
                                 const float* h);

  /// Two outputs from the same inputs: as above, h [...][2][32]
  const float* (*accumulate_row2)(float* y0, float* y1, const FalRow* row,
                                  const FalTerm* terms, uint32_t n_terms,
                                  const float* h);

  /// z[n] = x[n] * w[n]: n real times n complex; n a multiple of 16
  void (*twist)(float* z, const float* x, const float* w, uint32_t n);

  /**
     Overlap-add: with v = z[n] * conj(w[n]),
     y[n] = real(v) + overlap[n], then overlap[n] = imag(v).
  */
  void (*untwist)(float* y, float* overlap, const float* z, const float* w,
                  uint32_t n);

  /// Columns: z[r][16] = x[r * stride + 0 … 15] * w[r], for all rows
  void (*twist_columns)(float* z, const float* x, size_t stride, const float* w,
                        uint32_t n_rows);

  /// Columns: as untwist, at y[r * stride + 0 … 15] with w[r], for all rows
  void (*untwist_columns)(float* y, float* overlap, size_t stride,
                          const float* z, const float* w, uint32_t n_rows);

  /// Twiddles: m[r * stride …][16] = z[r][16] * w[r * stride …], complex
  void (*scatter)(float* m, const float* z, const float* w, size_t stride,
                  uint32_t n_rows);

  /// Conjugate twiddles: z[r][16] = m[r * stride …] * conj(w[r * stride …])
  void (*gather)(float* z, const float* m, const float* w, size_t stride,
                 uint32_t n_rows);

  /// Complex to blocks: block b of 16 bins goes to bins + b * stride floats
  void (*split)(float* bins, size_t stride, const float* z, uint32_t n_blocks);

  /// Blocks (one after the other) to complex
  void (*join)(float* z, const float* bins, uint32_t n_blocks);

  /**
     y[t - from] += sum over 0 <= j < n_x of x[j] h[t - j],
     for from <= t < from + n_y.

     h[k] is zero for k < 0; #FAL_DIRECT_PAD zeros stand there in memory, and as
     many readable floats after h[from + n_y - 1].
  */
  void (*direct)(float* y, uint32_t from, uint32_t n_y, const float* x,
                 uint32_t n_x, const float* h);
} FalSimd;

/// The fastest loops for this processor
const FalSimd* fal_simd_get(void);

/// The loops numbered `i` that this processor can run, plain ones first; or
/// null
const FalSimd* fal_simd_variant(uint32_t i);

#endif // FAL_CORE_SIMD_H
