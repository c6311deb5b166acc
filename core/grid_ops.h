// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file grid_ops.h Sixteen complex transforms side by side: the hot loops.

   An element is 16 complex numbers, one of each transform: 16 real parts, then
   16 imaginary ones. So nothing is ever shuffled but where the grid of a long
   transform is turned. Radix 4, in place; forward transforms leave their
   frequencies in digit-reversed order, inverse ones take them so.

   One source (grid_ops.c) is compiled for each instruction set, as simd.h's is.
*/

#ifndef FAL_CORE_GRID_OPS_H
#define FAL_CORE_GRID_OPS_H

#include <stddef.h>
#include <stdint.h>

/// Floats in an element
#define FAL_ELEMENT 32U

/// The loops for one instruction set, which may run in the audio thread; `n` is
/// a power of 4, or twice one, >= 4
typedef struct {
  /**
     Transform 16 columns: x[r * stride + 0 … 15] * twist[r].

     @param z [n][32], overwritten.
     @param twist [n], complex.
     @param turns For each length m = n, n / 4, … above 4, for each j < m / 4:
     exp(-2 pi i j l / m) for l = 1, 2, 3; complex.
  */
  void (*forward_columns)(float* z, const float* x, size_t stride, uint32_t n,
                          const float* twist, const float* turns);

  /// The first stage of a forward transform of n elements: it leaves four
  /// transforms of n / 4 elements each, whose turns start at 6 * n / 4
  void (*forward_first)(float* z, uint32_t n, const float* turns);

  /// The last stage of an inverse transform, after those of its quarters
  void (*inverse_last)(float* z, uint32_t n, const float* turns);

  /**
     Transform n elements of z, in place but for the last stage.

     @param bins Element k goes to bins + k * stride.
  */
  void (*forward)(float* bins, size_t stride, float* z, uint32_t n,
                  const float* turns);

  /// Transform n elements back, in place; n times too large
  void (*inverse)(float* z, uint32_t n, const float* turns);

  /**
     Transform 16 columns back, turn them by conj(twist[r]), and overlap-add.

     y[r * stride + …] = real part + overlap[…]; overlap[…] = imaginary part.

     @param z [n][32], destroyed.
  */
  void (*inverse_columns)(float* y, float* overlap, size_t stride, float* z,
                          uint32_t n, const float* twist, const float* turns);

  /**
     Turn z [n][16] over to m [n / 16][16 columns][16 rows].

     Element k is multiplied by fine[k][32], lane by lane, and coarse[k].

     @param stride Floats from one group of 16 rows to the next.
  */
  void (*spread)(float* m, size_t stride, const float* z, uint32_t n,
                 const float* fine, const float* coarse);

  /// Turn m back to z, multiplied by the conjugates
  void (*collect)(float* z, const float* m, size_t stride, uint32_t n,
                  const float* fine, const float* coarse);
} FalGridOps;

/// The fastest loops for this processor
const FalGridOps* fal_grid_ops_get(void);

/// The loops numbered `i` that this processor can run, plain ones first; or
/// null
const FalGridOps* fal_grid_ops_variant(uint32_t i);

#endif // FAL_CORE_GRID_OPS_H
