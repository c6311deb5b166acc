// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file acoustics.h Room-acoustic measures of a response.

   After ISO 3382-1:2009: the squared response is integrated backwards
   (Schroeder 1965) from the point where noise takes over (decay.h); what lies
   beyond is added as the decay would have gone on. Time counts from the onset.
*/

#ifndef FAL_IR_ACOUSTICS_H
#define FAL_IR_ACOUSTICS_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/bands.h"

#include <stdbool.h>
#include <stdint.h>

/// A reverberation time, and whether it may be relied on
typedef struct {
  double seconds;  ///< For 60 dB; 0 if it cannot be told
  bool   is_valid; ///< The range is there, with the distance from the noise
                   ///< that ISO 3382-1 asks for, and longer than the filter's
                   ///< own decay: bandwidth * seconds > 8
} FalDecayTime;

/// The measures of a band
typedef struct {
  double       centre_hz;  ///< 0: all frequencies
  FalDecayTime edt;        ///< 0 … -10 dB
  FalDecayTime t20;        ///< -5 … -25 dB; the noise 10 dB below that
  FalDecayTime t30;        ///< -5 … -35 dB; the noise 10 dB below that
  double       curvature;  ///< 100 (T30 / T20 - 1) %; beyond 10 not one slope
  double       range_db;   ///< From the start of the decay to the noise
  double       c50_db;     ///< Clarity: before 50 ms over after
  double       c80_db;     ///< Clarity: before 80 ms over after
  double       d50;        ///< Definition: before 50 ms over all, 0 to 1
  bool         has_energy; ///< Else nothing of the above means anything
} FalMeasures;

/// All frequencies, then the octaves
#define FAL_N_MEASURES (FAL_N_BANDS + 1U)

/**
   Measure a channel.

   @param measures [#FAL_N_MEASURES]: all frequencies, then octave bands.
   @param n_measures Set on success: 1 + fal_n_bands(rate_hz).
   @param x [n_frames].
   @param onset Where the direct sound starts, see fal_shape_onset().
   @return #FAL_OK, #FAL_ERR_TOO_LARGE (more than 2^23 frames) or
   #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_acoustics_measure(FalMeasures* measures,
                                              uint32_t*    n_measures,
                                              const float* x, uint32_t n_frames,
                                              uint32_t onset, double rate_hz);

#endif // FAL_IR_ACOUSTICS_H
