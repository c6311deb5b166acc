// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file sum_ops.h Sums of products of spectra: the hottest loops.

   Spectra are in blocks of 16 bins, 16 real parts and then 16 imaginary parts
   (fft.h), aligned to 64 bytes. A row is some blocks; the past spectra of a
   block lie in a ring of slots, the newest at the ring's head.

   One source (sum_ops.c) is compiled for each instruction set, as simd.h's is.
*/

#ifndef FAL_CORE_SUM_OPS_H
#define FAL_CORE_SUM_OPS_H

#include "core/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
   One input's part in a row of sums: its past spectra, in rings.

   Slot (head + p) mod capacity of each ring holds the block of the row that
   is p windows older than the one at `head`.
*/
typedef struct {
  const float*    x;            ///< [n_blocks][capacity][32]
  const uint32_t* n_partitions; ///< [n_blocks]: how many count, per block
} FalTerm;

/// Where the rings of a row stand
typedef struct {
  uint32_t from;     ///< First block to sum
  uint32_t to;       ///< Block to stop before
  uint32_t capacity; ///< Slots in each ring
  uint32_t head;     ///< The slot that partition `first` meets
  uint32_t n_valid;  ///< Partitions that meet something
  uint32_t first;    ///< Partitions to leave out
} FalRow;

/// Where the sums of one or two outputs go
typedef struct {
  uint32_t n_outputs;
  bool     adds;    ///< To what stands in y, instead of overwriting it
  float*   y[2];    ///< [n_blocks][32]
  float*   next[2]; ///< The same for the next window, or unused
} FalSums;

/// The loops for one instruction set; all of them may run in the audio thread
typedef struct {
  /// One block: y[32] += sum over p of x[p][32] * h[p][32], complex
  void (*accumulate)(float* y, const float* x, const float* h,
                     uint32_t n_partitions);

  /**
     Sum rows: y[b] = or += sum over terms and partitions of x * h.

     @param h From block `from` on:
     [blocks][n_terms][n_partitions][n_outputs][32].
     @return Where block `to` starts in `h`.
  */
  const float* (*sum_row)(const FalSums* sums, const FalRow* row,
                          const FalTerm* terms, uint32_t n_terms,
                          const float* h);

  /**
     Sum rows for two windows, and read the partitions once.

     As `sum_row` with `first` 0, and next[b] = sum over terms and partitions
     p of x[head - 1 + p] * h[p]: what the same partitions give in the next
     window, where all are one window older. Slot head - 1 holds something.
  */
  const float* (*sum_ahead)(const FalSums* sums, const FalRow* row,
                            const FalTerm* terms, uint32_t n_terms,
                            const float* h);

  /**
     Sum one partition: y[b] = or += sum over terms of x[head] * h.

     @param h From block `from` on: [blocks][n_terms][n_outputs][32].
  */
  void (*sum_slot)(const FalSums* sums, const FalRow* row, const FalTerm* terms,
                   uint32_t n_terms, const float* h);
} FalSumOps;

/// The fastest loops for this processor
const FalSumOps* fal_sum_ops_get(void);

/// The loops numbered `i` that this processor can run, plain ones first; or
/// null
const FalSumOps* fal_sum_ops_variant(uint32_t i);

#endif // FAL_CORE_SUM_OPS_H
