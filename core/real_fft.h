// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file real_fft.h Real transforms of any length, bins in natural order.

   For estimation, where phases are read bin by bin; what only multiplies
   spectra uses core/fft.h.
*/

#ifndef FAL_CORE_REAL_FFT_H
#define FAL_CORE_REAL_FFT_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/// A pair of plans
typedef struct {
  uint32_t size;    ///< Real samples
  uint32_t n_bins;  ///< size / 2 + 1
  void*    forward; ///< FFTW's plans, complex, of half the size
  void*    inverse;
} FalRealFft;

/// Return an even length >= n (and >= 16) that is transformed fast
uint32_t fal_real_fft_fast_size(uint64_t n);

/**
   Plan a length without measuring: the same bits in every process.

   The plans are complex ones of half the length, which FFTW finds ten times as
   fast as real ones: where two recordings are compared once, planning is half
   of the work.

   @param size Even.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_real_fft_init(FalRealFft* fft, uint32_t size);

/// Destroy the plans; a zeroed struct is fine
void fal_real_fft_clear(FalRealFft* fft);

/**
   Transform: X[k] = sum over n of x[n] exp(-2 pi i k n / size).

   @param bins [2 * n_bins], overwritten, interleaved. Aligned to 64.
   @param x [size]. Aligned to 64.
*/
void fal_real_fft_forward(const FalRealFft* fft, float* bins, float* x);

/**
   Transform back, unscaled: `size` times the samples.

   @param x [size], overwritten. Aligned to 64.
   @param bins [2 * n_bins], destroyed. Aligned to 64.
*/
void fal_real_fft_inverse(const FalRealFft* fft, float* x, float* bins);

#endif // FAL_CORE_REAL_FFT_H
