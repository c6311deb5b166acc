// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/convolve_options.h"

#include "core/convolve.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/meter.h"
#include "offline/pick.h"
#include "offline/settings.h"

#include <popt.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void
fal_convolve_options_init(FalConvolveOptions* const options,
                          struct poptOption table[FAL_CONVOLVE_MAX_OPTIONS])
{
  FalConvolveOptions* const o = options;
  *o                          = (FalConvolveOptions){
                             .dry_db  = -HUGE_VAL,
                             .tail_db = -HUGE_VAL,
                             .choose  = -1,
  };

  // clang-format off
  const struct poptOption filled[] = {
    {"output", 'o', POPT_ARG_STRING, &o->output, 0, "Where to: a file, a folder, or - for a pipe", "FILE"},
    {"ir", 'i', POPT_ARG_ARGV, &o->irs, 0, "Impulse response; several are put one behind the other", "FILE"},
    {"force", 'f', POPT_ARG_NONE, &o->force, 0, "Replace existing outputs", NULL},
    {"format", '\0', POPT_ARG_STRING, &o->container, 0, "Output format: wav, wavex, rf64, w64, aiff, au, caf, flac, ogg, opus", "NAME"},
    {"subtype", '\0', POPT_ARG_STRING, &o->subtype, 0, "Output samples: u8, pcm16, pcm24, pcm32, float, double, vorbis...", "NAME"},
    {"no-dither", '\0', POPT_ARG_NONE, &o->no_dither, 0, "Round to integers without dither", NULL},
    {"gain", 'g', POPT_ARG_DOUBLE, &o->gain_db, 0, "Gain of the output", "DB"},
    {"wet", '\0', POPT_ARG_DOUBLE, &o->wet_db, 0, "Gain of the response (0)", "DB"},
    {"dry", '\0', POPT_ARG_DOUBLE, &o->dry_db, 0, "Gain of the recording itself, beside the response (none)", "DB"},
    {"normalize", '\0', POPT_ARG_STRING, &o->normalise, 0, "Bring the output to a level: peak, rms or lufs, =X dB", "KIND[=X]"},
    {"match-level", '\0', POPT_ARG_NONE, &o->match_level, 0, "Scale responses: pink noise keeps its loudness within half a dB", NULL},
    {"fail-on-clip", '\0', POPT_ARG_NONE, &o->fail_on_clip, 0, "Fail where samples would clip", NULL},
    {"strict", '\0', POPT_ARG_NONE, &o->strict, 0, "Fail where samples of the recording are not finite", NULL},
    {"mode", '\0', POPT_ARG_STRING, &o->mode, 0, "Which part: full (with the tail), same or valid", "NAME"},
    {"align", '\0', POPT_ARG_NONE, &o->align, 0, "Put the direct sound of the response at time zero", NULL},
    {"predelay", '\0', POPT_ARG_DOUBLE, &o->predelay_ms, 0, "Silence before the response", "MS"},
    {"start", '\0', POPT_ARG_DOUBLE, &o->start_s, 0, "Begin here in the recording", "SECONDS"},
    {"duration", '\0', POPT_ARG_DOUBLE, &o->duration_s, 0, "Take as much of the recording", "SECONDS"},
    {"tail-threshold", '\0', POPT_ARG_DOUBLE, &o->tail_db, 0, "Cut the tail where it stays below this level, in dBFS", "DB"},
    {"channels", '\0', POPT_ARG_STRING, &o->channels, 0, "Channels of the recording, from 1 on, in this order", "LIST"},
    {"mono", '\0', POPT_ARG_NONE, &o->mono, 0, "Take the mean of the recording's channels", NULL},
    {"ir-order", '\0', POPT_ARG_STRING, &o->order, 0, "Channels of true stereo: LL,LR,RL,RR (usual) or LL,RL,LR,RR", "LIST"},
    {"matrix", '\0', POPT_ARG_STRING, &o->matrix, 0, "Text of routes in place of a response (also jconvolver's)", "FILE"},
    {"manifest", 'm', POPT_ARG_STRING, &o->manifest, 0, "List of files: tab-separated or JSON Lines", "FILE"},
    {"jobs", '\0', POPT_ARG_INT, &o->n_jobs, 0, "Files at a time, where there are several", "N"},
    {"resume", '\0', POPT_ARG_NONE, &o->resume, 0, "Pass over outputs that are there already", NULL},
    {"shard", '\0', POPT_ARG_STRING, &o->shard, 0, "Do part I (from 1) of N parts of the list", "I/N"},
    {"choose", '\0', POPT_ARG_LONGLONG, &o->choose, 0, "Choose one of the responses for each file, by chance", "SEED"},
    {"precision", '\0', POPT_ARG_STRING, &o->precision, 0, "Of the transforms: single, or double (several times slower)", "NAME"},
    {"threads", 't', POPT_ARG_INT, &o->n_threads, 0, "Threads of one file; the result is the same", "N"},
    {"json", 'j', POPT_ARG_NONE, &o->json, 0, "Print a line of JSON for each file", NULL},
    {"quiet", 'q', POPT_ARG_NONE, &o->quiet, 0, "Only say what failed", NULL},
    POPT_TABLEEND
  };
  // clang-format on
  static_assert(sizeof(filled) / sizeof(filled[0]) <= FAL_CONVOLVE_MAX_OPTIONS,
                "the table is too small");
  memcpy(table, filled, sizeof(filled));
}

void
fal_convolve_options_clear(FalConvolveOptions* const options)
{
  for (char** ir = options->irs; ir && *ir; ++ir) {
    free(*ir);
  }
  free(options->irs);
  free(options->output);
  free(options->manifest);
  free(options->container);
  free(options->subtype);
  free(options->mode);
  free(options->order);
  free(options->matrix);
  free(options->precision);
  free(options->shard);
  free(options->normalise);
  free(options->channels);
}

static double
from_db(const double db)
{
  return isfinite(db) ? pow(10.0, db / 20.0) : 0.0;
}

/// Find a word in a list ended by null, or the first for none; -1: not there
static int
find_word(const char* const* const words, const char* const word)
{
  for (int i = 0; words[i]; ++i) {
    if (!word || !strcmp(words[i], word)) {
      return i;
    }
  }
  return -1;
}

/// Read "peak", "rms=-20" and the like
static bool
read_level(FalRenderSettings* const settings, const char* const text)
{
  static const struct {
    const char* name;
    double      level_db; ///< Where none is given
  } kinds[] = {{"none", 0.0}, {"peak", -1.0}, {"rms", -20.0}, {"lufs", -23.0}};
  const size_t n = strcspn(text, "=");
  for (size_t i = 1U; i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
    if (strlen(kinds[i].name) == n && !strncmp(kinds[i].name, text, n)) {
      char* end           = NULL;
      settings->normalise = (FalMeasure)i;
      settings->level_db =
        text[n] ? strtod(text + n + 1U, &end) : kinds[i].level_db;
      return fabs(settings->level_db) <= 200.0 &&
             (!text[n] || (end != text + n + 1U && !*end));
    }
  }
  return false;
}

FalExit
fal_convolve_options_settle(FalRenderSettings* const        settings,
                            const FalConvolveOptions* const options,
                            const FalUsage* const usage, FalError* const error)
{
  static const char* const modes[]  = {"full", "same", "valid", NULL};
  static const char* const orders[] = {"LL,LR,RL,RR", "LL,RL,LR,RR", NULL};

  static const char* const precisions[] = {"single", "double", NULL};

  const int precision = find_word(precisions, options->precision);
  if (precision < 0) {
    return fal_arguments_refuse(usage, error,
                                "--precision is single or double, not '%s'",
                                options->precision);
  }
  const int mode  = find_word(modes, options->mode);
  const int order = find_word(orders, options->order);
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
  if (!(options->tail_db < 200.0)) {
    return fal_arguments_refuse(usage, error,
                                "--tail-threshold is a level in dBFS");
  }
  if (options->tail_db > -HUGE_VAL && mode != FAL_FULL) {
    return fal_arguments_refuse(
      usage, error, "--tail-threshold needs the tail, that is, --mode full");
  }
  FalPick pick = {.is_mono = options->mono};
  if (options->channels && !fal_pick_read(&pick, options->channels)) {
    return fal_arguments_refuse(
      usage, error, "--channels is a list of numbers such as 2,1, not '%s'",
      options->channels);
  }
  if (options->n_threads < 0 || options->n_threads > 64) {
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
    .pick         = pick,
    .mode         = (FalMode)mode,
    .order        = (FalOrder)order,
    .gain         = from_db(options->gain_db),
    .wet          = from_db(options->wet_db),
    .dry          = from_db(options->dry_db),
    .predelay_s   = 1e-3 * options->predelay_ms,
    .start_s      = options->start_s,
    .duration_s   = options->duration_s,
    .tail_floor   = from_db(options->tail_db),
    .match_level  = options->match_level,
    .is_matrix    = options->matrix != NULL,
    .precision    = (FalPrecision)precision,
    .n_threads    = (uint32_t)options->n_threads,
  };
  if (options->normalise && !read_level(settings, options->normalise)) {
    return fal_arguments_refuse(
      usage, error, "--normalize is peak, rms or lufs, and =X in dB, not '%s'",
      options->normalise);
  }
  if (!fal_meter_has(settings->normalise)) {
    return fal_arguments_refuse(
      usage, error,
      "--normalize lufs: this program was built without libebur128");
  }
  return FAL_EXIT_DONE;
}
