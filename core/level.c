// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/level.h"

#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/ring.h"
#include "core/simd.h"

#include <string.h>

/// Most inputs of a sink
#define MAX_TERMS 64U

/// Copy a row's past from the ring that was outgrown, behind the new head
FAL_RT static void
move_in(FalLevel* const level, const uint32_t row, const uint32_t input)
{
  const FalFft* const  fft  = level->fft;
  const FalRing* const old  = level->grown;
  const size_t         slot = FAL_BLOCK_FLOATS * sizeof(float);
  const uint32_t       n1   = old->capacity - old->head;
  const uint32_t       n    = old->n_valid < n1 ? old->n_valid : n1;
  for (uint32_t b = 0U; b < fal_level_row_blocks(level); ++b) {
    const float* const from =
      fal_ring_slots(old, fft, level->n_inputs, row, input, b);
    float* const to =
      fal_ring_slots(&level->ring, fft, level->n_inputs, row, input, b) +
      FAL_BLOCK_FLOATS;

    memcpy(to, from + (size_t)old->head * FAL_BLOCK_FLOATS, n * slot);
    memcpy(to + (size_t)n * FAL_BLOCK_FLOATS, from, (old->n_valid - n) * slot);
  }
}

FAL_RT void
fal_level_push(FalLevel* const level, const uint32_t row, const uint32_t input)
{
  const FalFft* const  fft  = level->fft;
  const FalRing* const ring = &level->ring;

  if (level->grown) {
    move_in(level, row, input);
  }
  fal_fft_forward_row(
    fft,
    fal_ring_slots(ring, fft, level->n_inputs, row, input, 0U) +
      (size_t)ring->head * FAL_BLOCK_FLOATS,
    (size_t)ring->capacity * FAL_BLOCK_FLOATS,
    level->matrix + 2U * (size_t)input * level->block,
    level->input + input * level->input_stride, row, level->scratch);
}

FAL_RT const float*
fal_level_sum(FalLevel* const level, const FalSink* const sink,
              const uint32_t row, const uint32_t first, const uint32_t from,
              const uint32_t to, const float* const h)
{
  const FalFft* const  fft   = level->fft;
  const FalRing* const ring  = &level->ring;
  const FalRow         shape = {.n_blocks = fal_level_row_blocks(level),
                                .from     = from,
                                .to       = to,
                                .capacity = ring->capacity,
                                .head = (ring->head + first) % ring->capacity,
                                .n_valid = ring->n_valid,
                                .first   = first};

  FalTerm terms[MAX_TERMS];
  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    terms[i].x =
      fal_ring_slots(ring, fft, level->n_inputs, row, sink->inputs[i], 0U);
    terms[i].n_partitions = sink->n_partitions + (size_t)i * shape.n_blocks;
  }

  float* const y0 = level->sums;
  float* const y1 = level->sums + 2U * (size_t)fft->n_columns;
  return sink->n_outputs == 2U
           ? fft->simd->accumulate_row2(y0, y1, &shape, terms, sink->n_terms, h)
           : fft->simd->accumulate_row(y0, &shape, terms, sink->n_terms, h);
}

FAL_RT void
fal_level_back(FalLevel* const level, const FalLevelVoice* const voice,
               const FalSink* const sink, const uint32_t row)
{
  for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
    fal_fft_inverse_row(
      level->fft, voice->matrix + 2U * (size_t)sink->outputs[o] * level->block,
      level->sums + 2U * (size_t)o * level->fft->n_columns, row,
      level->scratch);
  }
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
    FalKernel* const     next  = kernels[v];
    float* const         made  = voice->made;

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
  fal_level_plan_work(level);
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
