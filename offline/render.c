// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/render.h"

#include "core/convolve.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/kept.h"
#include "offline/message.h"
#include "offline/metadata.h"
#include "offline/meter.h"
#include "offline/output.h"
#include "offline/part.h"
#include "offline/progress.h"
#include "offline/response.h"
#include "offline/sink.h"
#include "offline/sound.h"
#include "offline/source.h"
#include "offline/stream.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct FalRenderer {
  FalRenderSettings settings;
  FalKept           kept;
};

FalStatus
fal_renderer_new(FalRenderer** const            renderer,
                 const FalRenderSettings* const settings)
{
  FalRenderer* const self = (FalRenderer*)calloc(1U, sizeof(FalRenderer));
  if (self) {
    self->settings = *settings;
    *renderer      = self;
  }
  return self ? FAL_OK : FAL_ERR_NO_MEM;
}

void
fal_renderer_free(FalRenderer* const renderer)
{
  if (renderer) {
    fal_kept_clear(&renderer->kept);
    free(renderer);
  }
}

/// Get the response ready
static FalStatus
prepare(FalRenderer* const self, const FalRenderTask* const task,
        const FalSound* const sound, FalResponse** const response,
        FalError* const error)
{
  const FalRenderSettings* const settings = &self->settings;
  const FalResponseRequest       request  = {
           .paths       = task->irs,
           .n_paths     = task->n_irs,
           .order       = settings->order,
           .rate_hz     = sound->rate_hz,
           .n_inputs    = sound->n_channels,
           .match_level = settings->match_level,
           .is_matrix   = settings->is_matrix,
           .wet         = settings->wet * settings->gain * task->gain,
           .dry         = settings->dry * settings->gain * task->gain,
           .n_predelay = (uint32_t)lround(settings->predelay_s * sound->rate_hz),
  };
  return fal_kept_get(&self->kept, &request, response, error);
}

/// Refuse or say what is wrong with the samples, before the file is published
static FalStatus
judge(const FalRenderSettings* const settings, const FalSource* const source,
      const FalSinkReport* const report, const char* const output,
      FalError* const error)
{
  const uint64_t n_bad = fal_source_n_non_finite(source);
  if (n_bad && settings->strict) {
    return fal_error_set(error, FAL_ERR_BAD_DATA,
                         "%s: %llu samples are not finite",
                         fal_source_name(source), (unsigned long long)n_bad);
  }
  if (n_bad) {
    fal_message_warn("%s: %llu samples were not finite, and became 0",
                     fal_source_name(source), (unsigned long long)n_bad);
  }
  if (!report->n_clipped) {
    return FAL_OK;
  }
  const double peak_db = 20.0 * log10((double)report->peak);
  if (settings->fail_on_clip) {
    return fal_error_set(error, FAL_ERR_BAD_DATA,
                         "%s: %llu samples would clip, the peak is %+.2f dBFS",
                         output, (unsigned long long)report->n_clipped,
                         peak_db);
  }
  fal_message_warn("%s: %llu samples clipped, the peak was %+.2f dBFS (--gain "
                   "%.1f avoids it)",
                   output, (unsigned long long)report->n_clipped, peak_db,
                   -ceil(10.0 * peak_db) / 10.0);
  return FAL_OK;
}

/// Open the output in the input's format, or the one that was asked for; it
/// begins `shift` frames later than the recording
static FalStatus
open_sink(FalSink** const sink, const FalRenderSettings* const settings,
          const FalRenderTask* const task, const FalStream* const stream,
          const int64_t shift, FalError* const error)
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
     .sound     = *fal_source_sound(stream->source),
     .no_dither = settings->no_dither,
     .metadata  = &metadata,
  };
  request.sound.n_channels = stream->n_outputs;
  request.sound.n_frames   = stream->n_out;
  FalStatus st =
    fal_sound_choose(&request.sound.format, task->output, settings->container,
                     settings->subtype, &request.sound, error);
  if (!st) {
    st = fal_metadata_read(&metadata, stream->source, error);
  }
  if (!st) {
    fal_metadata_shift(&metadata, shift);
    st = fal_sink_open(sink, &request, error);
  }
  fal_metadata_clear(&metadata);
  free(inputs);
  return st;
}

/// What the result goes to
typedef struct {
  FalSink*  sink;
  FalMeter* meter;
  float     gain; ///< On the way to the sink
} Target;

static FalStatus
take(void* const handle, float* const* const planar, const size_t n_frames,
     FalError* const error)
{
  const Target* const target = (const Target*)handle;
  if (target->meter) {
    const FalStatus st =
      fal_meter_add(target->meter, (const float* const*)planar, n_frames);
    return st ? fal_error_set(error, st, "loudness: %s", fal_strerror(st)) : st;
  }
  if (target->gain != 1.0F) {
    const uint32_t n_channels = fal_sink_n_channels(target->sink);
    for (uint32_t c = 0U; c < n_channels; ++c) {
      for (size_t t = 0U; t < n_frames; ++t) {
        planar[c][t] *= target->gain;
      }
    }
  }
  return fal_sink_write(target->sink, (const float* const*)planar, n_frames,
                        error);
}

/// Lay out the way of an open source through its response
static FalStatus
set_up(FalRenderer* const self, FalSource* const source,
       const FalRenderTask* const task, FalStream* const stream,
       FalResponse** const response, FalError* const error)
{
  const FalRenderSettings* const settings = &self->settings;
  const FalSound* const          sound    = fal_source_sound(source);
  FalStatus st = prepare(self, task, sound, response, error);
  if (st || (st = fal_part_skip_to_start(source, settings, error))) {
    return st;
  }
  assert(*response);
  const bool is_known = fal_source_n_left(source) != FAL_FRAMES_UNKNOWN;
  *stream             = (FalStream){
                .source    = source,
                .n_inputs  = sound->n_channels,
                .n_outputs = (*response)->matrix.n_outputs,
                .n_in      = fal_part_count_input(settings, source),
  };
  st = fal_response_fit(*response, is_known ? stream->n_in : 0U,
                        settings->precision, settings->n_threads);
  if (st) {
    return fal_error_set(error, st, "%s: %s", task->input, fal_strerror(st));
  }
  return fal_part_choose(stream, settings, *response, task->input, error);
}

/// The first of two passes: find the gain that brings the result to its level
static FalStatus
measure(FalRenderer* const self, const FalRenderTask* const task,
        float* const gain, FalError* const error)
{
  const FalRenderSettings* const settings = &self->settings;
  FalSource*                     source   = NULL;
  FalResponse*                   response = NULL;
  FalStream                      stream;
  Target                         target = {NULL, NULL, 1.0F};
  uint64_t                       n_read = 0U;
  if (!strcmp(task->input, "-")) {
    return fal_error_set(error, FAL_ERR_BAD_ARG,
                         "--normalize needs two passes: standard input can be "
                         "read only once");
  }
  FalStatus st = fal_source_open(&source, task->input, error);
  if (!st) {
    st = set_up(self, source, task, &stream, &response, error);
  }
  if (!st &&
      (st = fal_meter_new(&target.meter, settings->normalise, stream.n_outputs,
                          fal_source_sound(source)->rate_hz))) {
    fal_error_set(error, st, "%s: %s", task->input, fal_strerror(st));
  }
  if (!st) {
    stream.consume = take;
    stream.handle  = &target;
    st             = fal_stream_run(&stream, response->crew, &n_read, error);
  }
  if (!st) {
    const double db = fal_meter_db(target.meter);
    *gain =
      isfinite(db) ? (float)pow(10.0, (settings->level_db - db) / 20.0) : 1.0F;
    if (!isfinite(db)) {
      fal_message_warn("%s: is silent, and stays so", task->output);
    }
  }
  fal_meter_free(target.meter);
  fal_source_close(source);
  return st;
}

/// From an open source on
static FalStatus
render_source(FalRenderer* const self, FalSource* const source,
              const FalRenderTask* const task, const float gain,
              FalRenderReport* const report, FalError* const error)
{
  const FalRenderSettings* const settings = &self->settings;
  const FalSound* const          sound    = fal_source_sound(source);
  const int64_t n_skipped = llround(settings->start_s * sound->rate_hz);
  FalResponse*  response  = NULL;
  FalStream     stream;
  Target        target = {NULL, NULL, gain};
  FalStatus     st     = set_up(self, source, task, &stream, &response, error);
  if (st || (st = open_sink(&target.sink, settings, task, &stream,
                            n_skipped + stream.first, error))) {
    return st;
  }

  uint64_t    n_read = 0U;
  FalProgress progress;
  fal_progress_start(&progress, settings->progress, stream.n_in,
                     (double)sound->rate_hz);
  stream.progress = &progress;
  stream.consume  = take;
  stream.handle   = &target;
  st              = fal_stream_run(&stream, response->crew, &n_read, error);
  fal_progress_end(&progress);

  const FalSinkReport written = fal_sink_report(target.sink);
  if (!st) {
    st = judge(settings, source, &written, task->output, error);
  }
  if (st) {
    fal_sink_discard(target.sink);
    return st;
  }
  FalOutput* output = NULL;
  st                = fal_sink_finish(target.sink, &output, error);
  if (!st) {
    *report = (FalRenderReport){
      .rate_hz      = sound->rate_hz,
      .n_channels   = stream.n_outputs,
      .n_frames_in  = n_read,
      .n_frames_out = written.n_frames,
      .n_clipped    = written.n_clipped,
      .n_non_finite = fal_source_n_non_finite(source),
      .peak         = (double)written.peak,
      .output       = output,
    };
  }
  return st;
}

FalStatus
fal_render(FalRenderer* const renderer, const FalRenderTask* const task,
           FalRenderReport* const report, FalError* const error)
{
  FalSource* source = NULL;
  float      gain   = 1.0F;
  FalStatus  st     = renderer->settings.normalise
                        ? measure(renderer, task, &gain, error)
                        : FAL_OK;
  if (!st) {
    st = fal_source_open(&source, task->input, error);
  }
  if (!st) {
    st = render_source(renderer, source, task, gain, report, error);
  }
  fal_source_close(source);
  return st;
}
