// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file align.c The subcommand `align`: shift recordings onto a reference

#include "core/delay.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/comparison.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/parents.h"
#include "offline/sink.h"
#include "offline/tape.h"

#include <jansson.h>
#include <popt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/// Frames that are copied at once
#define PIECE 16384U

/// Drift over a whole recording from which a shift alone is not enough
#define MOST_DRIFT_S 0.01

/// What is asked for
typedef struct {
  FalComparison comparison;
  char*         folder;
  int           force;
  int           json;
  int           list;
} Settings;

static const char*
base_name(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/// Copy a recording from frame `start` on; before its first there is silence
static FalStatus
copy(FalSink* const sink, FalTape* const tape, const int64_t start,
     const int64_t n_frames, FalError* const error)
{
  const FalRecording recording = fal_tape_recording(tape);
  const uint32_t     n         = recording.n_channels;
  float* const  samples = (float*)malloc((size_t)n * PIECE * sizeof(float));
  float** const planar  = (float**)malloc(n * sizeof(float*));
  if (!samples || !planar) {
    free(planar);
    free(samples);
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         fal_tape_name(tape));
  }

  FalStatus st = FAL_OK;
  for (int64_t t = 0; !st && t < n_frames; t += PIECE) {
    const uint32_t now =
      n_frames - t < PIECE ? (uint32_t)(n_frames - t) : PIECE;
    for (uint32_t c = 0U; !st && c < n; ++c) {
      planar[c] = samples + (size_t)c * PIECE;
      st        = fal_recording_read(&recording, c, planar[c], start + t, now);
    }
    if (!st) {
      st = fal_sink_write(sink, (const float* const*)planar, now, error);
    }
  }
  free(planar);
  free(samples);
  return st;
}

/// Write a recording without its delay, in its own format, sample for sample
static FalStatus
write_aligned(const char* const path, const char* const target,
              const double delay_s, const Settings* const settings,
              FalError* const error)
{
  FalTape*  tape = NULL;
  FalSink*  sink = NULL;
  FalStatus st   = fal_tape_open(&tape, path, error);
  if (st) {
    return st;
  }

  FalSinkRequest request = {
    .output    = {target, settings->force != 0, &path, 1U},
    .sound     = *fal_tape_sound(tape),
    .no_dither = true,
  };
  const int64_t start    = llround(delay_s * request.sound.rate_hz);
  const int64_t n        = (int64_t)request.sound.n_frames - start;
  request.sound.n_frames = n > 0 ? (uint64_t)n : 0U;
  if (n <= 0) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA,
                       "%s: ends before the reference begins", path);
  } else if (!(st = fal_parents_make(target, error)) &&
             !(st = fal_sink_open(&sink, &request, error)) &&
             !(st = copy(sink, tape, start, n, error))) {
    st   = fal_sink_commit(sink, NULL, error);
    sink = NULL;
  }
  fal_sink_discard(sink);
  fal_tape_close(tape);
  return st;
}

/// Say, and with --json print, what is done with one recording
static FalStatus
report(const char* const reference, const char* const path,
       const char* const target, const FalDelay* const delay,
       const double rate_hz, const Settings* const settings,
       FalError* const error)
{
  if (settings->json) {
    json_t* const object = fal_comparison_json(reference, path, delay, rate_hz);
    if (object && !delay->no_match && !settings->list) {
      json_object_set_new(object, "output", fal_json_text(target));
    }
    return fal_json_print(object, error);
  }
  char name[4096];
  fal_escape(name, sizeof(name), path);
  if (delay->no_match) {
    printf("%s: does not match\n", name);
  } else {
    printf("%s: %+.9f s, drift %+.3f ppm, polarity %s\n", name, delay->seconds,
           delay->drift_ppm, delay->inverted ? "inverted" : "normal");
  }
  return FAL_OK;
}

static FalExit
align(const char* const reference, const char* const path,
      const Settings* const settings, FalError* const error)
{
  FalDelay delay   = {0};
  double   rate_hz = 0.0;
  char     target[4096];
  if (snprintf(target, sizeof(target), "%s/%s",
               settings->folder ? settings->folder : ".",
               base_name(path)) >= (int)sizeof(target)) {
    fal_error_set(error, FAL_ERR_BAD_ARG, "%s: the name is too long", path);
    return FAL_EXIT_FAILED;
  }

  FalStatus st = fal_comparison_run(&delay, &rate_hz, &settings->comparison,
                                    reference, path, error);
  if (!st && !delay.no_match && !settings->list) {
    // With drift, a shift is right in one place only: the middle
    const double middle_s = (delay.start_s + delay.end_s) / 2.0;
    const double change_s = delay.drift_ppm * 1e-6;
    st = write_aligned(path, target, delay.seconds + change_s * middle_s,
                       settings, error);
    if (!st && fabs(change_s) * (delay.end_s - delay.start_s) > MOST_DRIFT_S) {
      fal_message_warn("%s: drifts by %.1f ms from start to end", path,
                       1e3 * fabs(change_s) * (delay.end_s - delay.start_s));
    }
  }
  if (!st) {
    st = report(reference, path, target, &delay, rate_hz, settings, error);
  }
  return st               ? FAL_EXIT_FAILED
         : delay.no_match ? FAL_EXIT_NOTHING
                          : FAL_EXIT_DONE;
}

static FalExit
run(const FalArguments* const arguments, Settings* const settings,
    const FalUsage* const usage, FalError* const error)
{
  struct stat folder;
  FalExit     code = fal_comparison_check(&settings->comparison, usage, error);
  if (code) {
    return code;
  }
  if (!settings->list && !settings->folder) {
    return fal_arguments_refuse(usage, error,
                                "no folder to write to (-o DIR or --list)");
  }
  if (!settings->list && !stat(settings->folder, &folder) &&
      !S_ISDIR(folder.st_mode)) {
    fal_error_set(error, FAL_ERR_OPEN, "%s: is not a folder", settings->folder);
    return FAL_EXIT_FAILED;
  }
  for (uint32_t i = 1U; i < arguments->n_args; ++i) {
    const FalExit one =
      align(arguments->args[0], arguments->args[i], settings, error);
    if (one == FAL_EXIT_FAILED) {
      return one;
    }
    code = one ? one : code;
  }
  return code;
}

FalExit
fal_command_align(const int argc, const char** const argv,
                  FalError* const error)
{
  Settings settings = {.folder = NULL};
  fal_comparison_init(&settings.comparison);

  const struct poptOption table[] = {
    {"output", 'o', POPT_ARG_STRING, &settings.folder, 0,
     "Write the aligned files into this folder", "DIR"},
    {"force", 'f', POPT_ARG_NONE, &settings.force, 0, "Replace existing files",
     NULL},
    {"list", 'l', POPT_ARG_NONE, &settings.list, 0, "Write no files", NULL},
    {"json", 'j', POPT_ARG_NONE, &settings.json, 0,
     "One JSON object a file and line", NULL},
    {NULL, '\0', POPT_ARG_INCLUDE_TABLE, settings.comparison.table, 0,
     "Comparison:", NULL},
    POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "align",
    .synopsis = "[OPTION...] REFERENCE FILE... -o DIR",
    .purpose =
      "Shift recordings by whole samples so that they start with the "
      "reference:\n"
      "what is late is cut, what is early begins with silence. Formats are "
      "kept.\n"
      "Ends with 3 if a file does not match; the others are written.\n",
    .examples =
      "  faltung align recorder.wav camera1.wav camera2.wav -o synced\n"
      "  faltung align --list --json a.wav b.wav c.wav\n",
    .options  = table,
    .min_args = 2U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    code = run(&arguments, &settings, &usage, error);
  }
  fal_arguments_clear(&arguments);
  fal_comparison_clear(&settings.comparison);
  free(settings.folder);
  return code;
}
