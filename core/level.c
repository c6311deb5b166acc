// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/level.h"

#include "core/attributes.h"
#include "core/cost.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/ring.h"
#include "core/schedule.h"
#include "core/simd.h"

#include <assert.h>
#include <string.h>

/// Most inputs of a sink
#define MAX_TERMS 64U

FAL_RT static uint32_t
n_row_blocks(const FalLevel* const level)
{
  return level->fft->n_columns / FAL_BLOCK_BINS;
}

/// Chunks of columns to transform back: one row has them all in one
FAL_RT static uint32_t
n_synthesis_chunks(const FalLevel* const level)
{
  const uint32_t n_chunks = fal_fft_n_chunks(level->fft);
  return n_chunks ? n_chunks : 1U;
}

/// Copy a row's past from the ring that was outgrown, behind the new head
FAL_RT static void
move_in(FalLevel* const level, const uint32_t row)
{
  const FalRing* const old = level->grown;
  const size_t slot        = FAL_BLOCK_FLOATS * sizeof(float);
  const uint32_t n1        = old->capacity - old->head;
  const uint32_t n         = old->n_valid;
  for (uint32_t i = 0U; i < level->n_inputs; ++i) {
    for (uint32_t b = 0U; b < n_row_blocks(level); ++b) {
      const float* const from =
        fal_ring_slots(old, level->fft, level->n_inputs, row, i, b);
      float* const to =
        fal_ring_slots(&level->ring, level->fft, level->n_inputs, row, i, b) +
        FAL_BLOCK_FLOATS;

      const uint32_t n_first = n < n1 ? n : n1;
      memcpy(to, from + (size_t)old->head * FAL_BLOCK_FLOATS, n_first * slot);
      memcpy(to + (size_t)n_first * FAL_BLOCK_FLOATS, from,
             (n - n_first) * slot);
    }
  }
}

FAL_RT void
fal_level_push(FalLevel* const level, const uint32_t row)
{
  const FalFft* const fft   = level->fft;
  const FalRing* const ring = &level->ring;

  if (level->grown) {
    move_in(level, row);
  }
  for (uint32_t i = 0U; i < level->n_inputs; ++i) {
    fal_fft_forward_row(fft,
                        fal_ring_slots(ring, fft, level->n_inputs, row, i, 0U) +
                          (size_t)ring->head * FAL_BLOCK_FLOATS,
                        (size_t)ring->capacity * FAL_BLOCK_FLOATS,
                        level->matrix + 2U * (size_t)i * level->block,
                        level->input + i * level->input_stride, row,
                        level->scratch);
  }
}

FAL_RT void
fal_level_sum(FalLevel* const level, FalLevelVoice* const voice,
              const FalSink* const sink, const uint32_t row,
              const uint32_t first)
{
  const FalFft* const fft   = level->fft;
  const FalRing* const ring = &level->ring;
  const FalRow shape        = { n_row_blocks(level), ring->capacity,
                                (ring->head + first) % ring->capacity, ring->n_valid,
                                first };

  FalTerm terms[MAX_TERMS];
  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    terms[i].x =
      fal_ring_slots(ring, fft, level->n_inputs, row, sink->inputs[i], 0U);
    terms[i].n_partitions = sink->n_partitions + (size_t)i * shape.n_blocks;
  }

  const float* const h = sink->h + row * sink->row_floats;
  float* const y0      = level->sums;
  float* const y1      = level->sums + 2U * (size_t)fft->n_columns;
  if (sink->n_outputs == 2U) {
    fft->simd->accumulate_row2(y0, y1, &shape, terms, sink->n_terms, h);
  } else {
    fft->simd->accumulate_row(y0, &shape, terms, sink->n_terms, h);
  }

  for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
    fal_fft_inverse_row(
      fft, voice->matrix + 2U * (size_t)sink->outputs[o] * level->block,
      o ? y1 : y0, row, level->scratch);
  }
}

FAL_RT static uint32_t
half_cost(const uint32_t n_points)
{
  return FAL_COST_POINT * n_points + FAL_COST_SLICE;
}

FAL_RT static uint32_t
chunk_cost(const FalLevel* const level)
{
  const uint32_t n_points = level->block / n_synthesis_chunks(level);
  return half_cost(n_points);
}

FAL_RT static uint32_t
push_cost(const FalLevel* const level)
{
  return level->n_inputs * half_cost(level->fft->n_columns);
}

FAL_RT static uint32_t
sink_cost(const FalLevel* const level, const FalSink* const sink)
{
  const uint32_t n_bins = (uint32_t)(sink->row_floats / 2U);
  return n_bins * FAL_COST_MAC_BIN +
         sink->n_outputs * half_cost(level->fft->n_columns);
}

/// Cost of all the units of a window
FAL_RT static uint64_t
window_cost(const FalLevel* const level)
{
  const uint64_t n_rows   = level->fft->n_rows;
  const uint64_t n_chunks = fal_fft_n_chunks(level->fft);

  uint64_t cost =
    n_chunks * level->n_inputs * chunk_cost(level) + n_rows * push_cost(level);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    const FalKernelLevel* const kernel = level->voices[v].kernel;
    if (kernel) {
      for (uint32_t s = 0U; s < kernel->n_sinks; ++s) {
        cost += n_rows * sink_cost(level, &kernel->sinks[s]);
      }
      cost += (uint64_t)n_synthesis_chunks(level) * level->n_outputs *
              chunk_cost(level);
    }
  }
  return cost;
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
      *cursor = (FalCursor){ FAL_ROWS, 0U, 0U, 0U, false };
    }
  }

  if (cursor->phase == FAL_ROWS && cursor->pushed && !find_voice(level)) {
    cursor->pushed = false;
    if (++cursor->index == level->fft->n_rows) {
      *cursor = (FalCursor){ FAL_SYNTHESISE, 0U, 0U, 0U, false };
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

FAL_RT static uint32_t
unit_cost(const FalLevel* const level)
{
  const FalCursor* const cursor = &level->cursor;
  return cursor->phase != FAL_ROWS ? chunk_cost(level)
         : !cursor->pushed
           ? push_cost(level)
           : sink_cost(
               level,
               &level->voices[cursor->voice].kernel->sinks[cursor->channel]);
}

FAL_RT static void
run_unit(FalLevel* const level)
{
  FalCursor* const cursor    = &level->cursor;
  FalLevelVoice* const voice = &level->voices[cursor->voice];
  const size_t c             = cursor->channel;

  switch (cursor->phase) {
    case FAL_ANALYSE:
      fal_fft_forward_columns(level->fft, level->matrix + 2U * c * level->block,
                              level->input + c * level->input_stride,
                              cursor->index, level->scratch);
      ++cursor->channel;
      break;
    case FAL_ROWS:
      if (cursor->pushed) {
        fal_level_sum(level, voice, &voice->kernel->sinks[c], cursor->index,
                      0U);
        ++cursor->channel;
      } else {
        fal_level_push(level, cursor->index);
        cursor->pushed = true;
      }
      break;
    case FAL_SYNTHESISE:
      fal_fft_inverse_columns(level->fft, voice->made + c * level->block,
                              voice->overlap + c * level->block,
                              voice->matrix + 2U * c * level->block,
                              cursor->index, level->scratch);
      ++cursor->channel;
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

/// Take over the larger ring that a kernel has brought
FAL_RT static void
grow(FalLevel* const level, FalRing* const larger)
{
  const FalRing old = level->ring;

  level->ring         = *larger;
  level->ring.head    = 0U;
  level->ring.n_valid = old.n_valid;
  *larger             = old;
  level->grown        = old.n_valid ? larger : NULL;
}

FAL_RT void
fal_level_begin(FalLevel* const level, const float* const input,
                const size_t input_stride, FalKernel* const* const kernels,
                const uint32_t index)
{
  FalRing* const ring = &level->ring;

  level->input        = input;
  level->input_stride = input_stride;
  level->grown        = NULL;
  ring->head          = ring->head ? ring->head - 1U : ring->capacity - 1U;
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    FalKernel* const next      = kernels[v];
    float* const made          = voice->made;

    voice->made  = voice->heard;
    voice->heard = made;
    voice->kernel =
      next && next->levels[index].n_sinks ? &next->levels[index] : NULL;
    if (next && next->rings[index].capacity > ring->capacity) {
      // The old ring is read until all rows have moved: it keeps its old head
      ring->head = ring->capacity ? (ring->head + 1U) % ring->capacity : 0U;
      grow(level, &next->rings[index]);
    }
  }

  if (ring->n_valid < ring->capacity) {
    ++ring->n_valid;
  }
  level->cursor = (FalCursor){ FAL_ANALYSE, 0U, 0U, 0U, false };
  fal_schedule_begin(&level->schedule, window_cost(level), level->n_slots);
}

FAL_RT void
fal_level_reset(FalLevel* const level)
{
  const size_t n_bytes =
    (size_t)level->n_outputs * level->block * sizeof(float);

  level->ring.n_valid = 0U;
  level->grown        = NULL;
  level->cursor.phase = FAL_DONE;
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    voice->kernel              = NULL;
    memset(voice->heard, 0, n_bytes);
    memset(voice->made, 0, n_bytes);
    memset(voice->overlap, 0, n_bytes);
  }
}
