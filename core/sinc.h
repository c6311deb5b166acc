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

#endif // FAL_CORE_SINC_H
