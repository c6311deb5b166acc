// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file dft.h Real transforms in natural order, 16 lanes at a time.

   2n real samples are transformed as n complex pairs, seen as a grid of rows
   and columns (Bailey 1990), as grid.h does it for convolution. Here the bins
   are those of the discrete Fourier transform, one after the other: rows leave
   their transforms in digit-reversed order, and are put into their places as
   they are stored.
*/

#ifndef FAL_CORE_DFT_H
#define FAL_CORE_DFT_H

#include "core/attributes.h"
#include "core/dft_ops.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The tables of a size
typedef struct {
  const FalDftOps* ops;
  uint32_t         n_pairs;
  uint32_t         n_rows;
  uint32_t         n_columns;
  uint32_t*        places;        ///< [n_rows]: where each frequency is left
  uint32_t*        frequencies;   ///< [n_columns]: what each place is left
  float*           turns;         ///< Of transforms of n_rows points
  float*           row_turns;     ///< Of transforms of n_columns points
  float*           fine;          ///< [n_rows][32]
  float*           coarse;        ///< [n_columns / 16][n_rows], complex
  float*           unfold_fine;   ///< [32]
  float*           unfold_coarse; ///< [n_pairs / 32], complex
} FalDft;

/// Whether so many real samples can be transformed: a power of two or three
/// times one, from 512 to 2^25
bool fal_dft_is_size(uint64_t size);

/**
   Get the tables of a size, making them if they are new to the process.

   Safe from several threads at once. Tables never change, are kept until the
   process ends and belong to nobody.

   @param size As fal_dft_is_size() wants it.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_dft_get(const FalDft** dft, uint32_t size);

/// Floats that the `scratch` argument of a transform needs
size_t fal_dft_scratch_floats(const FalDft* dft);

/**
   Transform: X[k] = sum over t of x[t] exp(-2 pi i k t / size).

   @param bins [size + 2], overwritten, interleaved.
   @param x [size], destroyed.
*/
void fal_dft_forward(const FalDft* dft, float* bins, float* x, float* scratch);

/// Transform back, unscaled: x [size] is overwritten, bins are destroyed
void fal_dft_inverse(const FalDft* dft, float* x, float* bins, float* scratch);

#endif // FAL_CORE_DFT_H
