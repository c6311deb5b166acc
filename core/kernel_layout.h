// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file kernel_layout.h What is inside a kernel, for those who run it.

   At each level, outputs that are fed by the same inputs are taken in twos: a
   pair of outputs is a sink, and so is an output without a partner. The
   spectra of a sink lie in the order in which they are read: group by group of
   the transform. A group starts with the newest partition, which meets the
   window that has just come: block by block of 16 bins, input by input, output
   by output. Then come the older partitions: block by block, input by input,
   partition by partition, output by output.
*/

#ifndef FAL_CORE_KERNEL_LAYOUT_H
#define FAL_CORE_KERNEL_LAYOUT_H

#include "core/kernel.h"
#include "core/plan.h"
#include "core/ring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One or two outputs, and the inputs that feed them
typedef struct {
  uint32_t  n_outputs;  ///< 1 or 2
  uint32_t  outputs[2]; ///< Their indices
  uint32_t  n_terms;    ///< Inputs
  uint32_t* inputs;     ///< [n_terms]
  uint32_t* n_older;    ///< [n_terms][blocks in a group]: older partitions that
                        ///< are not skipped
  size_t newest_floats; ///< Floats of the newest partition in a group
  size_t half_floats;   ///< … and of the older ones in its first half
  size_t group_floats;  ///< … and of the whole group
  float* h;             ///< [groups][group_floats]
} FalSink;

/// Where the older partitions of a group, or of its second half, start
static inline const float*
fal_sink_older(const FalSink* const sink, const uint32_t group,
               const bool second_half)
{
  return sink->h + group * sink->group_floats + sink->newest_floats +
         (second_half ? sink->half_floats : 0U);
}

/// The spectra for one level
typedef struct {
  uint32_t n_sinks; ///< 0 if the response ends before the level
  FalSink* sinks;   ///< [n_sinks]
} FalKernelLevel;

/// The first block of a response in time, for calls that are no whole blocks
typedef struct {
  uint32_t input;
  uint32_t output;
  float*   taps; ///< [block], with #FAL_DIRECT_PAD zeros before and after
} FalHead;

struct FalKernel {
  uint32_t       n_levels; ///< Levels that the longest response reaches
  FalKernelLevel levels[FAL_MAX_LEVELS];
  uint32_t       n_heads;
  FalHead*       heads;                   ///< [n_heads]
  FalRing        rings[FAL_MAX_LEVELS];   ///< For a longer history, or empty
  void*          spectra[FAL_MAX_LEVELS]; ///< Memory behind the sinks' `h`
  void*          tables;                  ///< Memory behind all other lists
};

#endif // FAL_CORE_KERNEL_LAYOUT_H
