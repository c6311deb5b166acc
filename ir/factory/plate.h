// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file plate.h A sheet of steel in a frame, shaken at one point

#ifndef FAL_IR_FACTORY_PLATE_H
#define FAL_IR_FACTORY_PLATE_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/acoustics.h"
#include "ir/factory/random.h"
#include "ir/factory/response.h"

/// A rectangular plate with one driver and two pickups
typedef struct {
  double length_m;
  double width_m; ///< In no simple ratio to the length: modes would coincide
  double thickness_m;
  double driver_m[2];
  double pickups_m[2][2];         ///< Left, right
  double rt60_s[FAL_N_OCTAVES];   ///< As the damper sets it
  double level_db[FAL_N_OCTAVES]; ///< Of driver and pickups
  double highest_hz;              ///< Mode that is heard
  double detuning; ///< Relative, rms: tension and edges are uneven
} FalPlate;

/**
   Render the velocity at the pickups after a unit impulse of force.

   A sum of all bending modes of a simply supported Kirchhoff plate of steel
   (Arcas & Chaigne 2010), more than one a hertz: the dispersion that lets high
   frequencies arrive first comes by itself.

   @param response Two channels, added to.
*/
FAL_NODISCARD FalStatus fal_plate_render(FalResponse*    response,
                                         const FalPlate* plate,
                                         FalRandom*      random);

#endif // FAL_IR_FACTORY_PLATE_H
