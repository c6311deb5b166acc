// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ir_edit.c The verbs of `ir` that make one response from another

#include "core/status.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "ir/minphase.h"
#include "ir/shape.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/ir_file.h"
#include "offline/ir_verbs.h"

#include <popt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/// What is asked for
typedef struct {
  FalIrOutput output;
  FalShape    shape;
  double      rate_hz; ///< 0: the file's
  int         onset;   ///< As popt stores it
  bool        is_minphase;
} Edit;

static FalStatus
change(FalAudio* const audio, const Edit* const edit)
{
  const double from_hz = audio->rate_hz;
  FalStatus    st      = FAL_OK;
  if (edit->rate_hz > 0.0 && !(st = fal_audio_resample(audio, edit->rate_hz))) {
    fal_audio_scale(audio, from_hz / edit->rate_hz);
  }
  if (!st) {
    st = fal_shape_apply(audio, &edit->shape);
  }
  if (!st && edit->is_minphase) {
    st = fal_minphase(audio);
  }
  return st;
}

/// Read, change, write
static FalStatus
edit_file(const char* const path, const Edit* const edit, FalError* const error)
{
  FalIr     ir   = {.path = NULL};
  FalSink*  sink = NULL;
  FalStatus st   = fal_ir_file_load(&ir, path, error);
  if (st) {
    return st;
  }
  if ((st = change(&ir.audio, edit))) {
    fal_error_set(error, st,
                  st == FAL_ERR_BAD_ARG ? "%s: nothing is left of it (%s)"
                                        : "%s: %s",
                  path, fal_strerror(st));
  } else if (!(st = fal_ir_file_write(&sink, edit->output.path, &ir.audio,
                                      &edit->output, ir.file_format, &path, 1U,
                                      error))) {
    st = fal_ir_file_commit(sink, edit->output.path, error);
  }
  fal_ir_clear(&ir);
  return st;
}

/// Return whether the numbers of an edit make sense
static bool
is_sane(const Edit* const edit)
{
  const FalShape* const s = &edit->shape;
  const double times[] = {s->start_s, s->length_s, s->fade_in_s, s->fade_out_s};
  const double ratios[] = {s->stretch, s->decay.all, s->decay.low,
                           s->decay.high};
  for (size_t i = 0U; i < 4U; ++i) {
    if (!(times[i] >= 0.0 && times[i] <= FAL_IR_FILE_MAX_S) ||
        !(ratios[i] == 0.0 || (ratios[i] >= 0.1 && ratios[i] <= 4.0))) {
      return false;
    }
  }
  return fabs(s->gain_db) <= 200.0 &&
         (edit->rate_hz == 0.0 || (edit->rate_hz >= FAL_AUDIO_MIN_RATE_HZ &&
                                   edit->rate_hz <= FAL_AUDIO_MAX_RATE_HZ &&
                                   edit->rate_hz == floor(edit->rate_hz)));
}

/// The way of all verbs, once their options are in a table
static FalExit
run(const FalUsage* const usage, Edit* const edit, const int argc,
    const char** const argv, const char* const* const level,
    FalError* const error)
{
  static const char* const levels[] = {"none", "peak", "energy", "loudness"};

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, usage, argc, argv, &code, error)) {
    bool is_level          = !level || !*level;
    edit->shape.trim_onset = edit->onset;
    for (int i = FAL_NORMALISE_NONE; !is_level && i <= FAL_NORMALISE_LOUDNESS;
         ++i) {
      if (!strcmp(*level, levels[i])) {
        edit->shape.normalise = (FalNormalise)i;
        is_level              = true;
      }
    }
    if (!edit->output.path) {
      code = fal_arguments_refuse(usage, error, "no output (-o FILE)");
    } else if (!is_level) {
      code =
        fal_arguments_refuse(usage, error, "there is no level '%s'", *level);
    } else if (!is_sane(edit)) {
      code = fal_arguments_refuse(usage, error, "a number is out of range");
    } else if (edit_file(arguments.args[0], edit, error)) {
      code = FAL_EXIT_FAILED;
    }
  }
  fal_arguments_clear(&arguments);
  fal_ir_output_clear(&edit->output);
  return code;
}

/// The rest of a table of options, and of what --help says
#define EDIT_USAGE(verb, what, example)                                        \
  {                                                                            \
    .name = "ir " verb, .synopsis = "[OPTION...] IN -o OUT", .purpose = what,  \
    .examples = "  faltung ir " verb " " example "\n", .options = table,       \
    .min_args = 1U, .max_args = 1U                                             \
  }

FalExit
fal_ir_trim(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.rate_hz = 0.0};
  const struct poptOption table[] = {
    {"onset", '\0', POPT_ARG_NONE, &edit.onset, 0,
     "Cut what comes before the direct sound", NULL},
    {"start", '\0', POPT_ARG_DOUBLE, &edit.shape.start_s, 0,
     "Cut as much from the start (or the onset)", "S"},
    {"length", '\0', POPT_ARG_DOUBLE, &edit.shape.length_s, 0,
     "Cut what comes after", "S"},
    {"fade", '\0', POPT_ARG_DOUBLE, &edit.shape.fade_out_s, 0,
     "Fade out before the new end", "S"},
    FAL_IR_OUTPUT_OPTIONS(&edit.output),
    POPT_TABLEEND};
  const FalUsage usage =
    EDIT_USAGE("trim", "Cut a response at its start and end.\n",
               "--onset --length 1.5 --fade 0.1 hall.wav -o short.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}

FalExit
fal_ir_fade(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.rate_hz = 0.0};
  const struct poptOption table[] = {
    {"in", '\0', POPT_ARG_DOUBLE, &edit.shape.fade_in_s, 0,
     "From the start, by a raised cosine", "S"},
    {"out", '\0', POPT_ARG_DOUBLE, &edit.shape.fade_out_s, 0,
     "To the end, by a raised cosine", "S"},
    FAL_IR_OUTPUT_OPTIONS(&edit.output),
    POPT_TABLEEND};
  const FalUsage usage = EDIT_USAGE("fade", "Fade a response in and out.\n",
                                    "--out 0.2 hall.wav -o faded.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}

FalExit
fal_ir_normalize(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.rate_hz = 0.0};
  char*                   level   = NULL;
  const struct poptOption table[] = {
    {"to", '\0', POPT_ARG_STRING, &level, 0,
     "peak: the largest sample is 1 (the default); energy: noise keeps its RMS "
     "in the loudest channel; loudness: pink noise keeps its K-weighted "
     "loudness within half a dB; none",
     "LEVEL"},
    {"gain", '\0', POPT_ARG_DOUBLE, &edit.shape.gain_db, 0, "On top of it",
     "DB"},
    FAL_IR_OUTPUT_OPTIONS(&edit.output),
    POPT_TABLEEND};
  const FalUsage usage =
    EDIT_USAGE("normalize", "Bring a response to a stated level.\n",
               "--to loudness hall.wav -o even.wav");

  edit.shape.normalise = FAL_NORMALISE_PEAK;
  const FalExit code =
    run(&usage, &edit, argc, argv, (const char* const*)&level, error);
  free(level);
  return code;
}

FalExit
fal_ir_resample(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.rate_hz = 0.0};
  const struct poptOption table[] = {{"rate", '\0', POPT_ARG_DOUBLE,
                                      &edit.rate_hz, 0, "The new sample rate",
                                      "HZ"},
                                     FAL_IR_OUTPUT_OPTIONS(&edit.output),
                                     POPT_TABLEEND};
  const FalUsage          usage   = EDIT_USAGE(
               "resample",
               "Change the sample rate. What is convolved with the response at its new\n"
                          "rate comes out as loud as before.\n",
               "--rate 96000 hall.wav -o hall96.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}

FalExit
fal_ir_stretch(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.rate_hz = 0.0};
  const struct poptOption table[] = {{"ratio", '\0', POPT_ARG_DOUBLE,
                                      &edit.shape.stretch, 0,
                                      "New length over the old, 0.1 to 4", "X"},
                                     FAL_IR_OUTPUT_OPTIONS(&edit.output),
                                     POPT_TABLEEND};
  const FalUsage          usage   = EDIT_USAGE("stretch",
                                               "Make a response longer and deeper, or "
                                                          "shorter and higher, by resampling.\n",
                                               "--ratio 1.2 hall.wav -o larger.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}

FalExit
fal_ir_decay(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.rate_hz = 0.0};
  const struct poptOption table[] = {
    {"ratio", '\0', POPT_ARG_DOUBLE, &edit.shape.decay.all, 0,
     "New reverberation time over the old, up to 2", "X"},
    {"low", '\0', POPT_ARG_DOUBLE, &edit.shape.decay.low, 0,
     "On top of it, up to 125 Hz", "X"},
    {"high", '\0', POPT_ARG_DOUBLE, &edit.shape.decay.high, 0,
     "On top of it, from 4 kHz on", "X"},
    FAL_IR_OUTPUT_OPTIONS(&edit.output),
    POPT_TABLEEND};
  const FalUsage usage = EDIT_USAGE(
    "decay",
    "Let a response die away faster or slower, in each octave band by its own\n"
    "decay; the direct sound stays.\n",
    "--ratio 0.7 --high 0.8 hall.wav -o dry.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}

FalExit
fal_ir_reverse(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.shape = {.reverse = true}};
  const struct poptOption table[] = {FAL_IR_OUTPUT_OPTIONS(&edit.output),
                                     POPT_TABLEEND};
  const FalUsage          usage   = EDIT_USAGE(
               "reverse", "Turn a response round in time.\n", "hall.wav -o backwards.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}

FalExit
fal_ir_minphase(const int argc, const char** const argv, FalError* const error)
{
  Edit                    edit    = {.is_minphase = true};
  const struct poptOption table[] = {FAL_IR_OUTPUT_OPTIONS(&edit.output),
                                     POPT_TABLEEND};
  const FalUsage          usage   = EDIT_USAGE(
               "minphase",
               "Make each channel minimum-phase: the same levels at all frequencies, as\n"
                          "early as can be.\n",
               "cabinet.wav -o early.wav");
  return run(&usage, &edit, argc, argv, NULL, error);
}
