// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file real_fft.h Real transforms of any length, bins in natural order.

   For estimation, where phases are read bin by bin; what only multiplies
   spectra uses core/fft.h. Powers of two and three times these go through
   core/dft.h, a few times as fast as FFTW, which does the others.
*/

#ifndef FAL_CORE_REAL_FFT_H
#define FAL_CORE_REAL_FFT_H

#include "core/attributes.h"
#include "core/dft.h"
#include "core/status.h"

#include <stdint.h>

/// A transform of one size
typedef struct {
  uint32_t      size;    ///< Real samples
  uint32_t      n_bins;  ///< size / 2 + 1
  const FalDft* dft;     ///< Or null, then
  void*         forward; ///< FFTW's plans, complex, of half the size
  void*         inverse;
  float*        scratch; ///< Of `dft`: not for two threads at once
} FalRealFft;

/// Return a length >= n (and >= 16) that is transformed fast: a power of two,
/// or three times one, at most half as long again
uint32_t fal_real_fft_fast_size(uint64_t n);

/**
   Plan a length without measuring: the same bits in every process.

   FFTW's plans are complex ones of half the length, which it finds ten times as
   fast as real ones.

   @param size Even.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_real_fft_init(FalRealFft* fft, uint32_t size);

/// Destroy what was planned; a zeroed struct is fine
void fal_real_fft_clear(FalRealFft* fft);

/**
   Transform: X[k] = sum over n of x[n] exp(-2 pi i k n / size).

   @param bins [2 * n_bins], overwritten, interleaved. Aligned to 64.
   @param x [size], destroyed. Aligned to 64.
*/
void fal_real_fft_forward(const FalRealFft* fft, float* bins, float* x);

/**
   Transform back, unscaled: `size` times the samples.

   @param x [size], overwritten. Aligned to 64.
   @param bins [2 * n_bins], destroyed. Aligned to 64.
*/
void fal_real_fft_inverse(const FalRealFft* fft, float* x, float* bins);

#endif // FAL_CORE_REAL_FFT_H
