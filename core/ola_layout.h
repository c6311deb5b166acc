// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ola_layout.h How a streaming convolution lies in memory.

   A spectrum is used group by group (grid.h), and within a group in blocks of
   16 bins. So the partitions of a block lie side by side: what is summed is
   read in one stream. The history of an input is a ring of partitions, the
   newest at `head`; partition p of a response meets slot (head + p) mod P.
*/

#ifndef FAL_CORE_OLA_LAYOUT_H
#define FAL_CORE_OLA_LAYOUT_H

#include "core/grid.h"
#include "core/ola.h"
#include "core/sum_ops.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/// One output, or two that hear the same inputs, and all that they sum
typedef struct {
  uint32_t  n_outputs;    ///< 1 or 2
  uint32_t  outputs[2];   ///< Indices
  uint32_t  n_terms;      ///< Inputs that are heard, may be 0
  uint32_t  n_partitions; ///< Of the longest response
  uint32_t* inputs;       ///< [n_terms]
  uint32_t* n_all;        ///< [n_columns]: n_partitions, for each block of bins
  float*    bins; ///< [size / 16][n_terms][n_partitions][n_outputs][32], / size
} FalOlaSink;

/// What each thread has for itself
typedef struct {
  FalTerm* terms;   ///< [n_inputs], of the group and sink at work
  float*   sums;    ///< [2][group_floats]
  float*   scratch; ///< [fal_grid_scratch_floats()]
} FalOlaWorker;

/// The phases of a block; each needs all of the one before
typedef enum {
  FAL_OLA_COLUMNS, ///< Forward, by input and chunk of columns
  FAL_OLA_GROUPS,  ///< Forward, products, back: by group of rows
  FAL_OLA_BACK,    ///< Back, by output and chunk of columns
  FAL_OLA_N_PHASES
} FalOlaPhase;

struct FalOla {
  const FalGrid* grid;
  uint32_t       n_inputs;
  uint32_t       n_outputs;
  uint32_t       n_workers;
  uint32_t       n_sinks;
  uint32_t       n_partitions; ///< P, of the longest response
  uint32_t       head;         ///< Slot of the newest block
  uint32_t       n_seen;       ///< Blocks in the history, at most P
  uint32_t       n_silent;     ///< Of them, the newest that are silent
  size_t         group_floats; ///< In a group of bins
  float*         history;      ///< [n_inputs][size / 16][P][32]
  float*         overlaps;     ///< [n_outputs][size]
  float*         matrices;     ///< [max(n_inputs, n_outputs)][2 * size]
  FalOlaWorker*  workers;      ///< [n_workers]
  void*          memory;       ///< What all buffers are carved from

  const float* const* in;                     ///< Of the present block, or null
  float* const*       out;                    ///< Of the present block
  uint32_t            ends[FAL_OLA_N_PHASES]; ///< Units of work until there
  _Atomic uint64_t    next;                   ///< Unit that nobody has begun
  _Atomic uint32_t    n_done;                 ///< Units that are finished
  FalOlaSink          sinks[];                ///< [n_sinks]
};

#endif // FAL_CORE_OLA_LAYOUT_H
