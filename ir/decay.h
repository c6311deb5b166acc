// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file decay.h How a response dies away, and where noise takes over.

   The decay and the noise are told apart after Lundeby, Vigran, Bietz and
   Vorländer, "Uncertainties of measurements in room acoustics" (Acustica 81,
   1995): a line is fitted to the level in short intervals above the noise, the
   noise is measured behind the point where both meet, and again until they
   agree.
*/

#ifndef FAL_IR_DECAY_H
#define FAL_IR_DECAY_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// A line in the level of a response over time, and the noise under it
typedef struct {
  bool     is_valid;   ///< There is a decay of 10 dB or more; else all is 0
  double   slope_db_s; ///< Below 0
  double   start_db;   ///< Power in a frame that the line has at frame 0
  double   noise_db;   ///< Of a frame of the noise; peak - 100 or more
  uint32_t knee;       ///< Frame at which the line meets the noise, or the end
} FalDecay;

/**
   Fit a decay.

   @param x [n_frames], starting with the direct sound; best of an octave band.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_decay_fit(FalDecay* decay, const float* x,
                                      uint32_t n_frames, double rate_hz);

#endif // FAL_IR_DECAY_H
