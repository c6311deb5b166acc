// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/level.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/message.h"
#include "offline/meter.h"
#include "offline/pass.h"
#include "offline/planes.h"
#include "offline/source.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static FalStatus
take(void* const handle, const FalPlanes* const planes, const size_t n_frames,
     FalError* const error)
{
  const FalStatus st = fal_meter_add((FalMeter*)handle, planes, n_frames);
  return st ? fal_error_set(error, st, "loudness: %s", fal_strerror(st)) : st;
}

/// The level of a pass in dB
static FalStatus
measure(double* const db, const FalMeasure kind, FalPass* const pass,
        FalError* const error)
{
  const FalSound* const sound  = fal_source_sound(pass->source);
  FalMeter*             meter  = NULL;
  uint64_t              n_read = 0U;
  FalStatus             st =
    fal_meter_new(&meter, kind, pass->stream.n_outputs, sound->rate_hz);
  if (st) {
    return fal_error_set(error, st, "loudness: %s", fal_strerror(st));
  }
  st  = fal_pass_run(pass, take, meter, NULL, &n_read, error);
  *db = st ? 0.0 : fal_meter_db(meter);
  fal_meter_free(meter);
  return st;
}

FalStatus
fal_level_find_gain(double* const gain, const FalRenderSettings* const settings,
                    FalShelf* const shelf, const FalRenderTask* const task,
                    FalError* const error)
{
  *gain = 1.0;
  if (!settings->normalise) {
    return FAL_OK;
  }
  if (!strcmp(task->input, "-")) {
    return fal_error_set(error, FAL_ERR_BAD_ARG,
                         "--normalize needs two passes: standard input can be "
                         "read only once");
  }
  FalPass   pass;
  double    db = 0.0;
  FalStatus st = fal_pass_open(&pass, settings, shelf, task, error);
  if (st) {
    return st;
  }
  st = measure(&db, settings->normalise, &pass, error);
  if (!st && isfinite(db)) {
    *gain = pow(10.0, (settings->level_db - db) / 20.0);
  } else if (!st) {
    fal_message_warn("%s: is silent, and stays so", task->output);
  }
  fal_pass_close(&pass);
  return st;
}
