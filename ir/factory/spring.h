// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file spring.h Helical springs that sound travels along and back

#ifndef FAL_IR_FACTORY_SPRING_H
#define FAL_IR_FACTORY_SPRING_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/acoustics.h"
#include "ir/factory/random.h"
#include "ir/factory/response.h"

#include <stdint.h>

#define FAL_N_SPRINGS_MAX 4U

/// One spring
typedef struct {
  double delay_s;       ///< From end to end, at low frequencies
  double transition_hz; ///< Nothing travels above it
  double gain[2];       ///< To the left and to the right output
} FalSpring;

/// A tank of springs side by side
typedef struct {
  FalSpring springs[FAL_N_SPRINGS_MAX];
  uint32_t  n_springs;
  double    rt60_s[FAL_N_OCTAVES];
  double    level_db[FAL_N_OCTAVES]; ///< Of transducers and amplifiers
  double    blur_s; ///< Spread that the windings' irregularity gives each pass
  double    blur;   ///< Depth of it, radians rms
} FalTank;

/**
   Render the response of a spring tank.

   A wave of frequency f takes delay / sqrt(1 - (f / transition)^2): echoes are
   chirps, each drawn out further than the one before (the low branch of the
   helix's dispersion relation, Parker & Bilbao 2009). The echoes are summed as
   the geometric series they are, in one long spectrum.

   @param response One channel or two, added to.
*/
FAL_NODISCARD FalStatus fal_tank_render(FalResponse*   response,
                                        const FalTank* tank, FalRandom* random);

#endif // FAL_IR_FACTORY_SPRING_H
