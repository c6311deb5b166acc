// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/attributes.h"
#include "core/fft_slices.h"
#include "core/kernel_layout.h"
#include "core/level.h"
#include "core/schedule.h"

#include <stdbool.h>

/// Return whether the cursor's voice has no more channels; voices can leave at
/// any time
FAL_RT static bool
is_voice_over(const FalLevel* const level)
{
  const FalCursor* const      cursor = &level->cursor;
  const FalKernelLevel* const kernel = level->voices[cursor->voice].kernel;
  return !kernel ||
         cursor->channel >= (cursor->phase == FAL_SYNTHESISE ? level->n_outputs
                                                             : kernel->n_sinks);
}

/// Step over voices that have no more units of this chunk or group; false if
/// none has
FAL_RT static bool
find_voice(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;
  while (is_voice_over(level)) {
    *cursor = (FalCursor){
      .phase = cursor->phase == FAL_SYNTHESISE ? FAL_SYNTHESISE : FAL_NEWEST,
      .index = cursor->index,
      .voice = cursor->voice + 1U};
    if (cursor->voice == FAL_N_VOICES) {
      return false;
    }
  }
  return true;
}

/// Move the cursor on to where there is a unit, or to the end
FAL_RT static void
find_unit(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;

  if (cursor->phase == FAL_ANALYSE && cursor->index == level->fft->n_chunks) {
    *cursor = (FalCursor){.phase = FAL_PUSH};
  }
  if (cursor->phase == FAL_PUSH && cursor->channel == level->n_inputs) {
    *cursor = (FalCursor){.phase = FAL_NEWEST, .index = cursor->index};
  }
  if (cursor->phase > FAL_PUSH && cursor->phase < FAL_SYNTHESISE &&
      !find_voice(level)) {
    const uint32_t next = cursor->index + 1U;

    *cursor = next < level->fft->n_groups
                ? (FalCursor){.phase = FAL_PUSH, .index = next}
                : (FalCursor){.phase = FAL_SYNTHESISE};
  }
  while (cursor->phase == FAL_SYNTHESISE && !find_voice(level)) {
    const uint32_t next = cursor->index + 1U;

    *cursor = next < fal_level_n_synthesis_chunks(level)
                ? (FalCursor){.phase = FAL_SYNTHESISE, .index = next}
                : (FalCursor){.phase = FAL_DONE};
  }
}

/// Go to the next step, and after the last to the next channel
FAL_RT static void
next_step(FalCursor* const cursor, const uint32_t n_steps)
{
  if (++cursor->step == n_steps) {
    cursor->step = 0U;
    ++cursor->channel;
  }
}

FAL_RT static void
run_analysis(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;
  const size_t     c      = cursor->channel;
  if (cursor->step) {
    fal_fft_forward_columns_put(level->fft,
                                level->matrix + 2U * c * level->block,
                                cursor->index, level->scratch);
  } else {
    fal_fft_forward_columns_take(level->fft,
                                 level->input + c * level->input_stride,
                                 cursor->index, level->scratch);
  }
  next_step(cursor, 2U);
  if (cursor->channel == level->n_inputs) {
    cursor->channel = 0U;
    ++cursor->index;
  }
}

/// Some blocks of the cursor's sink
FAL_RT static FalLevelPart
part_of(const FalLevel* const level, const uint32_t from, const uint32_t n)
{
  const FalCursor* const cursor = &level->cursor;
  return (FalLevelPart){&level->voices[cursor->voice], fal_level_sink(level),
                        cursor->index, from, from + n};
}

FAL_RT static void
run_newest(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;

  fal_level_sum_newest(level,
                       part_of(level, cursor->block, level->newest_piece));
  cursor->block += level->newest_piece;
  if (cursor->block == level->fft->n_blocks) {
    cursor->phase = FAL_SUM;
    cursor->block = 0U;
  }
}

FAL_RT static void
run_sum(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;

  const uint32_t     half     = level->fft->n_blocks / 2U;
  const uint32_t     n_summed = fal_level_n_summed(level);
  const bool         ahead    = n_summed >= half;
  const bool         second   = ahead != level->flipped;
  const uint32_t     from     = n_summed % half + (second ? half : 0U);
  const FalLevelPart part     = part_of(level, from, level->piece);

  if (n_summed == half && !part.voice->is_new) {
    fal_level_take(level, part_of(level, half - from, half));
  }
  if (n_summed % half == 0U) {
    cursor->h = fal_sink_older(part.sink, cursor->index, second);
  }
  cursor->h     = ahead ? fal_level_sum_ahead(level, part, cursor->h)
                        : fal_level_sum_older(level, part, cursor->h, true);
  cursor->block = n_summed + level->piece;
  if (cursor->block == 2U * half) {
    cursor->phase = FAL_BACK;
  }
}

FAL_RT static void
run_back(FalLevel* const level)
{
  FalCursor* const     cursor = &level->cursor;
  const FalSink* const sink   = fal_level_sink(level);

  fal_level_back(level, &level->voices[cursor->voice], sink, cursor->index,
                 cursor->output, cursor->step);
  if (++cursor->step == level->fft->n_steps) {
    cursor->step = 0U;
    ++cursor->output;
  }
  if (cursor->output == sink->n_outputs) {
    *cursor = (FalCursor){.phase   = FAL_NEWEST,
                          .index   = cursor->index,
                          .voice   = cursor->voice,
                          .channel = cursor->channel + 1U};
  }
}

FAL_RT static void
run_synthesis(FalLevel* const level)
{
  FalCursor* const           cursor = &level->cursor;
  const FalLevelVoice* const voice  = &level->voices[cursor->voice];
  const size_t               at     = (size_t)cursor->channel * level->block;
  if (cursor->step) {
    fal_fft_inverse_columns_add(level->fft, voice->made + at,
                                voice->overlap + at, voice->matrix + 2U * at,
                                cursor->index, level->scratch);
  } else {
    fal_fft_inverse_columns_take(level->fft, voice->matrix + 2U * at,
                                 cursor->index, level->scratch);
  }
  next_step(cursor, 2U);
}

FAL_RT static void
run_unit(FalLevel* const level)
{
  FalCursor* const cursor = &level->cursor;
  switch (cursor->phase) {
    case FAL_ANALYSE:
      run_analysis(level);
      break;
    case FAL_PUSH:
      fal_level_push(level, cursor->index, cursor->channel, cursor->step);
      next_step(cursor, level->fft->n_steps);
      break;
    case FAL_NEWEST:
      run_newest(level);
      break;
    case FAL_SUM:
      run_sum(level);
      break;
    case FAL_BACK:
      run_back(level);
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
    const uint32_t cost = fal_level_unit_cost(level);
    if (!fal_schedule_wants(&level->schedule, cost)) {
      break;
    }
    run_unit(level);
    fal_schedule_spend(&level->schedule, cost);
  }
  fal_schedule_advance(&level->schedule);
}
