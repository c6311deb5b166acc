// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file levelling.h Evening out how loud a recording is over time

#ifndef FAL_CORE_LEVELLING_H
#define FAL_CORE_LEVELLING_H

#include <stdint.h>

/// Frames that share one gain
#define FAL_LEVELLING_BLOCK 64U

/**
   Make what is soft as loud as what is loud.

   Divides by the mean modulus of the neighbourhood: running-absolute-mean
   normalisation (Bensen et al., "Processing seismic ambient noise data to
   obtain reliable broad-band surface wave dispersion measurements", Geophys. J.
   Int. 169, 2007, section 2.1). What is more than 60 dB below the mean of all
   stays that much softer; silence stays silence.

   @param x [n_frames], finite.
   @param sums [n_frames / #FAL_LEVELLING_BLOCK + 1], scratch.
   @param reach Frames on either side that make a neighbourhood.
*/
void fal_level_out(float* x, float* sums, uint64_t n_frames, uint64_t reach);

#endif // FAL_CORE_LEVELLING_H
