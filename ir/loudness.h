// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file loudness.h How loud a response makes what goes through it.

   The measure: pink noise (power falling as 1/f, 20 Hz to 20 kHz), independent
   and equally loud in each input, weighted after ITU-R BS.1770-4 (K); the power
   in the mean output channel over the power in the mean input channel. Where
   noise with the spectrum of speech (ITU-T P.50, 4.1, from 100 Hz to 8 kHz)
   comes out softer than that, it counts, down to 0.4 dB less: what is thin in
   the range of voices and guitars is heard as less loud than pink noise tells.
   All follows from the responses' spectra alone, so that length, silence at
   either end and sample rate do not matter.
*/

#ifndef FAL_IR_LOUDNESS_H
#define FAL_IR_LOUDNESS_H

#include "core/attributes.h"
#include "core/route.h"
#include "core/status.h"
#include "ir/audio.h"

#include <stdint.h>

/**
   Measure a matrix of responses.

   @param level Output over input as a ratio of amplitudes: divide by it to
   match levels. 0 for silence.
   @param rate_hz Of the responses. Of those that are longer than 2^24 frames
   the start counts.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_loudness_of_routes(double*         level,
                                               const FalRoute* routes,
                                               uint32_t        n_routes,
                                               uint32_t        n_outputs,
                                               double          rate_hz);

/// Measure the channels as responses to one input each; four as true stereo
FAL_NODISCARD FalStatus fal_loudness_of_audio(double*         level,
                                              const FalAudio* audio);

#endif // FAL_IR_LOUDNESS_H
