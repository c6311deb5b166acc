// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/engine.h"

#include "core/attributes.h"
#include "core/engine_state.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/level.h"

#include <stdbool.h>
#include <string.h>

/// Products that are added up one by one
#define MOST_IN_A_SUM 128U

/// Frames since the last block started
FAL_RT static uint32_t
block_offset(const FalEngine* const engine)
{
  return (uint32_t)(engine->position % engine->plan.blocks[0]);
}

/// The place of a frame in the ring of input 0
FAL_RT static float*
input_at(const FalEngine* const engine, const uint64_t frame)
{
  return engine->input + (frame & (engine->n_input - 1U));
}

/// Let a level start on a block of input, for the voices that it needs
FAL_RT static void
begin_level(FalEngine* const engine, const uint32_t l, const uint64_t frame)
{
  const FalExchange* const exchange = &engine->exchanges[l];

  FalKernel* kernels[FAL_N_VOICES] = {NULL, NULL};
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    if (exchange->active || v == exchange->voice) {
      kernels[v] = engine->kernels[v];
    }
  }
  fal_level_begin(&engine->levels[l], input_at(engine, frame), engine->n_input,
                  kernels, l);
}

/// Transform the block at level 0, for all inputs
FAL_RT static void
push_block(FalLevel* const level)
{
  const FalFft* const fft = level->fft;
  for (uint32_t i = 0U; i < level->n_inputs; ++i) {
    for (uint32_t c = 0U; c < fft->n_chunks; ++c) {
      fal_fft_forward_columns_take(fft, level->input + i * level->input_stride,
                                   c, level->scratch);
      fal_fft_forward_columns_put(
        fft, level->matrix + 2U * (size_t)i * level->block, c, level->scratch);
    }
    for (uint32_t g = 0U; g < fft->n_groups; ++g) {
      for (uint32_t s = 0U; s < fft->n_steps; ++s) {
        fal_level_push(level, g, i, s);
      }
    }
  }
}

/// Sum level 0 for a voice, with or without the newest block, and transform it
/// back
FAL_RT static void
sum_block(FalLevel* const level, const FalLevelVoice* const voice,
          const bool has_newest)
{
  for (uint32_t s = 0U; s < voice->kernel->n_sinks; ++s) {
    const FalSink* const sink = &voice->kernel->sinks[s];
    for (uint32_t g = 0U; g < level->fft->n_groups; ++g) {
      const FalLevelPart all = {voice, sink, g, 0U, level->fft->n_blocks};
      if (has_newest) {
        fal_level_sum_newest(level, all);
      }
      (void)fal_level_sum_older(level, all, fal_sink_older(sink, g, false),
                                has_newest);
      for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
        for (uint32_t step = 0U; step < level->fft->n_steps; ++step) {
          fal_level_back(level, voice, sink, g, o, step);
        }
      }
    }
  }
}

/// Overlap-add what a voice answers at level 0 for an output
FAL_RT static void
add_block(FalLevel* const level, const FalLevelVoice* const voice,
          const uint32_t output, float* const y, float* const overlap)
{
  const FalFft* const fft = level->fft;
  const float* const  matrix =
    voice->matrix + 2U * (size_t)output * level->block;
  for (uint32_t c = 0U; c < fft->n_chunks || !c; ++c) {
    fal_fft_inverse_columns_take(fft, matrix, c, level->scratch);
    fal_fft_inverse_columns_add(fft, y, overlap, matrix, c, level->scratch);
  }
}

/// Answer a whole block at level 0: to y, with its overlap into the next block
FAL_RT static void
answer_block(FalEngine* const engine, float* const* const y)
{
  FalLevel* const level = &engine->levels[0];

  push_block(level);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    if (voice->kernel) {
      sum_block(level, voice, true);
      for (uint32_t o = 0U; o < level->n_outputs; ++o) {
        const size_t at = (size_t)o * level->block;
        add_block(level, voice, o, y[v] + at, voice->overlap + at);
      }
    }
  }
}

/// A whole block: all of level 0 by transforms
FAL_RT static void
convolve_block(FalEngine* const engine)
{
  begin_level(engine, 0U, engine->position);
  answer_block(engine, engine->sums);
}

/// The first part of a block: what older blocks add to all of it
FAL_RT static void
open_block(FalEngine* const engine)
{
  FalLevel* const level = &engine->levels[0];

  begin_level(engine, 0U, engine->position);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    if (voice->kernel) {
      sum_block(level, voice, false);
      for (uint32_t o = 0U; o < level->n_outputs; ++o) {
        const size_t at = (size_t)o * level->block;
        memcpy(engine->spill, voice->overlap + at,
               level->block * sizeof(float));
        add_block(level, voice, o, engine->early[v] + at, engine->spill);
      }
    }
  }
}

/// Add what a block's frames until now answer in the next, by the sum itself
FAL_RT static void
add_head(const FalEngine* const engine, const FalHead* const head,
         float* const y, const float* const x, const uint32_t n_frames)
{
  const uint32_t offset = block_offset(engine);
  const uint32_t end    = offset + n_frames;

  // In pieces: the rounding of a sum grows with its length
  for (uint32_t s = 0U; s < end; s += MOST_IN_A_SUM) {
    const uint32_t skipped = s > offset ? s - offset : 0U; // Not reached yet
    engine->simd->direct(
      y + skipped, offset + skipped - s, n_frames - skipped, x + s,
      end - s < MOST_IN_A_SUM ? end - s : MOST_IN_A_SUM, head->taps);
  }
}

/// A part of a block: what the block itself adds comes from the sum itself
FAL_RT static void
convolve_part(FalEngine* const engine, const uint32_t n_frames)
{
  const FalLevel* const level  = &engine->levels[0];
  const uint32_t        offset = block_offset(engine);
  const float* const    input  = input_at(engine, engine->position - offset);

  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    const FalKernel* const kernel = engine->kernels[v];
    if (!level->voices[v].kernel || !kernel) {
      continue;
    }

    for (uint32_t o = 0U; o < level->n_outputs; ++o) {
      const size_t at = (size_t)o * level->block;
      memcpy(engine->sums[v] + at, engine->early[v] + at + offset,
             n_frames * sizeof(float));
    }
    for (uint32_t i = 0U; i < kernel->n_heads; ++i) {
      const FalHead* const head = &kernel->heads[i];
      add_head(engine, head,
               engine->sums[v] + (size_t)head->output * level->block,
               input + (size_t)head->input * engine->n_input, n_frames);
    }
  }
}

/// Let the larger levels work: a slot for each block that is complete
FAL_RT static void
run_levels(FalEngine* const engine)
{
  for (uint32_t l = 1U; l < engine->plan.n_levels; ++l) {
    FalLevel* const level = &engine->levels[l];
    const bool      grows =
      (engine->kernels[0] && engine->kernels[0]->rings[l].capacity) ||
      (engine->kernels[1] && engine->kernels[1]->rings[l].capacity);
    if (!level->ring.capacity && !grows) {
      break; // Larger levels hold no more than this one
    }

    if (engine->position % level->block == 0U) {
      begin_level(engine, l, engine->position - level->block);
    }
    fal_level_run(level);
  }
}

/// Convolve frames that lie within one block
FAL_RT static void
process_part(FalEngine* const engine, const float* const* const in,
             float* const* const out, const uint32_t from,
             const uint32_t n_frames)
{
  const uint32_t block  = engine->plan.blocks[0];
  const uint32_t offset = block_offset(engine);
  const bool     ends   = offset + n_frames == block;

  for (uint32_t i = 0U; i < engine->config.n_inputs; ++i) {
    memcpy(input_at(engine, engine->position) + (size_t)i * engine->n_input,
           in[i] + from, n_frames * sizeof(float));
  }

  if (n_frames == block) {
    convolve_block(engine);
  } else {
    if (!offset) {
      open_block(engine);
    }
    convolve_part(engine, n_frames);
  }
  fal_engine_add_levels(engine, out, from, n_frames);

  if (ends && n_frames < block) {
    answer_block(engine, engine->early); // Heard already; for its overlap
  }
  engine->position += n_frames;
  if (ends) {
    run_levels(engine);
  }
}

FAL_RT void
fal_engine_process(FalEngine* const engine, const float* const* const in,
                   float* const* const out, const uint32_t n_frames)
{
  const uint32_t block = engine->plan.blocks[0];
  for (uint32_t t = 0U; t < n_frames;) {
    const uint32_t room = block - block_offset(engine);
    const uint32_t n    = n_frames - t < room ? n_frames - t : room;
    process_part(engine, in, out, t, n);
    t += n;
  }
}
