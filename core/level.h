// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file level.h One size of partitions at work.

   A block of input is transformed, multiplied with the spectra of up to two
   kernels (voices: the present one, and the next while kernels are exchanged),
   transformed back, and overlap-added. Level 0 does this at once. The others
   do it in units, spread over the slots of a window (schedule.h):

       analyse      chunks of columns, for each input, in two steps
       rows         row by row: to the bins of each input and into the ring of
                    past spectra; for each sink of each voice the sums, in
                    pieces, and back
       synthesise   chunks of columns, for each voice and output, in two steps

   A row is transformed, summed and transformed back while it is in the cache.
*/

#ifndef FAL_CORE_LEVEL_H
#define FAL_CORE_LEVEL_H

#include "core/arena.h"
#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/ring.h"
#include "core/schedule.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The present kernel's answer, and the next one's
#define FAL_N_VOICES 2U

/// What is kept for a voice
typedef struct {
  const FalKernelLevel* kernel; ///< In this window; null if it has no part
  float*                heard;  ///< [n_outputs][block]: made in the last window
  float*                made;   ///< [n_outputs][block]: made in this window
  float*                overlap; ///< [n_outputs][block]
  float*                matrix;  ///< [n_outputs][2 * block]
} FalLevelVoice;

/// The next unit of work
typedef struct {
  enum { FAL_ANALYSE, FAL_ROWS, FAL_SYNTHESISE, FAL_DONE } phase;
  uint32_t     index;   ///< Chunk or row
  uint32_t     voice;   ///< Of the sink or output
  uint32_t     channel; ///< Input, sink or output
  bool         halfway; ///< Columns: one step is done. Rows: all inputs are in
  uint32_t     block;   ///< Blocks of the sink's row that are summed
  const float* h;       ///< Where the next block's spectra start
} FalCursor;

/// A level
typedef struct {
  const FalFft* fft;
  uint32_t      block;
  uint32_t      n_inputs;
  uint32_t      n_outputs;
  uint32_t      n_slots; ///< Of a window; 1 at level 0

  FalRing  ring;
  FalRing* grown; ///< Where a larger ring came from and the old one goes

  const float*  input;        ///< Block of input 0
  size_t        input_stride; ///< To the same block of the next input
  FalSchedule   schedule;
  FalCursor     cursor;
  uint32_t      piece; ///< Blocks that are summed in one unit
  FalLevelVoice voices[FAL_N_VOICES];

  float* matrix;  ///< [n_inputs][2 * block]
  float* sums;    ///< [2][2 * n_columns]
  float* scratch; ///< For slices of transforms
  void*  memory;
} FalLevel;

/**
   Make a level.

   @param n_slots Of a window: block / block of level 0.
   @param capacity Of the ring; 0 for a level that no kernel uses yet.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_level_init(FalLevel* level, const FalFft* fft,
                                       uint32_t n_inputs, uint32_t n_outputs,
                                       uint32_t n_slots, uint32_t capacity);

/// Blocks of bins in a row
FAL_RT static inline uint32_t
fal_level_row_blocks(const FalLevel* const level)
{
  return level->fft->n_columns / FAL_BLOCK_BINS;
}

/// Free what a level holds
void fal_level_clear(FalLevel* level);

/// Forget all input
FAL_RT void fal_level_reset(FalLevel* level);

/**
   Publish what the last window made, and start to work on another block.

   @param input Block of input 0; stays until the window is over.
   @param input_stride Floats from an input's block to the next input's.
   @param kernels For each voice, null for none.
*/
FAL_RT void fal_level_begin(FalLevel* level, const float* input,
                            size_t input_stride, FalKernel* const* kernels,
                            uint32_t index);

/// Lay out the work of the window that begins (fal_level_begin() calls it)
FAL_RT void fal_level_plan_work(FalLevel* level);

/// Run the units of the next slot
FAL_RT void fal_level_run(FalLevel* level);

/// Put a row of an input's spectrum into the ring
FAL_RT void fal_level_push(FalLevel* level, uint32_t row, uint32_t input);

/**
   Sum blocks of a row for a sink.

   @param first 1 to leave out the newest block, which is not in the ring yet.
   @param from First block; `to` is the one to stop before.
   @param h The sink's spectra for the row, from block `from` on.
   @return The spectra from block `to` on.
*/
FAL_RT const float* fal_level_sum(FalLevel* level, const FalSink* sink,
                                  uint32_t row, uint32_t first, uint32_t from,
                                  uint32_t to, const float* h);

/// Transform the sums of a row back, to the voice's matrices
FAL_RT void fal_level_back(FalLevel* level, const FalLevelVoice* voice,
                           const FalSink* sink, uint32_t row);

#endif // FAL_CORE_LEVEL_H
