// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/attributes.h"
#include "core/cost.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/level.h"
#include "core/schedule.h"

#include <assert.h>

/// Chunks of columns to transform back: one row has them all in one
FAL_RT static uint32_t
n_synthesis_chunks(const FalLevel* const level)
{
  const uint32_t n_chunks = fal_fft_n_chunks(level->fft);
  return n_chunks ? n_chunks : 1U;
}

FAL_RT static uint32_t
half_cost(const uint32_t n_points)
{
  return FAL_COST_POINT * n_points + FAL_COST_SLICE;
}

/// Cost of either step of a chunk of columns
FAL_RT static uint32_t
chunk_cost(const FalLevel* const level)
{
  return half_cost(level->block / n_synthesis_chunks(level)) / 2U;
}

/// Cost of some blocks of a sink's row
FAL_RT static uint32_t
sum_cost(const FalLevel* const level, const FalSink* const sink,
         const uint32_t n_blocks)
{
  const uint64_t n_bins   = sink->row_floats / 2U;
  const uint32_t n_pieces = fal_level_row_blocks(level);
  assert(n_pieces);
  return (uint32_t)(n_bins * FAL_COST_MAC_BIN * n_blocks / n_pieces);
}

FAL_RT static uint32_t
back_cost(const FalLevel* const level, const FalSink* const sink)
{
  return sink->n_outputs * half_cost(level->fft->n_columns);
}

/// Cost of what a voice does in a window
FAL_RT static uint64_t
voice_cost(const FalLevel* const level, const FalKernelLevel* const kernel)
{
  uint64_t row = 0U;
  for (uint32_t s = 0U; s < kernel->n_sinks; ++s) {
    const FalSink* const sink = &kernel->sinks[s];
    row += back_cost(level, sink);
    row += sum_cost(level, sink, fal_level_row_blocks(level));
  }
  return row * level->fft->n_rows + 2U * (uint64_t)n_synthesis_chunks(level) *
                                      level->n_outputs * chunk_cost(level);
}

/// Cost of all the units of a window
FAL_RT static uint64_t
window_cost(const FalLevel* const level)
{
  const uint64_t n_chunks = fal_fft_n_chunks(level->fft);

  uint64_t cost =
    (2U * n_chunks * chunk_cost(level) +
     (uint64_t)level->fft->n_rows * half_cost(level->fft->n_columns)) *
    level->n_inputs;
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    if (level->voices[v].kernel) {
      cost += voice_cost(level, level->voices[v].kernel);
    }
  }
  return cost;
}

/// Choose pieces of sums that take no more than half a slot
FAL_RT static void
set_piece(FalLevel* const level, const uint64_t window)
{
  const uint64_t budget = window / (2U * (uint64_t)level->n_slots);

  level->piece = fal_level_row_blocks(level);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    const FalKernelLevel* const kernel = level->voices[v].kernel;
    for (uint32_t s = 0U; kernel && s < kernel->n_sinks; ++s) {
      while (level->piece > 1U &&
             sum_cost(level, &kernel->sinks[s], level->piece) > budget) {
        level->piece = (level->piece + 1U) / 2U;
      }
    }
  }
}

FAL_RT void
fal_level_plan_work(FalLevel* const level)
{
  const uint64_t cost = window_cost(level);

  level->cursor = (FalCursor){.phase = FAL_ANALYSE};
  set_piece(level, cost);
  fal_schedule_begin(&level->schedule, cost, level->n_slots);
}

/// Channels of a voice in the present phase: sinks, or outputs
FAL_RT static uint32_t
n_channels(const FalLevel* const level)
{
  const FalKernelLevel* const kernel =
    level->voices[level->cursor.voice].kernel;
  return !kernel                           ? 0U
         : level->cursor.phase == FAL_ROWS ? kernel->n_sinks
                                           : level->n_outputs;
}

/// Step over voices that have no more units here; false if none has
FAL_RT static bool
find_voice(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;
  while (cursor->channel >= n_channels(level)) {
    cursor->channel = 0U;
    cursor->block   = 0U;
    if (cursor->phase == FAL_SYNTHESISE) {
      cursor->halfway = false;
    }
    if (++cursor->voice == FAL_N_VOICES) {
      cursor->voice = 0U;
      return false;
    }
  }
  return true;
}

/**
   Move the cursor on to where there is a unit, or to the end.

   A voice can leave in the middle of a window, so this is found out anew before
   each unit.
*/
FAL_RT static void
find_unit(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;

  if (cursor->phase == FAL_ANALYSE) {
    if (cursor->channel == level->n_inputs) {
      cursor->channel = 0U;
      ++cursor->index;
    }
    if (cursor->index == fal_fft_n_chunks(level->fft)) {
      *cursor = (FalCursor){.phase = FAL_ROWS};
    }
  }

  if (cursor->phase == FAL_ROWS && !cursor->halfway &&
      cursor->channel == level->n_inputs) {
    cursor->channel = 0U;
    cursor->halfway = true;
  }
  if (cursor->phase == FAL_ROWS && cursor->halfway && !find_voice(level)) {
    cursor->halfway = false;
    if (++cursor->index == level->fft->n_rows) {
      *cursor = (FalCursor){.phase = FAL_SYNTHESISE};
    }
  }

  if (cursor->phase == FAL_SYNTHESISE) {
    while (cursor->index < n_synthesis_chunks(level) && !find_voice(level)) {
      ++cursor->index;
    }
    if (cursor->index == n_synthesis_chunks(level)) {
      cursor->phase = FAL_DONE;
    }
  }
}

/// Blocks in the next piece of a sink's row; 0 if all are summed
FAL_RT static uint32_t
n_piece_blocks(const FalLevel* const level)
{
  const uint32_t n_left = fal_level_row_blocks(level) - level->cursor.block;
  return level->piece < n_left ? level->piece : n_left;
}

FAL_RT static const FalSink*
present_sink(const FalLevel* const level)
{
  const FalCursor* const cursor = &level->cursor;
  return &level->voices[cursor->voice].kernel->sinks[cursor->channel];
}

FAL_RT static uint32_t
unit_cost(const FalLevel* const level)
{
  if (level->cursor.phase != FAL_ROWS) {
    return chunk_cost(level);
  }
  if (!level->cursor.halfway) {
    return half_cost(level->fft->n_columns);
  }

  const uint32_t n_blocks = n_piece_blocks(level);
  return n_blocks ? sum_cost(level, present_sink(level), n_blocks)
                  : back_cost(level, present_sink(level));
}

/// Run the next unit of a row: into the ring, a piece of the sums, or back
FAL_RT static void
run_row(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;
  if (!cursor->halfway) {
    fal_level_push(level, cursor->index, cursor->channel++);
    return;
  }

  const FalSink* const sink = present_sink(level);
  const uint32_t       n    = n_piece_blocks(level);
  if (n) {
    const float* const h =
      cursor->block ? cursor->h : sink->h + cursor->index * sink->row_floats;
    cursor->h = fal_level_sum(level, sink, cursor->index, 0U, cursor->block,
                              cursor->block + n, h);
    cursor->block += n;
  } else {
    fal_level_back(level, &level->voices[cursor->voice], sink, cursor->index);
    cursor->block = 0U;
    ++cursor->channel;
  }
}

/// Run the next step of a chunk of an input's columns
FAL_RT static void
run_analysis(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;
  const size_t     c      = cursor->channel;
  if (cursor->halfway) {
    fal_fft_forward_columns_put(level->fft,
                                level->matrix + 2U * c * level->block,
                                cursor->index, level->scratch);
    ++cursor->channel;
  } else {
    fal_fft_forward_columns_take(level->fft,
                                 level->input + c * level->input_stride,
                                 cursor->index, level->scratch);
  }
  cursor->halfway = !cursor->halfway;
}

/// Run the next step of a chunk of an output's columns
FAL_RT static void
run_synthesis(FalLevel* const level)
{
  FalCursor* const           cursor = &level->cursor;
  const FalLevelVoice* const voice  = &level->voices[cursor->voice];
  const size_t               at     = (size_t)cursor->channel * level->block;
  if (cursor->halfway) {
    fal_fft_inverse_columns_add(level->fft, voice->made + at,
                                voice->overlap + at, voice->matrix + 2U * at,
                                cursor->index, level->scratch);
    ++cursor->channel;
  } else {
    fal_fft_inverse_columns_take(level->fft, voice->matrix + 2U * at,
                                 cursor->index, level->scratch);
  }
  cursor->halfway = !cursor->halfway;
}

FAL_RT static void
run_unit(FalLevel* const level)
{
  switch (level->cursor.phase) {
    case FAL_ANALYSE:
      run_analysis(level);
      break;
    case FAL_ROWS:
      run_row(level);
      break;
    case FAL_SYNTHESISE:
      run_synthesis(level);
      break;
    case FAL_DONE:
      break;
  }
}

FAL_RT void
fal_level_run(FalLevel* const level)
{
  for (find_unit(level); level->cursor.phase != FAL_DONE; find_unit(level)) {
    const uint32_t cost = unit_cost(level);
    if (!fal_schedule_wants(&level->schedule, cost)) {
      break;
    }
    run_unit(level);
    fal_schedule_spend(&level->schedule, cost);
  }
  fal_schedule_advance(&level->schedule);
}
