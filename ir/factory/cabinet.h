// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file cabinet.h Loudspeaker cabinets for guitar and bass, miked up close

#ifndef FAL_IR_FACTORY_CABINET_H
#define FAL_IR_FACTORY_CABINET_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/response.h"

#include <stdbool.h>
#include <stdint.h>

#define FAL_N_PEAKS_MAX 12U

/// A resonance: bell-shaped in level over the logarithm of frequency
typedef struct {
  double frequency_hz;
  double q;
  double gain_db;
} FalPeak;

/// A cabinet and its microphone
typedef struct {
  double   resonance_hz; ///< Of cone and box
  double   q;            ///< Of that
  bool     open; ///< No back: below the baffle's size, front and back cancel
  double   baffle_m;      ///< Its width
  double   cone_m;        ///< Radius of the cone
  double   cone_speed;    ///< Of bending waves along the cone, m/s
  double   edge;          ///< Share of amplitude the surround throws back
  double   decoupling_hz; ///< Above it, the outer cone comes to rest
  double   inductance_hz; ///< The coil's corner
  double   cutoff_hz; ///< Beyond it the cap is no longer stiff, 24 dB/octave
  FalPeak  peaks[FAL_N_PEAKS_MAX]; ///< Cap, box and break-up
  uint32_t n_peaks;
  double   pitch_m;    ///< Between four speakers, or 0 for one
  double   distance_m; ///< From cap to microphone
  double   offset_m;   ///< From axis to microphone
  double   floor_m;    ///< Height over a floor that reflects, or 0
} FalCabinet;

/**
   Render what a microphone hears of a cabinet, direct sound first.

   The cone is a set of rings that a bending wave reaches one after another,
   from the coil outwards and back from the surround; each point radiates to the
   microphone over its own distance, as do the other speakers and the baffle's
   edges. Box, coil and cap are second-order filters.

   @param response One channel, added to.
*/
FAL_NODISCARD FalStatus fal_cabinet_render(FalResponse*      response,
                                           const FalCabinet* cabinet);

#endif // FAL_IR_FACTORY_CABINET_H
