// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/level.h"

#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/ring.h"
#include "core/sum_ops.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Most inputs of a sink
#define MAX_TERMS 64U

/// Copy a group's past from the ring that was outgrown, behind the new head
FAL_RT static void
move_in(FalLevel* const level, const uint32_t group, const uint32_t input)
{
  const FalFft* const  fft  = level->fft;
  const FalRing* const old  = level->grown;
  const size_t         slot = FAL_BLOCK_FLOATS * sizeof(float);
  const uint32_t       n1   = old->capacity - old->head;
  const uint32_t       n    = old->n_valid < n1 ? old->n_valid : n1;
  for (uint32_t b = 0U; b < fft->n_blocks; ++b) {
    const float* const from =
      fal_ring_slots(old, fft, level->n_inputs, group, input, b);
    float* const to =
      fal_ring_slots(&level->ring, fft, level->n_inputs, group, input, b) +
      FAL_BLOCK_FLOATS;

    memcpy(to, from + (size_t)old->head * FAL_BLOCK_FLOATS, n * slot);
    memcpy(to + (size_t)n * FAL_BLOCK_FLOATS, from, (old->n_valid - n) * slot);
  }
}

FAL_RT void
fal_level_push(FalLevel* const level, const uint32_t group,
               const uint32_t input, const uint32_t step)
{
  const FalRing* const ring = &level->ring;
  if (level->grown && !step) {
    move_in(level, group, input);
  }
  fal_fft_forward_group(
    level->fft,
    fal_ring_slots(ring, level->fft, level->n_inputs, group, input, 0U) +
      (size_t)ring->head * FAL_BLOCK_FLOATS,
    (size_t)ring->capacity * FAL_BLOCK_FLOATS,
    level->matrix + 2U * (size_t)input * level->block,
    level->input + input * level->input_stride, group, step, level->scratch);
}

/// The rings that a sink's group reads
FAL_RT static void
set_terms(FalTerm* const terms, const FalLevel* const level,
          const FalSink* const sink, const uint32_t group)
{
  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    terms[i].x = fal_ring_slots(&level->ring, level->fft, level->n_inputs,
                                group, sink->inputs[i], 0U);
    terms[i].n_partitions = sink->n_older + (size_t)i * level->fft->n_blocks;
  }
}

/// Where a voice's sums of half a group for an output wait for the next window
FAL_RT static float*
ahead_of(const FalLevel* const level, const FalLevelVoice* const voice,
         const uint32_t output, const uint32_t group)
{
  return voice->ahead + (size_t)output * level->block +
         group * fal_fft_group_floats(level->fft) / 2U;
}

/// Where the sums of a part go
FAL_RT static FalSums
sums_of(const FalLevel* const level, const FalLevelPart* const part,
        const bool adds)
{
  const FalSink* const sink = part->sink;
  const uint32_t       half = level->fft->n_blocks / 2U;

  FalSums sums = {.n_outputs = sink->n_outputs, .adds = adds};
  for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
    const uint32_t output = sink->outputs[o];
    sums.y[o] = part->voice->matrix + 2U * (size_t)output * level->block +
                part->group * fal_fft_group_floats(level->fft);
    if (part->voice->ahead) {
      sums.next[o] = ahead_of(level, part->voice, output, part->group) -
                     (part->from < half ? 0U : (size_t)half * FAL_BLOCK_FLOATS);
    }
  }
  return sums;
}

/// Where the partitions from `age` on stand
FAL_RT static FalRow
row_of(const FalLevel* const level, const FalLevelPart* const part,
       const uint32_t age)
{
  const FalRing* const ring = &level->ring;
  return (FalRow){.from     = part->from,
                  .to       = part->to,
                  .capacity = ring->capacity,
                  .head     = (ring->head + age) % ring->capacity,
                  .n_valid  = ring->n_valid - age};
}

FAL_RT void
fal_level_sum_newest(const FalLevel* const level, const FalLevelPart part)
{
  const FalSink* const sink = part.sink;
  const FalSums        sums = sums_of(level, &part, false);
  const FalRow         row  = row_of(level, &part, 0U);
  const size_t         at   = part.group * sink->group_floats +
                    part.from * (sink->newest_floats / level->fft->n_blocks);
  FalTerm terms[MAX_TERMS];
  set_terms(terms, level, sink, part.group);
  level->ops->sum_slot(&sums, &row, terms, sink->n_terms, sink->h + at);
}

FAL_RT const float*
fal_level_sum_older(const FalLevel* const level, const FalLevelPart part,
                    const float* const h, const bool adds)
{
  const FalSums sums = sums_of(level, &part, adds);
  const FalRow  row  = row_of(level, &part, 1U);
  FalTerm       terms[MAX_TERMS];
  set_terms(terms, level, part.sink, part.group);
  return level->ops->sum_row(&sums, &row, terms, part.sink->n_terms, h);
}

FAL_RT const float*
fal_level_sum_ahead(const FalLevel* const level, const FalLevelPart part,
                    const float* const h)
{
  const FalSums sums = sums_of(level, &part, true);
  const FalRow  row  = row_of(level, &part, 1U);
  FalTerm       terms[MAX_TERMS];
  set_terms(terms, level, part.sink, part.group);
  return level->ops->sum_ahead(&sums, &row, terms, part.sink->n_terms, h);
}

FAL_RT void
fal_level_take(const FalLevel* const level, const FalLevelPart part)
{
  const FalSums sums = sums_of(level, &part, true);
  for (uint32_t o = 0U; o < part.sink->n_outputs; ++o) {
    assert(sums.next[o]);
    for (size_t k = (size_t)part.from * FAL_BLOCK_FLOATS;
         k < (size_t)part.to * FAL_BLOCK_FLOATS; ++k) {
      sums.y[o][k] += sums.next[o][k];
    }
  }
}

FAL_RT void
fal_level_back(const FalLevel* const level, const FalLevelVoice* const voice,
               const FalSink* const sink, const uint32_t group,
               const uint32_t o, const uint32_t step)
{
  fal_fft_inverse_group(
    level->fft, voice->matrix + 2U * (size_t)sink->outputs[o] * level->block,
    group, step, level->scratch);
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
  level->flipped      = !level->flipped;
  ring->head          = ring->head ? ring->head - 1U : ring->capacity - 1U;
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    FalKernel* const     next  = kernels[v];
    float* const         made  = voice->made;

    const FalKernelLevel* const kernel =
      next && next->levels[index].n_sinks ? &next->levels[index] : NULL;

    voice->made   = voice->heard;
    voice->heard  = made;
    voice->is_new = kernel != voice->kernel;
    voice->kernel = kernel;
    if (next && next->rings[index].capacity > ring->capacity) {
      // The old ring is read until all groups have moved: it keeps its old head
      ring->head = ring->capacity ? (ring->head + 1U) % ring->capacity : 0U;
      grow(level, &next->rings[index]);
    }
  }

  if (ring->n_valid < ring->capacity) {
    ++ring->n_valid;
  }
  if (level->n_slots > 1U) {
    fal_level_plan_work(level);
  }
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
