// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file bands.h Octave bands of a response, without shift in time.

   The filters are real weights on the spectrum: 1 within an octave around the
   centre but for its edges, where they cross over to the neighbours. Their
   powers sum to 1: for measuring. (See octaves.h for working on bands.)
*/

#ifndef FAL_IR_BANDS_H
#define FAL_IR_BANDS_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/// Octaves around 63, 125 … 16000 Hz
#define FAL_N_BANDS 9U

/// The spectrum of a response that is taken apart
typedef struct FalBands FalBands;

/// The centre of an octave band, Hz: 1000 * 2^(band - 4)
double fal_band_hz(uint32_t band);

/// How many of the bands have their centre below half of a sample rate / sqrt 2
uint32_t fal_n_bands(double rate_hz);

/// Share of the upper band at as many octaves above an edge: 0 to 1
double fal_band_share(double octaves);

/**
   Transform a response.

   @param bands Set on success; fal_bands_free() frees it.
   @param x [n_frames], read during the call only.
   @return #FAL_OK, #FAL_ERR_TOO_LARGE (more than 2^23 frames) or
   #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_bands_new(FalBands** bands, const float* x,
                                      uint32_t n_frames, double rate_hz);

/// Free; null is fine
void fal_bands_free(FalBands* bands);

/**
   Take out a band.

   @param y [n_frames], overwritten.
   @param band Below fal_n_bands(rate_hz).
*/
void fal_bands_take(FalBands* bands, float* y, uint32_t band);

#endif // FAL_IR_BANDS_H
