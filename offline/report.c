// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/report.h"

#include "ir/error.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/render.h"

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static void
set_count(json_t* const object, const char* const key, const uint64_t n)
{
  json_object_set_new(object, key, json_integer((json_int_t)n));
}

void
fal_report_print(const FalRenderTask* const   task,
                 const FalRenderReport* const report,
                 const FalError* const        error)
{
  const bool    failed = error && error->status;
  json_t* const object = json_object();
  json_object_set_new(object, "input", fal_json_text(task->input));
  json_object_set_new(object, "output", fal_json_text(task->output));
  json_object_set_new(object, "status",
                      json_string(failed   ? "failed"
                                  : report ? "done"
                                           : "skipped"));
  if (failed) {
    json_object_set_new(object, "error", fal_json_text(error->text));
  } else if (report) {
    json_t* const irs = json_array();
    for (uint32_t i = 0U; i < task->n_irs; ++i) {
      json_array_append_new(irs, fal_json_text(task->irs[i]));
    }
    json_object_set_new(object, "ir", irs);
    set_count(object, "sample_rate", report->rate_hz);
    set_count(object, "channels", report->n_channels);
    set_count(object, "frames_in", report->n_frames_in);
    set_count(object, "frames_out", report->n_frames_out);
    set_count(object, "clipped", report->n_clipped);
    set_count(object, "not_finite", report->n_non_finite);
    json_object_set_new(
      object, "peak_dbfs",
      report->peak > 0.0 ? json_real(20.0 * log10(report->peak)) : json_null());
  }
  FalError none;
  if (fal_json_print(object, &none)) {
    fal_message_error(&none);
  }
  fflush(stdout); // Its state is asked when standard output is closed
}
