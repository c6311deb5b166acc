// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file reshape.h Let a response die away faster or slower.

   Each octave band is multiplied by the exponential that turns its own decay
   (decay.h) into the wanted one, counted from the direct sound, which stays as
   it is. A slower decay would bring up the noise of the recording, and end
   before it has died away: so shortly before the noise takes over, noise of the
   band goes on in place of the recording, decaying as the line does.
*/

#ifndef FAL_IR_RESHAPE_H
#define FAL_IR_RESHAPE_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/audio.h"

/// Least and largest ratio of reverberation times, of all kinds together
#define FAL_MIN_DECAY 0.05
#define FAL_MAX_DECAY 2.0

/// Wanted reverberation time over the present one
typedef struct {
  double all;  ///< Of all bands
  double low;  ///< On top of it up to 125 Hz, half of it (in dB) at 250 Hz
  double high; ///< On top of it from 4 kHz on, half of it at 2 kHz
} FalDecayRatios;

/**
   Change the decay in place.

   A band without a decay of 10 dB stays as it is.

   @param audio Grows in length as the slowest decay does.
   @return #FAL_OK, #FAL_ERR_TOO_LARGE or #FAL_ERR_NO_MEM; the audio is as it
   was then.
*/
FAL_NODISCARD FalStatus fal_reshape_decay(FalAudio*             audio,
                                          const FalDecayRatios* ratios);

#endif // FAL_IR_RESHAPE_H
