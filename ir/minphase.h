// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file minphase.h The minimum-phase response with the same spectrum of levels.

   By the real cepstrum (Oppenheim and Schafer, "Discrete-Time Signal
   Processing", section 13.5), on the right-angle transform (core/fft.h): the
   logarithm of the magnitudes is real and even in frequency, so its inverse
   holds the cepstrum in the real part, without wrapping round before twice the
   block. What is folded to positive times is the logarithm of the minimum-phase
   spectrum.
*/

#ifndef FAL_IR_MINPHASE_H
#define FAL_IR_MINPHASE_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/audio.h"

/**
   Make each channel minimum-phase, in place; the length stays.

   Magnitudes more than 120 dB below a channel's largest count as -120 dB.

   @return #FAL_OK, #FAL_ERR_TOO_LARGE (more than 2^22 frames) or
   #FAL_ERR_NO_MEM; the audio is as it was then.
*/
FAL_NODISCARD FalStatus fal_minphase(FalAudio* audio);

#endif // FAL_IR_MINPHASE_H
