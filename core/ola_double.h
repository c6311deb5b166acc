// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ola_double.h Streaming convolution in double precision.

   As ola.h, several times slower, and exact to -300 dB: for results that are to
   be rounded once, at the very end.
*/

#ifndef FAL_CORE_OLA_DOUBLE_H
#define FAL_CORE_OLA_DOUBLE_H

#include "core/attributes.h"
#include "core/ola.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

/// A streaming convolution in double precision
typedef struct FalOlaDouble FalOlaDouble;

/// As fal_ola_new(); there is one worker
FAL_NODISCARD FalStatus fal_ola_double_new(FalOlaDouble**      ola,
                                           const FalOlaConfig* config,
                                           const FalRoute*     routes,
                                           uint32_t            n_routes);

/// Free it; null is fine
void fal_ola_double_free(FalOlaDouble* ola);

/// Frames in each call of fal_ola_double_process()
uint32_t fal_ola_double_block(const FalOlaDouble* ola);

/**
   Convolve the next block; see fal_ola_process().

   @param in [n_inputs][block], or null for silence. Finite.
   @param out [n_outputs][block], overwritten; may be the inputs.
*/
void fal_ola_double_process(FalOlaDouble* ola, const double* const* in,
                            double* const* out);

/// Forget what was played
void fal_ola_double_reset(FalOlaDouble* ola);

#endif // FAL_CORE_OLA_DOUBLE_H
