// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/fft.h"

#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/grid.h"
#include "core/simd.h"

#include <fftw3.h>

#include <assert.h>
#include <string.h>

FAL_RT void
fal_fft_forward_columns_take(const FalFft* const fft, const float* const x,
                             const uint32_t chunk, float* const scratch)
{
  fal_grid_forward_columns_take(fft->grid, x, chunk, scratch);
}

FAL_RT void
fal_fft_forward_columns_put(const FalFft* const fft, float* const matrix,
                            const uint32_t chunk, const float* const scratch)
{
  fal_grid_forward_columns_put(fft->grid, matrix, chunk, scratch);
}

/// Execute a plan on other arrays than it was made with; both aligned alike
FAL_RT static void
execute(const fftwf_plan plan, float* const in, float* const out)
{
  fftwf_execute_dft(plan, (fftwf_complex*)in, (fftwf_complex*)out);
}

FAL_RT void
fal_fft_forward_group(const FalFft* const fft, float* const bins,
                      const size_t stride, float* const matrix,
                      const float* const x, const uint32_t group,
                      const uint32_t step, float* const scratch)
{
  if (fft->n_steps > 1U) {
    fal_grid_forward_group_step(fft->grid, bins, stride, matrix, group, step);
  } else if (fft->grid) {
    fal_grid_forward_group(fft->grid, bins, stride, matrix, group);
  } else {
    float* const out = scratch + 2U * (size_t)fft->size;
    fft->simd->twist(scratch, x, fft->twists, fft->size);
    execute(fft->forward, scratch, out);
    fft->simd->split(bins, stride, out, fft->n_blocks);
  }
}

FAL_RT void
fal_fft_inverse_group(const FalFft* const fft, float* const matrix,
                      const uint32_t group, const uint32_t step,
                      float* const scratch)
{
  if (fft->n_steps > 1U) {
    fal_grid_inverse_group_step(fft->grid, matrix, group, step);
  } else if (fft->grid) {
    fal_grid_inverse_group(fft->grid, matrix, group);
  } else {
    fft->simd->join(scratch, matrix, fft->n_blocks);
    execute(fft->inverse, scratch, matrix);
  }
}

FAL_RT void
fal_fft_inverse_columns_take(const FalFft* const fft, const float* const matrix,
                             const uint32_t chunk, float* const scratch)
{
  if (fft->grid) {
    fal_grid_inverse_columns_take(fft->grid, matrix, chunk, scratch);
  }
}

FAL_RT void
fal_fft_inverse_columns_add(const FalFft* const fft, float* const y,
                            float* const overlap, const float* const matrix,
                            const uint32_t chunk, float* const scratch)
{
  if (fft->grid) {
    fal_grid_inverse_columns_add(fft->grid, y, overlap, chunk, scratch);
  } else {
    fft->simd->untwist(y, overlap, matrix, fft->twists, fft->size);
  }
}

FAL_RT uint32_t
fal_fft_size(const FalFft* const fft)
{
  return fft->size;
}

size_t
fal_fft_work_floats(const FalFft* const fft)
{
  return 4U * (size_t)fft->size + fal_fft_scratch_floats(fft);
}

FAL_RT void
fal_fft_forward(const FalFft* const fft, float* const bins, const float* x,
                const uint32_t n_frames, float* const work)
{
  float* const matrix  = work;
  float* const padded  = matrix + 2U * (size_t)fft->size;
  float* const scratch = padded + 2U * (size_t)fft->size;

  assert(n_frames <= fft->size);
  if (n_frames < fft->size) {
    memcpy(padded, x, n_frames * sizeof(float));
    memset(padded + n_frames, 0, (fft->size - n_frames) * sizeof(float));
    x = padded;
  }

  for (uint32_t c = 0U; c < fft->n_chunks; ++c) {
    fal_fft_forward_columns_take(fft, x, c, scratch);
    fal_fft_forward_columns_put(fft, matrix, c, scratch);
  }
  for (uint32_t g = 0U; g < fft->n_groups; ++g) {
    for (uint32_t s = 0U; s < fft->n_steps; ++s) {
      fal_fft_forward_group(fft, bins + g * fal_fft_group_floats(fft),
                            FAL_BLOCK_FLOATS, matrix, x, g, s, scratch);
    }
  }
}

FAL_RT void
fal_fft_inverse(const FalFft* const fft, float* const first,
                float* const second, const float* const bins, float* const work)
{
  float* const matrix  = work;
  float* const overlap = second ? second : matrix + 2U * (size_t)fft->size;
  float* const scratch = matrix + 4U * (size_t)fft->size;

  memcpy(matrix, bins, 2U * (size_t)fft->size * sizeof(float));
  for (uint32_t g = 0U; g < fft->n_groups; ++g) {
    for (uint32_t s = 0U; s < fft->n_steps; ++s) {
      fal_fft_inverse_group(fft, matrix, g, s, scratch);
    }
  }

  memset(overlap, 0, fft->size * sizeof(float));
  for (uint32_t c = 0U; c < fft->n_chunks || !c; ++c) {
    fal_fft_inverse_columns_take(fft, matrix, c, scratch);
    fal_fft_inverse_columns_add(fft, first, overlap, matrix, c, scratch);
  }
}
