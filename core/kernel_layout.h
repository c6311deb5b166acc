// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file kernel_layout.h What is inside a kernel, for those who run it.

   At each level, outputs that are fed by the same inputs are taken in twos: a
   pair of outputs is a sink, and so is an output without a partner. The
   spectra of a sink lie in the order in which they are read: row by row of the
   transform, in a row block by block of 16 bins, then input by input,
   partition by partition, output by output.
*/

#ifndef FAL_CORE_KERNEL_LAYOUT_H
#define FAL_CORE_KERNEL_LAYOUT_H

#include "core/kernel.h"
#include "core/plan.h"
#include "core/ring.h"

#include <stddef.h>
#include <stdint.h>

/// One or two outputs, and the inputs that feed them
typedef struct {
  uint32_t  n_outputs;  ///< 1 or 2
  uint32_t  outputs[2]; ///< Their indices
  uint32_t  n_terms;    ///< Inputs
  uint32_t* inputs;     ///< [n_terms]
  uint32_t*
         n_partitions; ///< [n_terms][blocks in a row]: how many are not skipped
  size_t row_floats;   ///< Floats of `h` in a row
  float* h;            ///< [rows][row_floats]
} FalSink;

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
