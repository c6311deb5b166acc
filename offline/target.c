// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/target.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/metadata.h"
#include "offline/planes.h"
#include "offline/sink.h"
#include "offline/sound.h"
#include "offline/source.h"
#include "offline/tail.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Describe the file, apart from its metadata
static FalStatus
choose_sound(FalSound* const sound, const FalRenderSettings* const settings,
             const FalRenderTask* const task, const FalPass* const pass,
             FalError* const error)
{
  *sound            = *fal_source_sound(pass->source);
  sound->n_channels = pass->stream.n_outputs;
  sound->n_frames =
    settings->tail_floor > 0.0 ? FAL_FRAMES_UNKNOWN : pass->stream.n_out;
  return fal_sound_choose(&sound->format, task->output, settings->container,
                          settings->subtype, sound, error);
}

static FalStatus
open_sink(FalSink** const sink, const FalRenderSettings* const settings,
          const FalRenderTask* const task, const FalPass* const pass,
          FalError* const error)
{
  // The response's files are inputs as well
  const char** const inputs =
    (const char**)calloc(task->n_irs + 1U, sizeof(char*));
  if (!inputs) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         task->output);
  }
  inputs[0] = task->input;
  memcpy(inputs + 1, task->irs, task->n_irs * sizeof(char*));

  FalMetadata    metadata = {0};
  FalSinkRequest request  = {
     .output    = {task->output, settings->force, inputs, task->n_irs + 1U},
     .no_dither = settings->no_dither,
     .metadata  = &metadata,
  };
  FalStatus st = choose_sound(&request.sound, settings, task, pass, error);
  if (!st) {
    st = fal_metadata_read(&metadata, pass->source, error);
  }
  if (!st) {
    const uint32_t rate_hz   = request.sound.rate_hz;
    const int64_t  n_skipped = llround(settings->start_s * rate_hz);
    if ((st = fal_metadata_shift(&metadata, n_skipped + pass->stream.first,
                                 rate_hz))) {
      fal_error_set(error, st, "%s: out of memory", task->output);
    }
  }
  if (!st) {
    st = fal_sink_open(sink, &request, error);
  }
  fal_metadata_clear(&metadata);
  free(inputs);
  return st;
}

static FalStatus
write_planes(void* const handle, const FalPlanes* const planes,
             const size_t n_frames, FalError* const error)
{
  return fal_sink_write_planes((FalSink*)handle, planes, n_frames, error);
}

FalStatus
fal_target_open(FalTarget* const               target,
                const FalRenderSettings* const settings,
                const FalRenderTask* const task, const FalPass* const pass,
                const double gain, FalError* const error)
{
  FalTarget made = {NULL, NULL, gain};
  FalStatus st   = open_sink(&made.sink, settings, task, pass, error);
  if (!st && settings->tail_floor > 0.0) {
    const FalTailConfig config = {
      .is_double  = settings->precision == FAL_PRECISION_DOUBLE,
      .n_channels = pass->stream.n_outputs,
      .n_frames   = pass->stream.n_tail - (uint32_t)pass->stream.first,
      .floor      = settings->tail_floor,
      .consume    = write_planes,
      .handle     = made.sink,
    };
    st = fal_tail_new(&made.tail, &config);
    if (st) {
      fal_error_set(error, st, "%s: out of memory", task->output);
    }
  }
  if (st) {
    fal_target_discard(&made);
    return st;
  }
  *target = made;
  return FAL_OK;
}

FalStatus
fal_target_take(void* const handle, const FalPlanes* const planes,
                const size_t n_frames, FalError* const error)
{
  const FalTarget* const target = (const FalTarget*)handle;
  if (target->gain != 1.0) {
    fal_planes_scale(planes, fal_sink_n_channels(target->sink), n_frames,
                     target->gain);
  }
  return target->tail
           ? fal_tail_push(target->tail, planes, n_frames, error)
           : fal_sink_write_planes(target->sink, planes, n_frames, error);
}

FalStatus
fal_target_end(FalTarget* const target, FalSinkReport* const report,
               FalError* const error)
{
  const FalStatus st =
    target->tail ? fal_tail_end(target->tail, error) : FAL_OK;
  *report = fal_sink_report(target->sink);
  return st;
}

FalStatus
fal_target_finish(FalTarget* const target, FalOutput** const output,
                  FalError* const error)
{
  FalSink* const sink = target->sink;
  target->sink        = NULL;
  fal_target_discard(target);
  return fal_sink_finish(sink, output, error);
}

void
fal_target_discard(FalTarget* const target)
{
  fal_tail_free(target->tail);
  fal_sink_discard(target->sink);
  *target = (FalTarget){NULL, NULL, 1.0};
}
