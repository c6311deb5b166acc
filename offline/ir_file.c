// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/ir_file.h"

#include "core/status.h"
#include "offline/message.h"
#include "offline/sound.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

void
fal_ir_output_clear(FalIrOutput* const output)
{
  free(output->path);
  free(output->container);
  free(output->subtype);
  *output = (FalIrOutput){.path = NULL};
}

FalStatus
fal_ir_file_load(FalIr* const ir, const char* const path, FalError* const error)
{
  const FalIrRequest request = {.path = path, .max_s = FAL_IR_FILE_MAX_S};
  return fal_ir_load(ir, &request, error);
}

FalStatus
fal_ir_file_write(FalSink** const sink, const char* const path,
                  const FalAudio* const audio, const FalIrOutput* const output,
                  const int format, const char* const* const inputs,
                  const uint32_t n_inputs, FalError* const error)
{
  FalSinkRequest request = {
    .output    = {path, output->force, inputs, n_inputs},
    .sound     = {format, audio->n_channels, (uint32_t)lrint(audio->rate_hz),
                  audio->n_frames},
    .no_dither = output->no_dither,
  };
  FalStatus st =
    fal_sound_choose(&request.sound.format, path, output->container,
                     output->subtype, &request.sound, error);
  if (st || (st = fal_sink_open(sink, &request, error))) {
    return st;
  }

  const float* planar[FAL_AUDIO_MAX_CHANNELS];
  for (uint32_t c = 0U; c < audio->n_channels; ++c) {
    planar[c] = audio->samples + (size_t)c * audio->n_frames;
  }
  if ((st = fal_sink_write(*sink, planar, audio->n_frames, error))) {
    fal_sink_discard(*sink);
    *sink = NULL;
  }
  return st;
}

FalStatus
fal_ir_file_commit(FalSink* const sink, const char* const path,
                   FalError* const error)
{
  FalSinkReport   report = {0U, 0U, 0.0F};
  const FalStatus st     = fal_sink_commit(sink, &report, error);
  if (!st && report.n_clipped) {
    fal_message_warn("%s: %llu samples were beyond full scale and are clipped "
                     "(peak %.2f dBFS)",
                     path, (unsigned long long)report.n_clipped,
                     20.0 * log10((double)report.peak));
  }
  return st;
}
