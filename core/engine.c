// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/engine.h"

#include "core/attributes.h"
#include "core/engine_state.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/level.h"

#include <math.h>
#include <string.h>

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

/// Start a block at level 0: choose who is computed
FAL_RT static void
begin_block(FalEngine* const engine)
{
  fal_level_begin(&engine->levels[0], input_at(engine, engine->position),
                  engine->n_input, engine->kernels, 0U);
}

/// Sum level 0 for a voice: to `y`, adding and replacing what is in `overlap`
FAL_RT static void
sum_block(FalLevel* const level, FalLevelVoice* const voice,
          const uint32_t first)
{
  for (uint32_t s = 0U; s < voice->kernel->n_sinks; ++s) {
    fal_level_sum(level, voice, &voice->kernel->sinks[s], 0U, first);
  }
}

/// A whole block: all of level 0 by transforms
FAL_RT static void
convolve_block(FalEngine* const engine)
{
  FalLevel* const level = &engine->levels[0];

  begin_block(engine);
  fal_level_push(level, 0U);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    if (voice->kernel) {
      sum_block(level, voice, 0U);
      for (uint32_t o = 0U; o < level->n_outputs; ++o) {
        const size_t at = (size_t)o * level->block;
        fal_fft_inverse_columns(level->fft, engine->sums[v] + at,
                                voice->overlap + at, voice->matrix + 2U * at,
                                0U, level->scratch);
      }
    }
  }
}

/// The first part of a block: what older blocks add to all of it
FAL_RT static void
open_block(FalEngine* const engine)
{
  FalLevel* const level = &engine->levels[0];

  begin_block(engine);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    if (voice->kernel) {
      sum_block(level, voice, 1U);
      for (uint32_t o = 0U; o < level->n_outputs; ++o) {
        const size_t at = (size_t)o * level->block;
        memcpy(engine->spill, voice->overlap + at,
               level->block * sizeof(float));
        fal_fft_inverse_columns(level->fft, engine->early[v] + at,
                                engine->spill, voice->matrix + 2U * at, 0U,
                                level->scratch);
      }
    }
  }
}

/// A part of a block: what the block itself adds comes from the sum itself
FAL_RT static void
convolve_part(FalEngine* const engine, const uint32_t n_frames)
{
  const FalLevel* const level = &engine->levels[0];
  const uint32_t offset       = block_offset(engine);
  const float* const input    = input_at(engine, engine->position - offset);

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
      engine->simd->direct(
        engine->sums[v] + (size_t)head->output * level->block, offset, n_frames,
        input + (size_t)head->input * engine->n_input, offset + n_frames,
        head->taps);
    }
  }
}

/// The end of a block that came in parts: its overlap into the next
FAL_RT static void
close_block(FalEngine* const engine)
{
  FalLevel* const level = &engine->levels[0];

  fal_level_push(level, 0U);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    FalLevelVoice* const voice = &level->voices[v];
    if (voice->kernel) {
      sum_block(level, voice, 0U);
      for (uint32_t o = 0U; o < level->n_outputs; ++o) {
        const size_t at = (size_t)o * level->block;
        fal_fft_inverse_columns(level->fft, engine->early[v] + at,
                                voice->overlap + at, voice->matrix + 2U * at,
                                0U, level->scratch);
      }
    }
  }
}

/// Let the larger levels work: a slot for each block that is complete
FAL_RT static void
run_levels(FalEngine* const engine)
{
  for (uint32_t l = 1U; l < engine->plan.n_levels; ++l) {
    FalLevel* const level = &engine->levels[l];
    const bool grows =
      (engine->kernels[0] && engine->kernels[0]->rings[l].capacity) ||
      (engine->kernels[1] && engine->kernels[1]->rings[l].capacity);
    if (!level->ring.capacity && !grows) {
      break; // Larger levels hold no more than this one
    }

    if (engine->position % level->block == 0U) {
      fal_level_begin(level, input_at(engine, engine->position - level->block),
                      engine->n_input, engine->kernels, l);
    }
    fal_level_run(level);
  }
}

/// Add what the larger levels have made to a voice's sum
FAL_RT static void
add_levels(FalEngine* const engine, const uint32_t v, const uint32_t n_frames)
{
  const FalKernel* const kernel = engine->kernels[v];
  const uint32_t block          = engine->plan.blocks[0];
  for (uint32_t l = 1U; l < kernel->n_levels; ++l) {
    const FalLevel* const level = &engine->levels[l];
    const size_t from           = engine->position % level->block;
    for (uint32_t o = 0U; o < level->n_outputs; ++o) {
      const float* const heard =
        level->voices[v].heard + (size_t)o * level->block + from;
      float* const sum = engine->sums[v] + (size_t)o * block;
      for (uint32_t t = 0U; t < n_frames; ++t) {
        sum[t] += heard[t];
      }
    }
  }
}

/// Write the answer of one voice
FAL_RT static void
write_voice(const FalEngine* const engine, float* const* const out,
            const uint32_t from, const uint32_t n_frames)
{
  const uint32_t v = engine->voice;
  for (uint32_t o = 0U; o < engine->config.n_outputs; ++o) {
    if (engine->kernels[v]) {
      memcpy(out[o] + from,
             engine->sums[v] + (size_t)o * engine->plan.blocks[0],
             n_frames * sizeof(float));
    } else {
      memset(out[o] + from, 0, n_frames * sizeof(float));
    }
  }
}

/// The exchange is over: the next kernel is the present one
FAL_RT static void
finish_exchange(FalEngine* const engine)
{
  const uint32_t old = engine->voice;
  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    engine->levels[l].voices[old].kernel = NULL;
  }

  engine->retired         = engine->kernels[old];
  engine->kernels[old]    = NULL;
  engine->voice           = 1U - old;
  engine->exchange.active = false;
}

/// Write the answers of both voices, the present one fading into the next
FAL_RT static void
write_fade(FalEngine* const engine, float* const* const out,
           const uint32_t from, const uint32_t n_frames)
{
  FalExchange* const exchange = &engine->exchange;
  const uint32_t block        = engine->plan.blocks[0];
  const uint32_t old          = engine->voice;
  const float old_on          = engine->kernels[old] ? 1.0f : 0.0f;
  const float next_on         = engine->kernels[1U - old] ? 1.0f : 0.0f;
  const uint64_t end          = exchange->start + exchange->n_fade;

  for (uint32_t t = 0U; t < n_frames; ++t) {
    const bool over  = engine->position + t >= end;
    const double c   = over ? -1.0 : exchange->turn[0];
    const float fade = (float)(0.5 - 0.5 * c);
    for (uint32_t o = 0U; o < engine->config.n_outputs; ++o) {
      const size_t at  = (size_t)o * block + t;
      out[o][from + t] = (1.0f - fade) * old_on * engine->sums[old][at] +
                         fade * next_on * engine->sums[1U - old][at];
    }

    const double s    = exchange->turn[1];
    exchange->turn[0] = c * exchange->step[0] - s * exchange->step[1];
    exchange->turn[1] = c * exchange->step[1] + s * exchange->step[0];
  }

  if (engine->position + n_frames >= end) {
    finish_exchange(engine);
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
  const bool ends       = offset + n_frames == block;

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
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    if (engine->kernels[v]) {
      add_levels(engine, v, n_frames);
    }
  }

  if (engine->exchange.active && engine->position >= engine->exchange.start) {
    write_fade(engine, out, from, n_frames);
  } else {
    write_voice(engine, out, from, n_frames);
  }

  if (ends && n_frames < block) {
    close_block(engine);
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

FAL_RT bool
fal_engine_is_settled(const FalEngine* const engine)
{
  return !engine->exchange.active && !engine->retired;
}

/// The frame by which a kernel that joins now is heard with all its levels
FAL_RT static uint64_t
ready_at(const FalEngine* const engine, const FalKernel* const next)
{
  // It joins each level at its next window, whose result lacks an overlap; the
  // result of the one after is whole, and heard from the window after that
  const uint32_t largest = next ? next->n_levels - 1U : 0U;
  const uint64_t block   = engine->plan.blocks[largest];
  return ((engine->position + block - 1U) / block + 2U) * block;
}

FAL_RT bool
fal_engine_exchange(FalEngine* const engine, FalKernel* const next,
                    const uint32_t n_fade)
{
  if (!fal_engine_is_settled(engine)) {
    return false;
  }

  const double angle                  = n_fade ? M_PI / n_fade : M_PI;
  engine->kernels[1U - engine->voice] = next;
  engine->exchange                    = (FalExchange){ .active = true,
                                                       .start  = ready_at(engine, next),
                                                       .n_fade = n_fade,
                                                       .turn   = { n_fade ? 1.0 : -1.0, 0.0 },
                                                       .step   = { cos(angle), sin(angle) } };
  if (!engine->position) {
    finish_exchange(engine);
  }
  return true;
}

FAL_RT FalKernel*
fal_engine_retired(FalEngine* const engine)
{
  FalKernel* const retired = engine->retired;
  engine->retired          = NULL;
  return retired;
}

FAL_RT void
fal_engine_reset(FalEngine* const engine)
{
  if (engine->exchange.active) {
    finish_exchange(engine);
  }
  engine->position = 0U;
  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    fal_level_reset(&engine->levels[l]);
  }
}
