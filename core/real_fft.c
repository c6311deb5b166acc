// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/real_fft.h"

#include "core/arena.h"
#include "core/planner.h"

#include <fftw3.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static bool
is_smooth(uint64_t n)
{
  while (n % 2U == 0U) {
    n /= 2U;
  }
  while (n % 3U == 0U) {
    n /= 3U;
  }
  return n == 1U || n == 5U;
}

uint32_t
fal_real_fft_fast_size(const uint64_t n)
{
  uint64_t size = n < 16U ? 16U : n + n % 2U;
  // Multiples of 64 keep long transforms in FFTW's fast codelets
  const uint64_t step = size > 4096U ? 64U : 2U;
  size                = (size + step - 1U) / step * step;
  while (!is_smooth(size)) {
    size += step;
  }
  return (uint32_t)size;
}

FalStatus
fal_real_fft_init(FalRealFft* const fft, const uint32_t size)
{
  // FFTW_ESTIMATE looks at the alignment only and writes nothing
  const size_t n_bytes = ((size_t)size + 2U) * sizeof(float);
  const size_t mask    = (size_t)FAL_ALIGNMENT - 1U;
  float* const x =
    (float*)aligned_alloc(FAL_ALIGNMENT, (n_bytes + mask) & ~mask);
  if (!x) {
    return FAL_ERR_NO_MEM;
  }

  fal_planner_lock();
  fft->forward = fftwf_plan_dft_r2c_1d((int)size, x, (fftwf_complex*)(void*)x,
                                       FFTW_ESTIMATE);
  fft->inverse = fftwf_plan_dft_c2r_1d((int)size, (fftwf_complex*)(void*)x, x,
                                       FFTW_ESTIMATE);
  fal_planner_unlock();
  free(x);

  fft->size   = size;
  fft->n_bins = size / 2U + 1U;
  if (!fft->forward || !fft->inverse) {
    fal_real_fft_clear(fft);
    return FAL_ERR_NO_MEM;
  }
  return FAL_OK;
}

void
fal_real_fft_clear(FalRealFft* const fft)
{
  fal_planner_lock();
  if (fft->forward) {
    fftwf_destroy_plan((fftwf_plan)fft->forward);
  }
  if (fft->inverse) {
    fftwf_destroy_plan((fftwf_plan)fft->inverse);
  }
  fal_planner_unlock();
  fft->forward = NULL;
  fft->inverse = NULL;
}

void
fal_real_fft_forward(const FalRealFft* const fft, float* const x)
{
  fftwf_execute_dft_r2c((fftwf_plan)fft->forward, x, (fftwf_complex*)(void*)x);
}

void
fal_real_fft_inverse(const FalRealFft* const fft, float* const x)
{
  fftwf_execute_dft_c2r((fftwf_plan)fft->inverse, (fftwf_complex*)(void*)x, x);
}
