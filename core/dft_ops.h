// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file dft_ops.h The hot loops of real transforms in natural order.

   Elements and turns are those of grid_ops.h, and so is the way of building:
   one source (dft_ops.c) is compiled for each instruction set. "Pairs" are
   interleaved complex numbers; "planes" are their real and imaginary parts
   apart.
*/

#ifndef FAL_CORE_DFT_OPS_H
#define FAL_CORE_DFT_OPS_H

#include <stddef.h>
#include <stdint.h>

/// The loops for one instruction set; `n` is a power of 4, or two or three
/// times one, >= 16
typedef struct {
  /**
     Transform 16 columns of pairs, of n rows each.

     @param z [n][32], overwritten: frequencies in digit-reversed order.
     @param stride Complex numbers from row to row.
  */
  void (*take_pairs)(float* z, const float* pairs, size_t stride, uint32_t n,
                     const float* turns);

  /// The same of planes
  void (*take_planes)(float* z, const float* re, const float* im, size_t stride,
                      uint32_t n, const float* turns);

  /// Turn a chunk of columns over: turn_over() in stages.h
  void (*spread)(float* m, size_t stride, const float* z, uint32_t n,
                 const uint32_t* places, const float* fine,
                 const float* coarse);

  /**
     Transform 16 rows of n columns to planes.

     @param stride Numbers from one frequency of these rows to the next.
     @param z [n][32], destroyed.
     @param frequencies [n]: which one each place of z comes to hold.
  */
  void (*give_planes)(float* re, float* im, size_t stride, float* z, uint32_t n,
                      const uint32_t* frequencies, const float* turns);

  /// The same to pairs, with real and imaginary parts exchanged
  void (*give_pairs)(float* pairs, size_t stride, float* z, uint32_t n,
                     const uint32_t* frequencies, const float* turns);

  /**
     Make the n + 1 bins of 2n real samples from the transform of n pairs.

     @param n A multiple of 32.
     @param fine [32], coarse [n / 32] complex: their products are
     exp(-pi i k / n) from k = 1 on.
  */
  void (*unfold)(float* bins, const float* re, const float* im, uint32_t n,
                 const float* fine, const float* coarse);

  /// The way back: twice the transform of n pairs
  void (*fold)(float* re, float* im, const float* bins, uint32_t n,
               const float* fine, const float* coarse);
} FalDftOps;

/// The fastest loops for this processor
const FalDftOps* fal_dft_ops_get(void);

/// The loops numbered `i` that this processor can run, plain ones first; or
/// null
const FalDftOps* fal_dft_ops_variant(uint32_t i);

#endif // FAL_CORE_DFT_OPS_H
