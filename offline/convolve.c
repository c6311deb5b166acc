// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file convolve.c The subcommand `convolve`: its command line

#include "core/convolve.h"

#include "core/status.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/render.h"

#include <jansson.h>
#include <popt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// The options as popt stores them
typedef struct {
  char*  output;
  char** irs; ///< Ended by null
  char*  container;
  char*  subtype;
  char*  mode;
  char*  order;
  int    force;
  int    no_dither;
  int    strict;
  int    fail_on_clip;
  int    align;
  int    json;
  int    quiet;
  int    n_threads;
  double gain_db;
  double wet_db;
  double dry_db;
  double predelay_ms;
  double start_s;
  double duration_s;
} Options;

static void
clear_options(Options* const options)
{
  for (char** ir = options->irs; ir && *ir; ++ir) {
    free(*ir);
  }
  free(options->irs);
  free(options->output);
  free(options->container);
  free(options->subtype);
  free(options->mode);
  free(options->order);
}

static double
from_db(const double db)
{
  return isfinite(db) ? pow(10.0, db / 20.0) : 0.0;
}

/// Find a word in a list ended by null; -1 if it is not there
static int
find_word(const char* const* const words, const char* const word)
{
  for (int i = 0; words[i]; ++i) {
    if (!strcmp(words[i], word)) {
      return i;
    }
  }
  return -1;
}

/// Make settings of the options
static FalExit
settle(FalRenderSettings* const settings, const Options* const options,
       const FalUsage* const usage, FalError* const error)
{
  static const char* const modes[]  = {"full", "same", "valid", NULL};
  static const char* const orders[] = {"LL,LR,RL,RR", "LL,RL,LR,RR", NULL};

  const int mode  = options->mode ? find_word(modes, options->mode) : 0;
  const int order = options->order ? find_word(orders, options->order) : 0;
  if (mode < 0) {
    return fal_arguments_refuse(
      usage, error, "--mode is full, same or valid, not '%s'", options->mode);
  }
  if (order < 0) {
    return fal_arguments_refuse(
      usage, error, "--ir-order is LL,LR,RL,RR or LL,RL,LR,RR, not '%s'",
      options->order);
  }
  if (!(fabs(options->gain_db) <= 200.0) || !(options->wet_db <= 200.0) ||
      !(options->dry_db <= 200.0)) {
    return fal_arguments_refuse(usage, error,
                                "gains are numbers of decibels up to 200");
  }
  if (!(options->predelay_ms >= 0.0 && options->predelay_ms <= 60e3)) {
    return fal_arguments_refuse(usage, error,
                                "--predelay is from 0 to 60000 milliseconds");
  }
  if (!(options->start_s >= 0.0 && options->start_s < 1e9) ||
      !(options->duration_s >= 0.0 && options->duration_s < 1e9)) {
    return fal_arguments_refuse(
      usage, error, "--start and --duration are seconds, and not negative");
  }
  if (options->n_threads < 1 || options->n_threads > 64) {
    return fal_arguments_refuse(usage, error, "--threads is from 1 to 64");
  }
  *settings = (FalRenderSettings){
    .container    = options->container,
    .subtype      = options->subtype,
    .force        = options->force,
    .no_dither    = options->no_dither,
    .strict       = options->strict,
    .fail_on_clip = options->fail_on_clip,
    .align        = options->align,
    .progress     = !options->quiet,
    .mode         = (FalMode)mode,
    .order        = (FalOrder)order,
    .gain         = from_db(options->gain_db),
    .wet          = from_db(options->wet_db),
    .dry          = from_db(options->dry_db),
    .predelay_s   = 1e-3 * options->predelay_ms,
    .start_s      = options->start_s,
    .duration_s   = options->duration_s,
    .n_threads    = (uint32_t)options->n_threads,
  };
  return FAL_EXIT_DONE;
}

static FalStatus
print_report(const FalRenderTask* const   task,
             const FalRenderReport* const report, FalError* const error)
{
  json_t* const object = json_object();
  json_object_set_new(object, "input", fal_json_text(task->input));
  json_object_set_new(object, "output", fal_json_text(task->output));
  json_object_set_new(object, "sample_rate", json_integer(report->rate_hz));
  json_object_set_new(object, "channels", json_integer(report->n_channels));
  json_object_set_new(object, "frames_in",
                      json_integer((json_int_t)report->n_frames_in));
  json_object_set_new(object, "frames_out",
                      json_integer((json_int_t)report->n_frames_out));
  json_object_set_new(object, "clipped",
                      json_integer((json_int_t)report->n_clipped));
  json_object_set_new(object, "not_finite",
                      json_integer((json_int_t)report->n_non_finite));
  json_object_set_new(object, "peak_dbfs",
                      report->peak > 0.0 ? json_real(20.0 * log10(report->peak))
                                         : json_null());
  return fal_json_print(object, error);
}

/// The files: IN… with --ir, IN IR without
static FalExit
run(const FalArguments* const arguments, const Options* const options,
    const FalUsage* const usage, FalError* const error)
{
  FalRenderSettings settings;
  const FalExit     code = settle(&settings, options, usage, error);
  if (code) {
    return code;
  }
  if (!options->output) {
    return fal_arguments_refuse(usage, error, "no output is given (-o FILE)");
  }
  if (!options->irs && arguments->n_args != 2U) {
    return fal_arguments_refuse(
      usage, error, "without --ir, give one recording and one response");
  }
  if (options->irs && arguments->n_args != 1U) {
    return fal_arguments_refuse(usage, error, "give one recording");
  }
  if (options->json && !strcmp(options->output, "-")) {
    return fal_arguments_refuse(
      usage, error, "--json and the sound cannot both go to standard output");
  }

  const char* const* const irs =
    options->irs ? (const char* const*)options->irs : arguments->args + 1;
  uint32_t n_irs = 0U;
  while (irs[n_irs]) {
    ++n_irs;
  }
  const FalRenderTask task = {
    .input  = arguments->args[0],
    .output = options->output,
    .irs    = irs,
    .n_irs  = n_irs,
    .gain   = 1.0,
  };
  FalRenderer*    renderer = NULL;
  FalRenderReport report   = {0};
  FalStatus       st       = fal_renderer_new(&renderer, &settings);
  if (st) {
    fal_error_set(error, st, "out of memory");
  } else {
    st = fal_render(renderer, &task, &report, error);
  }
  if (!st && options->json) {
    st = print_report(&task, &report, error);
  }
  fal_renderer_free(renderer);
  return st ? FAL_EXIT_FAILED : FAL_EXIT_DONE;
}

static int
count_processors(void)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 2 ? 1 : 2; // More than two share no more work of one file
}

FalExit
fal_command_convolve(const int argc, const char** const argv,
                     FalError* const error)
{
  Options o = {.dry_db = -INFINITY, .n_threads = count_processors()};

  const struct poptOption table[] = {
    {"output", 'o', POPT_ARG_STRING, &o.output, 0, "Where to; - is a pipe",
     "FILE"},
    {"ir", 'i', POPT_ARG_ARGV, &o.irs, 0,
     "Impulse response; several are put one behind the other", "FILE"},
    {"force", 'f', POPT_ARG_NONE, &o.force, 0, "Replace an existing output",
     NULL},
    {"format", '\0', POPT_ARG_STRING, &o.container, 0,
     "Output format: wav, wavex, rf64, w64, aiff, au, caf, flac, ogg, opus",
     "NAME"},
    {"subtype", '\0', POPT_ARG_STRING, &o.subtype, 0,
     "Output samples: pcm16, pcm24, pcm32, float, double, u8, vorbis, …",
     "NAME"},
    {"gain", 'g', POPT_ARG_DOUBLE, &o.gain_db, 0, "Gain of the output", "DB"},
    {"wet", '\0', POPT_ARG_DOUBLE, &o.wet_db, 0, "Gain of the response (0)",
     "DB"},
    {"dry", '\0', POPT_ARG_DOUBLE, &o.dry_db, 0,
     "Gain of the recording itself, beside the response (none)", "DB"},
    {"mode", '\0', POPT_ARG_STRING, &o.mode, 0,
     "Which part: full (with the tail), same or valid", "NAME"},
    {"align", '\0', POPT_ARG_NONE, &o.align, 0,
     "Put the direct sound of the response at time zero", NULL},
    {"predelay", '\0', POPT_ARG_DOUBLE, &o.predelay_ms, 0,
     "Silence before the response", "MS"},
    {"start", '\0', POPT_ARG_DOUBLE, &o.start_s, 0,
     "Begin here in the recording", "SECONDS"},
    {"duration", '\0', POPT_ARG_DOUBLE, &o.duration_s, 0,
     "Take as much of the recording", "SECONDS"},
    {"ir-order", '\0', POPT_ARG_STRING, &o.order, 0,
     "Channels of true stereo: LL,LR,RL,RR (usual) or LL,RL,LR,RR", "LIST"},
    {"no-dither", '\0', POPT_ARG_NONE, &o.no_dither, 0,
     "Round to integers without dither", NULL},
    {"fail-on-clip", '\0', POPT_ARG_NONE, &o.fail_on_clip, 0,
     "Fail where samples would clip", NULL},
    {"strict", '\0', POPT_ARG_NONE, &o.strict, 0,
     "Fail where samples of the recording are not finite", NULL},
    {"threads", 't', POPT_ARG_INT, &o.n_threads, 0,
     "Threads of one file; the result is the same", "N"},
    {"json", 'j', POPT_ARG_NONE, &o.json, 0, "Report as JSON", NULL},
    {"quiet", 'q', POPT_ARG_NONE, &o.quiet, 0, "Only say what failed", NULL},
    POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "convolve",
    .synopsis = "[OPTION...] IN IR -o OUT | IN --ir IR... -o OUT",
    .purpose =
      "Convolve a recording with an impulse response: whole tail, exact gain,\n"
      "no shift in time, and the recording's format kept.\n",
    .examples =
      "  faltung convolve speech.wav hall.wav -o speech-in-hall.wav\n"
      "  faltung convolve --wet -12 --dry 0 drums.flac plate.wav -o mix.flac\n"
      "  sox in.mp3 -t wav - | faltung convolve - hall.wav -o - | aplay\n",
    .options  = table,
    .min_args = 1U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    fal_message_set_quiet(o.quiet);
    code = run(&arguments, &o, &usage, error);
  }
  fal_arguments_clear(&arguments);
  clear_options(&o);
  return code;
}
