// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/render.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/level.h"
#include "offline/message.h"
#include "offline/output.h"
#include "offline/pass.h"
#include "offline/progress.h"
#include "offline/shelf.h"
#include "offline/sink.h"
#include "offline/sound.h"
#include "offline/source.h"
#include "offline/target.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct FalRenderer {
  FalRenderSettings settings;
  FalShelf          shelf;
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
    fal_shelf_clear(&renderer->shelf);
    free(renderer);
  }
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

/// All of the recording, and what is said of it
static FalStatus
run(FalPass* const pass, FalTarget* const target,
    const FalRenderSettings* const settings, const FalRenderTask* const task,
    FalRenderReport* const report, FalError* const error)
{
  const FalSound* const sound   = fal_source_sound(pass->source);
  FalSinkReport         written = {0};
  uint64_t              n_read  = 0U;
  FalProgress           progress;
  fal_progress_start(&progress, settings->progress, pass->stream.n_in,
                     (double)sound->rate_hz);
  FalStatus st =
    fal_pass_run(pass, fal_target_take, target, &progress, &n_read, error);
  fal_progress_end(&progress);
  if (!st) {
    st = fal_target_end(target, &written, error);
  }
  if (!st) {
    st = judge(settings, pass->source, &written, task->output, error);
  }
  *report = (FalRenderReport){
    .rate_hz      = sound->rate_hz,
    .n_channels   = pass->stream.n_outputs,
    .n_frames_in  = n_read,
    .n_frames_out = written.n_frames,
    .n_clipped    = written.n_clipped,
    .n_non_finite = fal_source_n_non_finite(pass->source),
    .peak         = (double)written.peak,
  };
  return st;
}

FalStatus
fal_render(FalRenderer* const renderer, const FalRenderTask* const task,
           FalRenderReport* const report, FalError* const error)
{
  const FalRenderSettings* const settings = &renderer->settings;
  FalShelf* const                shelf    = &renderer->shelf;
  FalPass                        pass     = {NULL, NULL, {0}};
  FalTarget                      target   = {NULL, NULL, 1.0};
  double                         gain     = 1.0;

  FalStatus st = fal_level_find_gain(&gain, settings, shelf, task, error);
  if (!st) {
    st = fal_pass_open(&pass, settings, shelf, task, error);
  }
  if (!st) {
    st = fal_target_open(&target, settings, task, &pass, gain, error);
  }
  if (!st) {
    st = run(&pass, &target, settings, task, report, error);
  }
  if (!st) {
    st = fal_target_finish(&target, &report->output, error);
  }
  fal_target_discard(&target);
  fal_pass_close(&pass);
  return st;
}
