// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/grid.h"

#include "core/attributes.h"
#include "core/grid_ops.h"

#include <stddef.h>
#include <stdint.h>

/// Where a chunk lies in a group of a matrix
FAL_RT static size_t
chunk_at(const uint32_t chunk)
{
  return (size_t)chunk * FAL_GRID_LANES * FAL_ELEMENT;
}

FAL_RT void
fal_grid_forward_columns_take(const FalGrid* const grid, const float* const x,
                              const uint32_t chunk, float* const scratch)
{
  grid->ops->forward_columns(scratch, x + (size_t)chunk * FAL_GRID_LANES,
                             grid->n_columns, grid->n_rows, grid->twist,
                             grid->turns);
}

FAL_RT void
fal_grid_forward_columns_put(const FalGrid* const grid, float* const matrix,
                             const uint32_t chunk, const float* const scratch)
{
  grid->ops->spread(matrix + chunk_at(chunk), fal_grid_group_floats(grid),
                    scratch, grid->n_rows, grid->fine,
                    grid->coarse + 2U * (size_t)chunk * grid->n_rows);
}

FAL_RT void
fal_grid_forward_columns(const FalGrid* const grid, float* const matrix,
                         const float* const x, const uint32_t chunk,
                         float* const scratch)
{
  fal_grid_forward_columns_take(grid, x, chunk, scratch);
  fal_grid_forward_columns_put(grid, matrix, chunk, scratch);
}

FAL_RT void
fal_grid_forward_group_step(const FalGrid* const grid, float* const bins,
                            const size_t stride, float* const matrix,
                            const uint32_t group, const uint32_t step)
{
  float* const z       = matrix + group * fal_grid_group_floats(grid);
  const size_t quarter = grid->n_columns / 4U;
  if (!step) {
    grid->ops->forward_first(z, grid->n_columns, grid->row_turns);
  } else {
    const size_t first = (step - 1U) * quarter;
    grid->ops->forward(bins + first * stride, stride, z + first * FAL_ELEMENT,
                       (uint32_t)quarter, grid->row_turns + 6U * quarter);
  }
}

FAL_RT void
fal_grid_forward_group(const FalGrid* const grid, float* const bins,
                       const size_t stride, float* const matrix,
                       const uint32_t group)
{
  for (uint32_t s = 0U; s < FAL_GRID_STEPS; ++s) {
    fal_grid_forward_group_step(grid, bins, stride, matrix, group, s);
  }
}

FAL_RT void
fal_grid_inverse_group_step(const FalGrid* const grid, float* const matrix,
                            const uint32_t group, const uint32_t step)
{
  float* const z       = matrix + group * fal_grid_group_floats(grid);
  const size_t quarter = grid->n_columns / 4U;
  if (step < 4U) {
    grid->ops->inverse(z + step * quarter * FAL_ELEMENT, (uint32_t)quarter,
                       grid->row_turns + 6U * quarter);
  } else {
    grid->ops->inverse_last(z, grid->n_columns, grid->row_turns);
  }
}

FAL_RT void
fal_grid_inverse_group(const FalGrid* const grid, float* const matrix,
                       const uint32_t group)
{
  for (uint32_t s = 0U; s < FAL_GRID_STEPS; ++s) {
    fal_grid_inverse_group_step(grid, matrix, group, s);
  }
}

FAL_RT void
fal_grid_inverse_columns_take(const FalGrid* const grid,
                              const float* const matrix, const uint32_t chunk,
                              float* const scratch)
{
  grid->ops->collect(scratch, matrix + chunk_at(chunk),
                     fal_grid_group_floats(grid), grid->n_rows, grid->fine,
                     grid->coarse + 2U * (size_t)chunk * grid->n_rows);
}

FAL_RT void
fal_grid_inverse_columns_add(const FalGrid* const grid, float* const y,
                             float* const overlap, const uint32_t chunk,
                             float* const scratch)
{
  const size_t at = (size_t)chunk * FAL_GRID_LANES;
  grid->ops->inverse_columns(y + at, overlap + at, grid->n_columns, scratch,
                             grid->n_rows, grid->twist, grid->turns);
}

FAL_RT void
fal_grid_inverse_columns(const FalGrid* const grid, float* const y,
                         float* const overlap, const float* const matrix,
                         const uint32_t chunk, float* const scratch)
{
  fal_grid_inverse_columns_take(grid, matrix, chunk, scratch);
  fal_grid_inverse_columns_add(grid, y, overlap, chunk, scratch);
}
