// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/pass.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/part.h"
#include "offline/response.h"
#include "offline/shelf.h"
#include "offline/sound.h"
#include "offline/source.h"
#include "offline/stream.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static FalStatus
get_response(FalPass* const pass, const FalRenderSettings* const settings,
             FalShelf* const shelf, const FalRenderTask* const task,
             FalError* const error)
{
  const FalSound* const    sound   = fal_source_sound(pass->source);
  const FalResponseRequest request = {
    .paths       = task->irs,
    .n_paths     = task->n_irs,
    .order       = settings->order,
    .rate_hz     = sound->rate_hz,
    .n_inputs    = sound->n_channels,
    .match_level = settings->match_level,
    .is_matrix   = settings->is_matrix,
    .wet         = settings->wet * settings->gain * task->gain,
    .dry         = settings->dry * settings->gain * task->gain,
    .n_predelay  = (uint32_t)lround(settings->predelay_s * sound->rate_hz),
  };
  return fal_shelf_get(shelf, &pass->response, &request, error);
}

/// From the source's first frame through the response
static FalStatus
lay_out(FalPass* const pass, const FalRenderSettings* const settings,
        const FalRenderTask* const task, FalError* const error)
{
  FalSource* const source   = pass->source;
  const bool       is_known = fal_source_n_left(source) != FAL_FRAMES_UNKNOWN;
  pass->stream              = (FalStream){
                 .source    = source,
                 .n_inputs  = fal_source_sound(source)->n_channels,
                 .n_outputs = pass->response->matrix.n_outputs,
                 .n_in      = fal_part_count_input(settings, source),
  };
  const FalStatus st =
    fal_response_fit(pass->response, is_known ? pass->stream.n_in : 0U,
                     settings->precision, settings->n_threads);
  if (st) {
    return fal_error_set(error, st, "%s: %s", task->input, fal_strerror(st));
  }
  return fal_part_choose(&pass->stream, settings, pass->response, task->input,
                         error);
}

FalStatus
fal_pass_open(FalPass* const pass, const FalRenderSettings* const settings,
              FalShelf* const shelf, const FalRenderTask* const task,
              FalError* const error)
{
  FalPass   made = {NULL, NULL, {0}};
  FalStatus st   = fal_source_open(&made.source, task->input, error);
  if (!st) {
    st = fal_source_pick(made.source, &settings->pick, error);
  }
  if (!st) {
    st = get_response(&made, settings, shelf, task, error);
  }
  if (!st) {
    st = fal_part_skip_to_start(made.source, settings, error);
  }
  if (!st) {
    st = lay_out(&made, settings, task, error);
  }
  if (st) {
    fal_pass_close(&made);
    return st;
  }
  *pass = made;
  return FAL_OK;
}

FalStatus
fal_pass_run(FalPass* const pass, const FalConsume consume, void* const handle,
             FalProgress* const progress, uint64_t* const n_read,
             FalError* const error)
{
  pass->stream.consume  = consume;
  pass->stream.handle   = handle;
  pass->stream.progress = progress;
  return fal_stream_run(&pass->stream, pass->response->crew, n_read, error);
}

void
fal_pass_close(FalPass* const pass)
{
  fal_source_close(pass->source);
  pass->source = NULL;
}
