// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file fft.h The right-angle transform: B real samples, B complex bins.

   For a block of B real samples x[n], the transform is

       X[k] = sum over n of x[n] exp(i pi n / 2B) exp(-2 pi i k n / B),

   which samples the spectrum of x at the frequencies (k - 1/4) / B cycles per
   frame, k = 0 … B - 1. The product of two such spectra belongs to the linear
   convolution y of the blocks, all 2B samples of it: transformed back and
   untwisted, its real part is y[0 … B - 1], and its imaginary part is
   y[B … 2B - 1], the overlap. So the zero padding costs nothing, there are
   no DC and Nyquist bins to treat apart, and all bins are alike.
   (The right-angle circular convolution: Nussbaumer, "Fast Fourier Transform
   and Convolution Algorithms", 1982, section 3.3; for real sequences folded
   into complex ones: Krishnan, Jullien and Miller 1990.)

   **Layout of a spectrum.** B bins are stored as B / 16 blocks of 32 floats:
   16 real parts, then the 16 imaginary parts of the same bins.

   **Order of the bins.** Blocks of #FAL_GRID_MIN_SIZE and more are transformed
   as a grid (grid.h), which leaves the bins in an order of its own; smaller
   ones by FFTW, in the natural order. Products of spectra need not know;
   fal_fft_frequency() tells who does.

   **Scaling.** None: the inverse of the forward transform is B times the block.
*/

#ifndef FAL_CORE_FFT_H
#define FAL_CORE_FFT_H

#include "core/attributes.h"
#include "core/grid.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// Bins in one block of a spectrum
#define FAL_BLOCK_BINS 16U

/// Floats in one block of a spectrum: real parts, then imaginary parts
#define FAL_BLOCK_FLOATS 32U

/// Smallest and largest block size
#define FAL_FFT_MIN_SIZE 16U
#define FAL_FFT_MAX_SIZE (1U << FAL_GRID_MAX_LOG2)

/// A transform of one size: immutable, shared by all threads
typedef struct FalFft FalFft;

/**
   Get the transform of a block size, planning it if it is new to the process.

   Not for the audio thread. Safe from several threads at once, also beside
   other users of FFTW. Transforms are kept until the process ends and belong to
   nobody.

   @param size A power of two from #FAL_FFT_MIN_SIZE to #FAL_FFT_MAX_SIZE.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_fft_get(const FalFft** fft, uint32_t size);

/// The block size B: real samples in, complex bins out
FAL_RT uint32_t fal_fft_size(const FalFft* fft);

/**
   The frequency of bin `j` of the layout, in cycles per frame, -1/2 to 1/2.

   All |frequencies| of a transform differ: there are no mirrored pairs.
*/
double fal_fft_frequency(const FalFft* fft, uint32_t j);

/// Floats that the `work` argument of a whole transform needs
size_t fal_fft_work_floats(const FalFft* fft);

/**
   Transform a whole block.

   @param x [n_frames], n_frames <= size; taken as zero from there on.
   @param bins [2 * size], overwritten: the spectrum in blocks. Aligned to 64.
   @param work [fal_fft_work_floats()], scratch. Aligned to 64.
*/
FAL_RT void fal_fft_forward(const FalFft* fft, float* bins, const float* x,
                            uint32_t n_frames, float* work);

/**
   Transform a whole spectrum back.

   @param first [size], overwritten: `size` times the block, or of a product the
   first half of the linear convolution.
   @param second [size], overwritten: its second half, the overlap; null if it
   is not wanted.
   @param bins [2 * size], the spectrum in blocks. Aligned to 64.
   @param work [fal_fft_work_floats()], scratch. Aligned to 64.
*/
FAL_RT void fal_fft_inverse(const FalFft* fft, float* first, float* second,
                            const float* bins, float* work);

#endif // FAL_CORE_FFT_H
