// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_ops.h The hot loops of delay estimation.

   One source (delay_ops.c) is compiled for each instruction set, as simd.h's
   is. Complex numbers are interleaved; nothing has to be aligned.
*/

#ifndef FAL_CORE_DELAY_OPS_H
#define FAL_CORE_DELAY_OPS_H

#include <stddef.h>
#include <stdint.h>

/// The loops for one instruction set; `n` is any number
typedef struct {
  /// g = conj(a) b, n complex numbers; g may be a or b
  void (*cross)(float* g, const float* a, const float* b, size_t n);

  /// Divide n complex numbers by their moduli to the power of `quarters` / 4,
  /// which is 2, 3 or 4
  void (*whiten)(float* g, size_t n, uint32_t quarters);

  /// Return the sum of |x[t]|, t < n, and set the highest of them
  float (*survey)(const float* x, size_t n, float* highest);

  /// Return the sum of x[t]^2, t < n
  float (*energy)(const float* x, size_t n);

  /// x[t] *= 0.5 - (c cosine[t] + s sine[t]), t < n
  void (*taper)(float* x, const float* cosine, const float* sine, size_t n,
                float c, float s);

  /**
     Add n bins of two spectra to their cross-spectrum and their auto-spectra.

     @param g += conj(a[k]) b[k] exp(i (start + k step)).
     @param aa,bb += |a[k]|^2, |b[k]|^2.
  */
  void (*accumulate)(float* g, double* aa, double* bb, const float* a,
                     const float* b, size_t n, double start, double step);

  /**
     Differentiate the correlation of n bins of a cross-spectrum twice.

     @param slopes,bends [n][2], each number twice: what a bin counts for.
     @param sums The sums over k of slopes[k] times the imaginary part, and of
     bends[k] times the real part, of g[k] exp(i (start + k step)).
  */
  void (*differentiate)(double sums[2], const float* g, const double* slopes,
                        const double* bends, size_t n, double start,
                        double step);
} FalDelayOps;

/// The fastest loops for this processor
const FalDelayOps* fal_delay_ops_get(void);

/// The loops numbered `i` that this processor can run, plain ones first; or
/// null
const FalDelayOps* fal_delay_ops_variant(uint32_t i);

#endif // FAL_CORE_DELAY_OPS_H
