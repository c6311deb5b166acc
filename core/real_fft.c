// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/real_fft.h"

#include "core/arena.h"
#include "core/planner.h"

#include <fftw3.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/// Bins after which a recurrence of angles starts afresh
#define RENEWAL 256U

uint32_t
fal_real_fft_fast_size(const uint64_t n)
{
  uint64_t size = 16U;
  while (size < n) {
    size += size % 3U ? size / 2U : size / 3U;
  }
  return (uint32_t)size;
}

/// Take the tables of a size that has them
static FalStatus
take_tables(FalRealFft* const fft)
{
  const FalStatus st = fal_dft_get(&fft->dft, fft->size);
  if (st) {
    return st;
  }
  fft->scratch = (float*)aligned_alloc(
    FAL_ALIGNMENT, fal_dft_scratch_floats(fft->dft) * sizeof(float));
  return fft->scratch ? FAL_OK : FAL_ERR_NO_MEM;
}

FalStatus
fal_real_fft_init(FalRealFft* const fft, const uint32_t size)
{
  *fft = (FalRealFft){.size = size, .n_bins = size / 2U + 1U};
  if (fal_dft_is_size(size)) {
    return take_tables(fft);
  }

  // FFTW_ESTIMATE looks at the alignment only and writes nothing
  const size_t align   = FAL_ALIGNMENT;
  const size_t n_bytes = (size * sizeof(float) + align - 1U) / align * align;
  float* const x       = (float*)aligned_alloc(align, n_bytes);
  float* const y       = (float*)aligned_alloc(align, n_bytes);
  if (!x || !y) {
    free(x);
    free(y);
    return FAL_ERR_NO_MEM;
  }

  fal_planner_lock();
  fft->forward =
    fftwf_plan_dft_1d((int)(size / 2U), (fftwf_complex*)(void*)x,
                      (fftwf_complex*)(void*)y, FFTW_FORWARD, FFTW_ESTIMATE);
  fft->inverse =
    fftwf_plan_dft_1d((int)(size / 2U), (fftwf_complex*)(void*)x,
                      (fftwf_complex*)(void*)y, FFTW_BACKWARD, FFTW_ESTIMATE);
  fal_planner_unlock();
  free(x);
  free(y);

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
  free(fft->scratch);
  fft->forward = NULL;
  fft->inverse = NULL;
  fft->scratch = NULL;
}

/**
   Turn the spectrum of x[2t] + i x[2t + 1] into twice that of x, or back.

   Forward, with `sign` 1, bin k is X[k] = E[k] + exp(-2 pi i k / size) O[k] of
   the even and the odd samples' spectra; back, `sign` is -1.
*/
static void
turn(float* const bins, const uint32_t size, const double sign)
{
  const uint32_t half  = size / 2U;
  const double   angle = -2.0 * M_PI / size;
  const double   s_re  = cos(angle);
  const double   s_im  = sin(angle) * sign;
  double         t_re  = 1.0;
  double         t_im  = 0.0;
  for (uint32_t k = 0U; k <= half / 2U; ++k) {
    if (k % RENEWAL == 0U) {
      t_re = cos(angle * k);
      t_im = sin(angle * k) * sign;
    }
    float* const p    = bins + 2U * (size_t)k;
    float* const q    = bins + 2U * (size_t)(half - k);
    const float  e_re = p[0] + q[0];
    const float  e_im = p[1] - q[1];
    const float  d_re = p[0] - q[0];
    const float  d_im = p[1] + q[1];
    // The odd part: d times the angle times -i forward, i back
    const float w_re = (float)(sign * t_im);
    const float w_im = (float)(-sign * t_re);
    const float o_re = d_re * w_re - d_im * w_im;
    const float o_im = d_re * w_im + d_im * w_re;
    p[0]             = e_re + o_re;
    p[1]             = e_im + o_im;
    q[0]             = e_re - o_re;
    q[1]             = o_im - e_im;

    const double next = t_re * s_re - t_im * s_im;
    t_im              = t_re * s_im + t_im * s_re;
    t_re              = next;
  }
}

void
fal_real_fft_forward(const FalRealFft* const fft, float* const bins,
                     float* const x)
{
  const size_t n = fft->size;
  if (fft->dft) {
    fal_dft_forward(fft->dft, bins, x, fft->scratch);
    return;
  }
  fftwf_execute_dft((fftwf_plan)fft->forward, (fftwf_complex*)(void*)x,
                    (fftwf_complex*)(void*)bins);
  bins[n]      = bins[0];
  bins[n + 1U] = bins[1];
  turn(bins, fft->size, 1.0);
  for (size_t i = 0U; i < n + 2U; ++i) {
    bins[i] *= 0.5f;
  }
}

void
fal_real_fft_inverse(const FalRealFft* const fft, float* const x,
                     float* const bins)
{
  if (fft->dft) {
    fal_dft_inverse(fft->dft, x, bins, fft->scratch);
    return;
  }
  turn(bins, fft->size, -1.0);
  fftwf_execute_dft((fftwf_plan)fft->inverse, (fftwf_complex*)(void*)bins,
                    (fftwf_complex*)(void*)x);
}
