// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/attributes.h"
#include "core/cost.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/level.h"
#include "core/schedule.h"

#include <assert.h>
#include <stdbool.h>

/// Cost of a step of a group's transform, at a cost for each point
FAL_RT static uint32_t
step_cost(const FalLevel* const level, const uint32_t point)
{
  const uint32_t n_points = level->fft->n_blocks * FAL_BLOCK_BINS;
  return point * n_points / level->fft->n_steps + FAL_COST_UNIT;
}

/// Cost of a step of a chunk of columns; the last one adds
FAL_RT static uint32_t
chunk_cost(const FalLevel* const level, const bool adds)
{
  const uint32_t n_points = level->block / fal_level_n_synthesis_chunks(level);
  return (adds ? FAL_COST_COLUMN_ADD : FAL_COST_COLUMN) * n_points +
         FAL_COST_UNIT;
}

/// Cost of the sums of some blocks, of the half that is summed ahead or not
FAL_RT static uint32_t
sum_cost(const FalLevel* const level, const FalSink* const sink,
         const bool ahead, const uint32_t n_blocks)
{
  const uint32_t half   = level->fft->n_blocks / 2U;
  const bool     second = ahead != level->flipped;
  const uint64_t n_floats =
    second ? sink->group_floats - sink->newest_floats - sink->half_floats
           : sink->half_floats;
  assert(half);
  return (uint32_t)(n_floats / 2U * (ahead ? 2U : 1U) * FAL_COST_MAC_FAR *
                      n_blocks / half +
                    FAL_COST_UNIT);
}

/// Cost of the sums of the newest partition of some blocks
FAL_RT static uint32_t
newest_cost(const FalLevel* const level, const FalSink* const sink,
            const uint32_t n_blocks)
{
  const uint64_t products = sink->newest_floats / 2U;
  return (uint32_t)(products * FAL_COST_MAC_NEWEST * n_blocks /
                      level->fft->n_blocks +
                    FAL_COST_UNIT);
}

/// Cost of the sums of half a group, piece by piece
FAL_RT static uint64_t
half_cost(const FalLevel* const level, const FalSink* const sink,
          const bool ahead)
{
  return (uint64_t)(level->fft->n_blocks / 2U / level->piece) *
         sum_cost(level, sink, ahead, level->piece);
}

/// Cost of what a voice does in a window
FAL_RT static uint64_t
voice_cost(const FalLevel* const level, const FalLevelVoice* const voice)
{
  uint64_t group = 0U;
  for (uint32_t s = 0U; s < voice->kernel->n_sinks; ++s) {
    const FalSink* const sink = &voice->kernel->sinks[s];
    group += half_cost(level, sink, true);
    group += voice->is_new ? half_cost(level, sink, false) : 0U;
    group += level->fft->n_blocks / level->newest_piece *
             newest_cost(level, sink, level->newest_piece);
    group +=
      sink->n_outputs * level->fft->n_steps * step_cost(level, FAL_COST_BACK);
  }
  return group * level->fft->n_groups +
         (uint64_t)fal_level_n_synthesis_chunks(level) * level->n_outputs *
           (chunk_cost(level, false) + chunk_cost(level, true));
}

/// Cost of all the units of a window
FAL_RT static uint64_t
window_cost(const FalLevel* const level)
{
  const FalFft* const fft = level->fft;

  uint64_t cost =
    (2U * (uint64_t)fft->n_chunks * chunk_cost(level, false) +
     (uint64_t)fft->n_groups * fft->n_steps * step_cost(level, FAL_COST_PUSH)) *
    level->n_inputs;
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    if (level->voices[v].kernel) {
      cost += voice_cost(level, &level->voices[v]);
    }
  }
  return cost;
}

/// Choose pieces of sums that take no more than half a slot
FAL_RT static void
set_pieces(FalLevel* const level, const uint64_t window)
{
  const uint64_t budget = window / (2U * (uint64_t)level->n_slots);
  for (uint32_t v = 0U; v < FAL_N_VOICES; ++v) {
    const FalKernelLevel* const kernel = level->voices[v].kernel;
    for (uint32_t s = 0U; kernel && s < kernel->n_sinks; ++s) {
      const FalSink* const sink = &kernel->sinks[s];
      while (level->piece > 1U &&
             sum_cost(level, sink, true, level->piece) > budget) {
        level->piece /= 2U;
      }
      while (level->newest_piece > 1U &&
             newest_cost(level, sink, level->newest_piece) > budget) {
        level->newest_piece /= 2U;
      }
    }
  }
}

FAL_RT void
fal_level_plan_work(FalLevel* const level)
{
  level->cursor       = (FalCursor){.phase = FAL_ANALYSE};
  level->piece        = level->fft->n_blocks / 2U;
  level->newest_piece = level->fft->n_blocks;
  set_pieces(level, window_cost(level));
  fal_schedule_begin(&level->schedule, window_cost(level), level->n_slots);
}

FAL_RT uint32_t
fal_level_unit_cost(const FalLevel* const level)
{
  switch (level->cursor.phase) {
    case FAL_ANALYSE:
      return chunk_cost(level, false);
    case FAL_SYNTHESISE:
      return chunk_cost(level, level->cursor.step);
    case FAL_PUSH:
      return step_cost(level, FAL_COST_PUSH);
    case FAL_BACK:
      return step_cost(level, FAL_COST_BACK);
    case FAL_NEWEST:
      return newest_cost(level, fal_level_sink(level), level->newest_piece);
    case FAL_SUM:
      return sum_cost(level, fal_level_sink(level),
                      fal_level_n_summed(level) >= level->fft->n_blocks / 2U,
                      level->piece);
    case FAL_DONE:
      break;
  }
  return 0U;
}
