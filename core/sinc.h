// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file sinc.h Values between samples: the sinc under Kaiser's window.

   With `reach` taps on each side, a tone of up to 1/2 - 4 / reach cycles a
   frame is read with an error of at most -118 dB (Kaiser and Schafer 1980:
   attenuation and transition width of the window with beta 12).
*/

#ifndef FAL_CORE_SINC_H
#define FAL_CORE_SINC_H

#include <stdint.h>

/**
   Compute the taps that read x at t + fraction.

   x(t + fraction) = sum over i of taps[i] * x[t - reach + 1 + i].

   @param taps [2 * reach], overwritten; their sum is 1.
   @param reach At least 1.
   @param fraction 0 to 1.
*/
void fal_sinc_taps(double* taps, uint32_t reach, double fraction);

/// Samples on each side that fal_sinc_peak() reads
#define FAL_PEAK_REACH 16U

/// Steps from one sample to the next that it tries
#define FAL_PEAK_STEPS 8U

/// Share of a peak that is left at the nearest sample: of white noise, 2 / pi
#define FAL_PEAK_AT_FRAME 0.6f

/// Taps of fal_sinc_peak()
typedef struct {
  double taps[FAL_PEAK_STEPS][2U * FAL_PEAK_REACH];
} FalSincPeak;

/// Compute the taps
void fal_sinc_peak_init(FalSincPeak* peak);

/**
   Return the largest magnitude from x[-1] to x[1], exclusively, in steps.

   @param x Its #FAL_PEAK_REACH neighbours on both sides are read.
*/
double fal_sinc_peak(const FalSincPeak* peak, const float* x);

#endif // FAL_CORE_SINC_H
