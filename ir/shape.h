// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file shape.h Reshape an impulse response

#ifndef FAL_IR_SHAPE_H
#define FAL_IR_SHAPE_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/audio.h"
#include "ir/reshape.h"

#include <stdbool.h>
#include <stdint.h>

/// What gain is measured by
typedef enum {
  FAL_NORMALISE_NONE,    ///< Keep the file's level
  FAL_NORMALISE_PEAK,    ///< Largest sample becomes 1
  FAL_NORMALISE_ENERGY,  ///< Energy of the loudest channel becomes 1: noise
                         ///< keeps its RMS
  FAL_NORMALISE_LOUDNESS ///< Noise keeps its loudness, see ir/loudness.h
} FalNormalise;

/// What is done to a response, in this order; all zero: nothing
typedef struct {
  bool   trim_onset; ///< Cut what comes before the direct sound
  double start_s;    ///< Cut as much from the start
  double stretch;    ///< Length over the present one, 0.25 to 4, by resampling
                     ///< (the spectrum shifts, its level stays); 0: as it is
  FalDecayRatios decay;      ///< Of reverberation times; each 0: as it is
  double         length_s;   ///< Cut what comes after; 0 keeps all
  bool           reverse;    ///< Turn it round in time
  double         fade_in_s;  ///< Raised cosine from the start
  double         fade_out_s; ///< Raised cosine to the end
  FalNormalise   normalise;  ///< Bring to a stated level
  double         gain_db;    ///< On top of it
} FalShape;

/**
   Return the frame at which the direct sound starts, 0 for silence.

   That is where the level of any channel comes within 20 dB of the peak (as in
   ISO 3382-1), followed back along its leading edge for at most 1 ms.
*/
uint32_t fal_shape_onset(const FalAudio* audio);

/**
   Reshape in place.

   @param audio Its samples may be reallocated or shortened; never empty.
   @return #FAL_OK, #FAL_ERR_BAD_ARG (nothing would be left, or a value is not
   finite or negative) or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_shape_apply(FalAudio* audio, const FalShape* shape);

#endif // FAL_IR_SHAPE_H
