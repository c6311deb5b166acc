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

/// The loops for one instruction set; all of them may run in the audio thread
typedef struct {
  const char* name; ///< "sse2", "avx2", "avx512", "neon" or "plain"

  /// z[n] = x[n] * w[n]: n real times n complex; n a multiple of 16
  void (*twist)(float* z, const float* x, const float* w, uint32_t n);

  /**
     Overlap-add: with v = z[n] * conj(w[n]),
     y[n] = real(v) + overlap[n], then overlap[n] = imag(v).
  */
  void (*untwist)(float* y, float* overlap, const float* z, const float* w,
                  uint32_t n);

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
