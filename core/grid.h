// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file grid.h The right-angle transform of large blocks, 16 lanes at a time.

   The transform of fft.h, for blocks that are large enough. The block is seen
   as a grid of rows and columns (Bailey 1990). Sixteen columns are transformed
   side by side (grid_ops.h); what comes out is turned over, so that sixteen
   rows, a group, can be transformed side by side as well. Spectra come in
   blocks of 16 bins without another shuffle: block b of group g.

   The arithmetic is ours alone, so its bits depend on the instruction set only.
*/

#ifndef FAL_CORE_GRID_H
#define FAL_CORE_GRID_H

#include "core/attributes.h"
#include "core/grid_ops.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// Smallest and largest block size
#define FAL_GRID_MIN_SIZE 256U
#define FAL_GRID_MAX_SIZE (1U << FAL_GRID_MAX_LOG2)
#define FAL_GRID_MAX_LOG2 24U

/// Columns in a chunk, and rows in a group
#define FAL_GRID_LANES 16U

/// Steps in which a group can be transformed
#define FAL_GRID_STEPS 5U

/// The tables of a block size
typedef struct {
  const FalGridOps* ops;
  uint32_t          size;
  uint32_t          n_rows;
  uint32_t          n_columns;
  uint32_t          n_chunks;  ///< Of 16 columns
  uint32_t          n_groups;  ///< Of 16 rows, or n_columns blocks of bins
  float*            twist;     ///< [n_rows]: exp(i pi r / 2 n_rows)
  float*            turns;     ///< Of transforms of n_rows points
  float*            row_turns; ///< Of transforms of n_columns points
  float*            fine;      ///< [n_rows][32]
  float*            coarse;    ///< [n_chunks][n_rows]
} FalGrid;

/**
   Get the tables of a block size, making them if they are new to the process.

   Safe from several threads at once. Tables never change, are kept until the
   process ends and belong to nobody.

   @param size A power of two from #FAL_GRID_MIN_SIZE to #FAL_GRID_MAX_SIZE.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_grid_get(const FalGrid** grid, uint32_t size);

/// The frequency of bin `lane` of block b of group g, in cycles per frame
double fal_grid_frequency(const FalGrid* grid, uint32_t g, uint32_t b,
                          uint32_t lane);

/// Floats that the `scratch` argument of the columns needs
static inline size_t
fal_grid_scratch_floats(const FalGrid* const grid)
{
  return (size_t)grid->n_rows * FAL_ELEMENT;
}

/// Where a group lies in a matrix [n_groups][n_columns][32]: 2 * size floats
static inline size_t
fal_grid_group_floats(const FalGrid* const grid)
{
  return (size_t)grid->n_columns * FAL_ELEMENT;
}

/// Forward, first half: a chunk of the columns of x [size] to the matrix
FAL_RT void fal_grid_forward_columns(const FalGrid* grid, float* matrix,
                                     const float* x, uint32_t chunk,
                                     float* scratch);

/// The same in two steps: transform into the scratch …
FAL_RT void fal_grid_forward_columns_take(const FalGrid* grid, const float* x,
                                          uint32_t chunk, float* scratch);

/// … and turn over to the matrix
FAL_RT void fal_grid_forward_columns_put(const FalGrid* grid, float* matrix,
                                         uint32_t chunk, const float* scratch);

/// Forward, second half: a group of the matrix, destroyed, to blocks of bins
FAL_RT void fal_grid_forward_group(const FalGrid* grid, float* bins,
                                   size_t stride, float* matrix,
                                   uint32_t group);

/// The same in five steps: the first stage, and what it leaves of each quarter
FAL_RT void fal_grid_forward_group_step(const FalGrid* grid, float* bins,
                                        size_t stride, float* matrix,
                                        uint32_t group, uint32_t step);

/// Inverse, first half: a group of the matrix, which holds bins, in place
FAL_RT void fal_grid_inverse_group(const FalGrid* grid, float* matrix,
                                   uint32_t group);

/// The same in five steps: each quarter, and the last stage
FAL_RT void fal_grid_inverse_group_step(const FalGrid* grid, float* matrix,
                                        uint32_t group, uint32_t step);

/**
   Inverse, second half, of a chunk of columns, with overlap-add.

   @param y [size]: in these columns, size times the first half, plus the
   overlap.
   @param overlap [size]: in these columns read, then overwritten with the
   second half.
*/
FAL_RT void fal_grid_inverse_columns(const FalGrid* grid, float* y,
                                     float* overlap, const float* matrix,
                                     uint32_t chunk, float* scratch);

/// The same in two steps: turn over into the scratch …
FAL_RT void fal_grid_inverse_columns_take(const FalGrid* grid,
                                          const float* matrix, uint32_t chunk,
                                          float* scratch);

/// … and transform from there, which is destroyed, with overlap-add
FAL_RT void fal_grid_inverse_columns_add(const FalGrid* grid, float* y,
                                         float* overlap, uint32_t chunk,
                                         float* scratch);

#endif // FAL_CORE_GRID_H
