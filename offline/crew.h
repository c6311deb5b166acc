// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file crew.h A convolution, and the threads that share its work

#ifndef FAL_OFFLINE_CREW_H
#define FAL_OFFLINE_CREW_H

#include "core/attributes.h"
#include "core/ola.h"
#include "core/route.h"
#include "core/status.h"
#include "offline/planes.h"

#include <stdbool.h>
#include <stdint.h>

/// A streaming convolution on several threads
typedef struct FalCrew FalCrew;

/// Which numbers the transforms are made of
typedef enum {
  FAL_PRECISION_SINGLE, ///< Rounding at -130 dB
  FAL_PRECISION_DOUBLE  ///< From the file to the file; several times slower
} FalPrecision;

/**
   Make a convolution, and n_workers - 1 threads beside the caller's.

   The bits of the result do not depend on their number. In double precision
   one thread does all the work of a block, beside the caller if there are two.

   @param config,routes As for fal_ola_new().
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_crew_new(FalCrew** crew, FalPrecision precision,
                                     const FalOlaConfig* config,
                                     const FalRoute* routes, uint32_t n_routes);

/// End the threads and free all; null is fine
void fal_crew_free(FalCrew* crew);

/// Whether its blocks are planes of doubles
bool fal_crew_is_double(const FalCrew* crew);

/// Frames in each block
uint32_t fal_crew_block(const FalCrew* crew);

/**
   Begin to convolve the next block, as fal_ola_start().

   @param in [n_inputs][block], or null for silence.
   @param out [n_outputs][block], overwritten by fal_crew_finish().

   The other threads begin; the caller may do something else meanwhile.
*/
void fal_crew_start(FalCrew* crew, const FalPlanes* in, const FalPlanes* out);

/// Help with what is left of the block, and wait for the others
void fal_crew_finish(FalCrew* crew);

/// Forget what was played
void fal_crew_reset(FalCrew* crew);

#endif // FAL_OFFLINE_CREW_H
