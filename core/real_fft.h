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
  uint32_t size;    ///< Real samples; bins: size / 2 + 1
  uint32_t n_bins;  ///< size / 2 + 1
  void*    forward; ///< FFTW's plans
  void*    inverse;
} FalRealFft;

/// Return the least even length >= n (and >= 16) that FFTW is fast at
uint32_t fal_real_fft_fast_size(uint64_t n);

/**
   Plan a length without measuring: the same bits in every process.

   @param size Even.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_real_fft_init(FalRealFft* fft, uint32_t size);

/// Destroy the plans; a zeroed struct is fine
void fal_real_fft_clear(FalRealFft* fft);

/**
   Transform in place: X[k] = sum over n of x[n] exp(-2 pi i k n / size).

   @param x [2 * n_bins], size samples in, interleaved bins out. Aligned to 64.
*/
void fal_real_fft_forward(const FalRealFft* fft, float* x);

/// Transform back in place, unscaled: `size` times the samples
void fal_real_fft_inverse(const FalRealFft* fft, float* x);

#endif // FAL_CORE_REAL_FFT_H
