// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file level.h One size of partitions at work.

   A block of input is transformed, multiplied with the spectra of up to two
   kernels (voices: the present one, and the next while kernels are exchanged),
   transformed back, and overlap-added. Level 0 does this at once. The others
   do it in units, spread over the slots of a window (schedule.h):

       analyse      chunks of columns, for each input, in two steps
       groups       group by group: to the bins of each input and into the ring
                    of past spectra; for each sink of each voice the sums, in
                    pieces, and back
       synthesise   chunks of columns, for each voice and output, in two steps

   A group is transformed, summed and transformed back while it is in the cache.

   What bounds the sums is the reading of spectra. All partitions but the newest
   meet input that was there a window ago. So in each window one half of each
   group is summed for two windows at a time, and its partitions are read once
   for both; the other half, whose turn it was in the last window, takes its
   sums from there. The newest partition is added in its own window.
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
#include "core/sum_ops.h"

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
  float* ahead; ///< [n_outputs][groups][half a group]: sums for the
                ///< next window, or made in the last
  bool is_new;  ///< Nothing was summed ahead
} FalLevelVoice;

/// The next unit of work
typedef struct {
  enum {
    FAL_ANALYSE,    ///< A step of a chunk of an input's columns
    FAL_PUSH,       ///< A step of an input's group, into the ring
    FAL_NEWEST,     ///< The newest partition of some blocks of a sink's group
    FAL_SUM,        ///< The older partitions
    FAL_BACK,       ///< A step of an output's group, back
    FAL_SYNTHESISE, ///< A step of a chunk of an output's columns
    FAL_DONE
  } phase;
  uint32_t index;   ///< Chunk or group
  uint32_t voice;   ///< Of the sink or output
  uint32_t channel; ///< Input, sink or output
  uint32_t output;  ///< Of the sink
  uint32_t step;
  uint32_t block; ///< Blocks of the sink's group that are summed. Of the older
                  ///< partitions, the half
                  ///< that was summed ahead comes first
  const float* h; ///< Where the next block's spectra start
} FalCursor;

/// A level
typedef struct {
  const FalFft*    fft;
  const FalSumOps* ops;
  uint32_t         block;
  uint32_t         n_inputs;
  uint32_t         n_outputs;
  uint32_t         n_slots; ///< Of a window; 1 at level 0

  FalRing  ring;
  FalRing* grown; ///< Where a larger ring came from and the old one goes

  const float*  input;        ///< Block of input 0
  size_t        input_stride; ///< To the same block of the next input
  FalSchedule   schedule;
  FalCursor     cursor;
  uint32_t      piece;        ///< Blocks that are summed in one unit
  uint32_t      newest_piece; ///< The same of the newest partition
  bool          flipped; ///< The second half of each group was summed ahead
  FalLevelVoice voices[FAL_N_VOICES];

  float* matrix;  ///< [n_inputs][2 * block]
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

/// What the cursor's unit costs
FAL_RT uint32_t fal_level_unit_cost(const FalLevel* level);

/// Run the units of the next slot
FAL_RT void fal_level_run(FalLevel* level);

/// Chunks of columns to transform back: a small block has them all in one
FAL_RT static inline uint32_t
fal_level_n_synthesis_chunks(const FalLevel* const level)
{
  return level->fft->n_chunks ? level->fft->n_chunks : 1U;
}

/// The cursor's sink
FAL_RT static inline const FalSink*
fal_level_sink(const FalLevel* const level)
{
  const FalCursor* const cursor = &level->cursor;
  return &level->voices[cursor->voice].kernel->sinks[cursor->channel];
}

/// Blocks of the cursor's sink that are summed; half of them were ahead, unless
/// the voice is new
FAL_RT static inline uint32_t
fal_level_n_summed(const FalLevel* const level)
{
  const FalCursor* const cursor = &level->cursor;
  const uint32_t         half   = level->fft->n_blocks / 2U;
  return level->voices[cursor->voice].is_new || cursor->block > half
           ? cursor->block
           : half;
}

/// A step of putting a group of an input's spectrum into the ring
FAL_RT void fal_level_push(FalLevel* level, uint32_t group, uint32_t input,
                           uint32_t step);

/// Some blocks of a sink's group; their sums stand in the voice's matrices
typedef struct {
  const FalLevelVoice* voice;
  const FalSink*       sink;
  uint32_t             group;
  uint32_t             from; ///< First block
  uint32_t             to;   ///< Block to stop before
} FalLevelPart;

/// Sum the newest partition, in place of what stands there
FAL_RT void fal_level_sum_newest(const FalLevel* level, FalLevelPart part);

/**
   Sum the older partitions.

   @param h The sink's older spectra for the group, from the first block on.
   @param adds To what stands there, instead of in its place.
   @return The spectra from the block on where the part ends.
*/
FAL_RT const float* fal_level_sum_older(const FalLevel* level,
                                        FalLevelPart part, const float* h,
                                        bool adds);

/// Add the older partitions, and sum them for the next window as well: as
/// above, for blocks of one half
FAL_RT const float* fal_level_sum_ahead(const FalLevel* level,
                                        FalLevelPart part, const float* h);

/// Add what was summed ahead in the last window; the part is one half
FAL_RT void fal_level_take(const FalLevel* level, FalLevelPart part);

/// A step of transforming the sums of a group back, for one of the sink's
/// outputs
FAL_RT void fal_level_back(const FalLevel* level, const FalLevelVoice* voice,
                           const FalSink* sink, uint32_t group, uint32_t o,
                           uint32_t step);

#endif // FAL_CORE_LEVEL_H
