// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file plan.h Non-uniform partitions: from lengths to levels. Pure.

   The response is cut into partitions of a few sizes, the levels. Level 0 has
   the block that the engine advances by, starts at the response's first frame,
   and is computed in the call that its input comes in. A block of another
   level, of B frames, is collected in one window of B frames and worked on in
   the next, so that its response is due two windows after its first frame:
   the level starts at frame 2B of the response (Gardner 1995, section 4; García
   2002, section 3). Each level ends where the next one starts.
*/

#ifndef FAL_CORE_PLAN_H
#define FAL_CORE_PLAN_H

#include <stdint.h>

/// Most levels of a plan
#define FAL_MAX_LEVELS 6U

/// Smallest and largest block of level 0
#define FAL_MIN_BLOCK 16U
#define FAL_MAX_BLOCK 1024U

/**
   Largest partition of any level.

   Larger ones would save little even for long halls, while the end of such a
   hall takes up to three of the largest to follow an exchange of kernels.
*/
#define FAL_MAX_PARTITION 32768U

/// The levels of an engine
typedef struct {
  uint32_t n_levels;                ///< At least 1
  uint32_t blocks[FAL_MAX_LEVELS];  ///< Powers of two, rising
  uint32_t offsets[FAL_MAX_LEVELS]; ///< First frame of the response: 0, or 2B

  /// Level l is used by responses longer than this many frames; rising, from 0
  uint32_t from[FAL_MAX_LEVELS];
} FalPlan;

/// The block of level 0 that suits calls of `nominal` frames, 0 if unknown
uint32_t fal_plan_block(uint32_t nominal);

/**
   Choose the cheapest levels.

   @param block Of level 0: a power of two, #FAL_MIN_BLOCK to #FAL_MAX_BLOCK.
   @param longest Length in frames for which the levels shall be best; shorter
   and longer responses work with them as well.
*/
void fal_plan_init(FalPlan* plan, uint32_t block, uint32_t longest,
                   uint32_t n_inputs, uint32_t n_outputs);

/// Levels that a response of n frames uses
uint32_t fal_plan_n_levels(const FalPlan* plan, uint32_t n_frames);

/// Partitions of a level that a response of n frames has
uint32_t fal_plan_n_partitions(const FalPlan* plan, uint32_t level,
                               uint32_t n_frames);

/// The most partitions that a response of n frames, or a shorter one, has
uint32_t fal_plan_capacity(const FalPlan* plan, uint32_t level,
                           uint32_t n_frames);

#endif // FAL_CORE_PLAN_H
