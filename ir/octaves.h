// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file octaves.h Octave bands to work on, each at as low a rate as holds it.

   The amplitudes of neighbours sum to 1 where they cross over, and the outer
   bands take all that lies beyond them. A band has a sample every `step`
   frames, a power of two: half of its rate is three times its centre or more,
   so that it may be multiplied by what moves slowly. What is done to one band
   costs half of what is done to the next one.
*/

#ifndef FAL_IR_OCTAVES_H
#define FAL_IR_OCTAVES_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/// The bands of responses of one length
typedef struct FalOctaves FalOctaves;

/**
   Make room and plan.

   @param octaves Set on success; fal_octaves_free() frees it.
   @param n_frames Of the responses; the bands ring on for 50 ms.
   @return #FAL_OK, #FAL_ERR_TOO_LARGE (more than 2^24 frames) or
   #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_octaves_new(FalOctaves** octaves, uint32_t n_frames,
                                        double rate_hz);

/// Free; null is fine
void fal_octaves_free(FalOctaves* octaves);

/// Frames from one sample of a band to the next
uint32_t fal_octaves_step(const FalOctaves* octaves, uint32_t band);

/// Samples of a band, those that ring on included
uint32_t fal_octaves_samples(const FalOctaves* octaves, uint32_t band);

/// Transform a response, x [n_frames], to be taken apart
void fal_octaves_split(FalOctaves* octaves, const float* x);

/**
   Take out a band.

   @param y [fal_octaves_samples()], overwritten: the band at frames 0, step, …
   @param band Below fal_n_bands(rate_hz).
*/
void fal_octaves_take(FalOctaves* octaves, float* y, uint32_t band);

/**
   Make white noise within a band, whose end leads into its start.

   @param seed Not 0; others give other noise.
   @param period Set to its length in samples.
   @return [period], valid until the next call.
*/
const float* fal_octaves_noise(FalOctaves* octaves, uint32_t band,
                               uint64_t seed, uint32_t* period);

/// Begin a sum of bands; ends what fal_octaves_split() has begun
void fal_octaves_begin(FalOctaves* octaves);

/// Add y [fal_octaves_samples()], a band as fal_octaves_take() gives it
void fal_octaves_add(FalOctaves* octaves, const float* y, uint32_t band);

/// Write the sum, x [n_frames]
void fal_octaves_join(FalOctaves* octaves, float* x);

#endif // FAL_IR_OCTAVES_H
