// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file lanes.h A convolution cut into parts that run side by side

#ifndef FAL_OFFLINE_LANES_H
#define FAL_OFFLINE_LANES_H

#include "core/attributes.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

/// A convolution of n inputs to m outputs on several threads
typedef struct FalLanes FalLanes;

/// What it is made for
typedef struct {
  uint32_t        n_inputs;
  uint32_t        n_outputs;
  const FalRoute* routes; ///< [n_routes], read during fal_lanes_new() only
  uint32_t        n_routes;
  uint32_t        n_threads; ///< The caller's and n - 1 more; at least 1
  uint32_t        block;     ///< Frames in each block; a power of two >= 16
} FalLanesConfig;

/**
   Make a convolution.

   Outputs that share no input are lanes of their own, whatever the number of
   threads: so the bits of the result do not depend on it.

   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_lanes_new(FalLanes**            lanes,
                                      const FalLanesConfig* config);

/// End the threads and free all; null is fine
void fal_lanes_free(FalLanes* lanes);

/// Frames in each block
uint32_t fal_lanes_block(const FalLanes* lanes);

/**
   Begin to convolve the next block.

   With more than one thread the others begin while the caller does something
   else.

   @param in [n_inputs][block], or null for silence.
   @param out [n_outputs][block], overwritten; not among the inputs. Both
   belong to the lanes until fal_lanes_finish().
*/
void fal_lanes_start(FalLanes* lanes, const float* const* in,
                     float* const* out);

/// Help with what is left of the block, and wait for the others
void fal_lanes_finish(FalLanes* lanes);

/// Forget what was played
void fal_lanes_reset(FalLanes* lanes);

#endif // FAL_OFFLINE_LANES_H
