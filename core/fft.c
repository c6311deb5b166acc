// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/fft.h"

#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/simd.h"

#include <fftw3.h>

#include <assert.h>
#include <string.h>

/// Execute a plan on other arrays than it was made with; both aligned alike
FAL_RT static void
execute(const fftwf_plan plan, float* const in, float* const out)
{
  fftwf_execute_dft(plan, (fftwf_complex*)in, (fftwf_complex*)out);
}

FAL_RT void
fal_fft_forward_columns_take(const FalFft* const fft, const float* const x,
                             const uint32_t chunk, float* const scratch)
{
  const size_t first = (size_t)chunk * FAL_CHUNK_COLUMNS;

  fft->simd->twist_columns(scratch, x + first, fft->n_columns, fft->twists,
                           fft->n_rows);
  execute(fft->columns_forward, scratch, scratch);
}

FAL_RT void
fal_fft_forward_columns_put(const FalFft* const fft, float* const matrix,
                            const uint32_t chunk, const float* const scratch)
{
  const size_t first = 2U * (size_t)chunk * FAL_CHUNK_COLUMNS;

  fft->simd->scatter(matrix + first, scratch, fft->twiddles + first,
                     fft->n_columns, fft->n_rows);
}

FAL_RT void
fal_fft_forward_columns(const FalFft* const fft, float* const matrix,
                        const float* const x, const uint32_t chunk,
                        float* const scratch)
{
  fal_fft_forward_columns_take(fft, x, chunk, scratch);
  fal_fft_forward_columns_put(fft, matrix, chunk, scratch);
}

FAL_RT void
fal_fft_forward_row(const FalFft* const fft, float* const bins,
                    const size_t stride, const float* const matrix,
                    const float* const x, const uint32_t row,
                    float* const scratch)
{
  const size_t n_floats = 2U * (size_t)fft->n_columns;

  if (fft->n_rows > 1U) {
    // FFTW reads the row only, but has no const
    execute(fft->row_forward, (float*)matrix + row * n_floats, scratch);
    fft->simd->split(bins, stride, scratch, fft->n_columns / FAL_BLOCK_BINS);
  } else {
    fft->simd->twist(scratch, x, fft->twiddles, fft->size);
    execute(fft->row_forward, scratch, scratch + n_floats);
    fft->simd->split(bins, stride, scratch + n_floats,
                     fft->n_columns / FAL_BLOCK_BINS);
  }
}

FAL_RT void
fal_fft_inverse_row(const FalFft* const fft, float* const matrix,
                    const float* const bins, const uint32_t row,
                    float* const scratch)
{
  const size_t n_floats = 2U * (size_t)fft->n_columns;

  fft->simd->join(scratch, bins, fft->n_columns / FAL_BLOCK_BINS);
  execute(fft->row_inverse, scratch, matrix + row * n_floats);
}

FAL_RT void
fal_fft_inverse_columns_take(const FalFft* const fft, const float* const matrix,
                             const uint32_t chunk, float* const scratch)
{
  if (fft->n_rows > 1U) {
    const size_t first = 2U * (size_t)chunk * FAL_CHUNK_COLUMNS;
    fft->simd->gather(scratch, matrix + first, fft->twiddles + first,
                      fft->n_columns, fft->n_rows);
    execute(fft->columns_inverse, scratch, scratch);
  }
}

FAL_RT void
fal_fft_inverse_columns_add(const FalFft* const fft, float* const y,
                            float* const overlap, const float* const matrix,
                            const uint32_t chunk, const float* const scratch)
{
  if (fft->n_rows > 1U) {
    const size_t first = (size_t)chunk * FAL_CHUNK_COLUMNS;
    fft->simd->untwist_columns(y + first, overlap + first, fft->n_columns,
                               scratch, fft->twists, fft->n_rows);
  } else {
    fft->simd->untwist(y, overlap, matrix, fft->twiddles, fft->size);
  }
}

FAL_RT void
fal_fft_inverse_columns(const FalFft* const fft, float* const y,
                        float* const overlap, const float* const matrix,
                        const uint32_t chunk, float* const scratch)
{
  fal_fft_inverse_columns_take(fft, matrix, chunk, scratch);
  fal_fft_inverse_columns_add(fft, y, overlap, matrix, chunk, scratch);
}

FAL_RT uint32_t
fal_fft_size(const FalFft* const fft)
{
  return fft->size;
}

double
fal_fft_frequency(const FalFft* const fft, const uint32_t j)
{
  const uint32_t k = j / fft->n_columns + fft->n_rows * (j % fft->n_columns);
  const double   f = ((double)k - 0.25) / (double)fft->size;
  return f < 0.5 ? f : f - 1.0;
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

  for (uint32_t c = 0U; c < fal_fft_n_chunks(fft); ++c) {
    fal_fft_forward_columns(fft, matrix, x, c, scratch);
  }
  for (uint32_t r = 0U; r < fft->n_rows; ++r) {
    fal_fft_forward_row(fft, bins + 2U * (size_t)r * fft->n_columns,
                        FAL_BLOCK_FLOATS, matrix, x, r, scratch);
  }
}

FAL_RT void
fal_fft_inverse(const FalFft* const fft, float* const first,
                float* const second, const float* const bins, float* const work)
{
  float* const matrix  = work;
  float* const overlap = second ? second : matrix + 2U * (size_t)fft->size;
  float* const scratch = matrix + 4U * (size_t)fft->size;

  for (uint32_t r = 0U; r < fft->n_rows; ++r) {
    fal_fft_inverse_row(fft, matrix, bins + 2U * (size_t)r * fft->n_columns, r,
                        scratch);
  }

  memset(overlap, 0, fft->size * sizeof(float));
  const uint32_t n_chunks = fal_fft_n_chunks(fft);
  for (uint32_t c = 0U; c < (n_chunks ? n_chunks : 1U); ++c) {
    fal_fft_inverse_columns(fft, first, overlap, matrix, c, scratch);
  }
}
