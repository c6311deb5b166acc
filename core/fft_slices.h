// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file fft_slices.h A transform in slices, for those who spread its work.

   The forward transform of a block is every chunk of columns, then every group
   of rows; the inverse is every group, then every chunk (grid.h). In between,
   the block is a matrix (`matrix`, 2 * size floats, aligned to 64). Blocks that
   are too small for a grid are one group, and there is nothing to slice.
*/

#ifndef FAL_CORE_FFT_SLICES_H
#define FAL_CORE_FFT_SLICES_H

#include "core/attributes.h"
#include "core/fft.h"
#include "core/grid.h"
#include "core/simd.h"

#include <fftw3.h>

#include <stddef.h>
#include <stdint.h>

struct FalFft {
  uint32_t       size;
  uint32_t       n_chunks; ///< 0 for a small block
  uint32_t       n_groups; ///< 1 for a small block
  uint32_t       n_blocks; ///< Blocks of bins in a group
  uint32_t       n_steps;  ///< In which a group is transformed
  const FalGrid* grid;     ///< Null for a small block, which has …
  const FalSimd* simd;
  fftwf_plan     forward; ///< Out of place
  fftwf_plan     inverse;
  float*         twists; ///< [size], complex: exp(i pi n / 2 size)
};

/// Floats that the `scratch` argument of a slice needs
static inline size_t
fal_fft_scratch_floats(const FalFft* const fft)
{
  return fft->grid ? fal_grid_scratch_floats(fft->grid)
                   : 4U * (size_t)fft->size;
}

/// Where a group starts in a matrix
FAL_RT static inline size_t
fal_fft_group_floats(const FalFft* const fft)
{
  return (size_t)fft->n_blocks * FAL_BLOCK_FLOATS;
}

/// Forward, first half: a chunk of the columns of x [size] into the scratch …
FAL_RT void fal_fft_forward_columns_take(const FalFft* fft, const float* x,
                                         uint32_t chunk, float* scratch);

/// … and on to the matrix
FAL_RT void fal_fft_forward_columns_put(const FalFft* fft, float* matrix,
                                        uint32_t chunk, const float* scratch);

/**
   Forward, second half: a group of the matrix to blocks of bins.

   @param matrix The group is destroyed. Small blocks: unused.
   @param x [size]: the block, which only small ones use.
   @param bins Block b of the group goes to bins + b * stride.
   @param step From 0 to n_steps - 1, one after the other.
*/
FAL_RT void fal_fft_forward_group(const FalFft* fft, float* bins, size_t stride,
                                  float* matrix, const float* x, uint32_t group,
                                  uint32_t step, float* scratch);

/// Inverse, first half: a group of the matrix, which holds bins, in place
FAL_RT void fal_fft_inverse_group(const FalFft* fft, float* matrix,
                                  uint32_t group, uint32_t step,
                                  float* scratch);

/// Inverse, second half: a chunk of columns into the scratch (small blocks:
/// nothing) …
FAL_RT void fal_fft_inverse_columns_take(const FalFft* fft, const float* matrix,
                                         uint32_t chunk, float* scratch);

/**
   … and from there, or from the matrix of a small block, to the output.

   @param y [size]: in this chunk's columns, the first half plus the overlap.
   @param overlap [size]: in this chunk's columns read, then overwritten with
   the second half.
   @param chunk 0 for a small block.
   @param scratch Destroyed.
*/
FAL_RT void fal_fft_inverse_columns_add(const FalFft* fft, float* y,
                                        float* overlap, const float* matrix,
                                        uint32_t chunk, float* scratch);

#endif // FAL_CORE_FFT_SLICES_H
