// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_IR_FACTORY_DFT_H
#define FAL_IR_FACTORY_DFT_H

#include "core/attributes.h"
#include "core/status.h"

#include <complex.h>
#include <stdint.h>

/// Return re + i im: as CMPLX() does, which glibc shows to GCC only
static inline double complex
fal_complex(const double re, const double im)
{
  return __builtin_complex(re, im);
}

/**
   A discrete Fourier transform in double precision.

   FFTW chooses its algorithms after the processor, so that the last bits of its
   results differ between machines. This one always adds in the same order, and
   responses come out the same everywhere.
*/
typedef struct {
  uint32_t        size;     ///< A power of two, at least 2
  double complex* twiddles; ///< [size / 2], exp(-2 pi i k / size)
} FalDft;

/// The least size of a transform that holds so many samples
uint32_t fal_dft_size(uint32_t n_frames);

/// Set up for a size; fal_dft_clear() frees it
FAL_NODISCARD FalStatus fal_dft_init(FalDft* dft, uint32_t size);

/// Free what init allocated
void fal_dft_clear(FalDft* dft);

/// Transform in place: z[k] = sum over t of z[t] exp(-2 pi i k t / size)
void fal_dft_forward(const FalDft* dft, double complex* z);

/// Transform back in place, with the factor 1 / size
void fal_dft_inverse(const FalDft* dft, double complex* z);

#endif // FAL_IR_FACTORY_DFT_H
