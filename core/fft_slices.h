// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file fft_slices.h A transform in slices, for those who spread its work.

   The forward transform of a block is every chunk of columns, then every row;
   the inverse is every row, then every chunk of columns. In between, the block
   is a complex matrix [n_rows][n_columns] (`matrix`, 2 * size floats, aligned
   to 64). With one row there is nothing to slice: a row is the whole.
*/

#ifndef FAL_CORE_FFT_SLICES_H
#define FAL_CORE_FFT_SLICES_H

#include "core/attributes.h"
#include "core/fft.h"
#include "core/simd.h"

#include <fftw3.h>

#include <stddef.h>
#include <stdint.h>

/// Columns in a chunk
#define FAL_CHUNK_COLUMNS 16U

struct FalFft {
  const FalSimd* simd;
  uint32_t       size;
  uint32_t       n_rows;
  uint32_t       n_columns;
  fftwf_plan     columns_forward; ///< [n_rows][16] in place; null for one row
  fftwf_plan     columns_inverse;
  fftwf_plan     row_forward; ///< [n_columns], out of place
  fftwf_plan     row_inverse;
  float*         twists; ///< [n_rows], complex: exp(i pi r / 2 n_rows)
  float* twiddles;       ///< [n_rows][n_columns], complex, with the twist of q
};

/// Chunks of columns; 0 if there is one row
FAL_RT static inline uint32_t
fal_fft_n_chunks(const FalFft* const fft)
{
  return fft->n_rows > 1U ? fft->n_columns / FAL_CHUNK_COLUMNS : 0U;
}

/// Floats that the `scratch` argument of a slice needs
static inline size_t
fal_fft_scratch_floats(const FalFft* const fft)
{
  const size_t row   = 4U * (size_t)fft->n_columns;
  const size_t chunk = 2U * (size_t)fft->n_rows * FAL_CHUNK_COLUMNS;
  return row > chunk ? row : chunk;
}

/// Forward, first half: a chunk of the columns of x [size] to the matrix
FAL_RT void fal_fft_forward_columns(const FalFft* fft, float* matrix,
                                    const float* x, uint32_t chunk,
                                    float* scratch);

/// The same in two steps: transform into the scratch …
FAL_RT void fal_fft_forward_columns_take(const FalFft* fft, const float* x,
                                         uint32_t chunk, float* scratch);

/// … and write to the matrix, with twiddles
FAL_RT void fal_fft_forward_columns_put(const FalFft* fft, float* matrix,
                                        uint32_t chunk, const float* scratch);

/**
   Forward, second half: a row of the matrix to blocks of bins.

   @param matrix With one row: unused, `x` is transformed.
   @param x [size], used with one row only.
   @param bins Block b of the row goes to bins + b * stride.
*/
FAL_RT void fal_fft_forward_row(const FalFft* fft, float* bins, size_t stride,
                                const float* matrix, const float* x,
                                uint32_t row, float* scratch);

/**
   Inverse, first half: the blocks of a row to the matrix.

   With one row this is all but the untwisting, which
   fal_fft_inverse_columns() does as its only chunk.
*/
FAL_RT void fal_fft_inverse_row(const FalFft* fft, float* matrix,
                                const float* bins, uint32_t row,
                                float* scratch);

/**
   Inverse, second half, of a chunk of columns, with overlap-add.

   @param y [size]: in this chunk's columns, the first half plus the overlap.
   @param overlap [size]: in this chunk's columns read, then overwritten with
   the second half.
*/
FAL_RT void fal_fft_inverse_columns(const FalFft* fft, float* y, float* overlap,
                                    const float* matrix, uint32_t chunk,
                                    float* scratch);

/// The same in two steps: transform into the scratch (one row: nothing) …
FAL_RT void fal_fft_inverse_columns_take(const FalFft* fft, const float* matrix,
                                         uint32_t chunk, float* scratch);

/// … and overlap-add; with one row, straight from the matrix
FAL_RT void fal_fft_inverse_columns_add(const FalFft* fft, float* y,
                                        float* overlap, const float* matrix,
                                        uint32_t chunk, const float* scratch);

#endif // FAL_CORE_FFT_SLICES_H
