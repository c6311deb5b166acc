// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file align.c The subcommand `align`: shift recordings onto a reference

#include "core/delay.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/ardour.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/compared.h"
#include "offline/comparison.h"
#include "offline/edl.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/shift.h"

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

/// Drift over a whole recording from which a shift alone is not enough
#define MOST_DRIFT_S 0.001

/// What is asked for
typedef struct {
  FalComparison comparison;
  char*         folder;
  int           force;
  int           json;
  int           list;
  int           edl;
  int           ardour;
  int           fps;
  int           fraction;
  int           drift;
} Settings;

/// What is printed of all files together
typedef struct {
  FalEdl    edl;
  FalArdour session;
} Whole;

static const char*
base_name(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static bool
is_list(const Settings* const settings)
{
  return settings->list || settings->edl || settings->ardour;
}

/// The delay in the middle: with drift, a shift is right in one place only
static double
in_the_middle(const FalDelay* const delay)
{
  const double middle_s = (delay->start_s + delay->end_s) / 2.0;
  return delay->seconds + 1e-6 * delay->drift_ppm * middle_s;
}

/// Write a file without its delay
static FalStatus
write(const char* const path, const char* const target,
      const FalDelay* const delay, const Settings* const settings,
      FalError* const error)
{
  FalShift shift = {
    .path    = path,
    .target  = target,
    .force   = settings->force != 0,
    .kind    = settings->fraction ? FAL_SHIFT_FRACTION : FAL_SHIFT_WHOLE,
    .seconds = in_the_middle(delay),
  };
  if (settings->drift) {
    shift.kind    = FAL_SHIFT_DRIFT;
    shift.seconds = delay->seconds;
    shift.drift   = 1e-6 * delay->drift_ppm;
  }
  return fal_shift_write(&shift, error);
}

/// Say that drift is left where it can be heard
static void
warn_of_drift(const char* const path, const FalDelay* const delay,
              const char* const advice)
{
  const double change_s =
    1e-6 * fabs(delay->drift_ppm) * (delay->end_s - delay->start_s);
  if (change_s > MOST_DRIFT_S) {
    fal_message_warn("%s: drifts by %.1f ms from start to end%s", path,
                     1e3 * change_s, advice);
  }
}

/// Place a file in what is printed of all of them
static FalStatus
place(Whole* const whole, const Settings* const settings,
      const char* const path, const double delay_s, FalError* const error)
{
  return settings->edl ? fal_edl_add(&whole->edl, path, delay_s, error)
                       : fal_ardour_add(&whole->session, path, delay_s, error);
}

/// Say, and with --json print, what is done with one recording
static FalStatus
report(const char* const reference, const char* const path,
       const char* const target, const FalCompared* const compared,
       const Settings* const settings, Whole* const whole,
       FalError* const error)
{
  const FalDelay* const delay = &compared->delay;
  if (settings->edl || settings->ardour) {
    if (delay->no_match) {
      fal_message_warn("%s: does not match", path);
      return FAL_OK;
    }
    warn_of_drift(path, delay, "");
    return place(whole, settings, path, in_the_middle(delay), error);
  }
  if (settings->json) {
    json_t* const object = fal_compared_json(reference, path, compared);
    if (object && !delay->no_match && !is_list(settings)) {
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
      const Settings* const settings, Whole* const whole, FalError* const error)
{
  FalCompared compared = {.rate_hz = 0.0};
  char        target[4096];
  if (snprintf(target, sizeof(target), "%s/%s",
               settings->folder ? settings->folder : ".",
               base_name(path)) >= (int)sizeof(target)) {
    fal_error_set(error, FAL_ERR_BAD_ARG, "%s: the name is too long", path);
    return FAL_EXIT_FAILED;
  }

  FalStatus st = fal_comparison_run(&compared, &settings->comparison, reference,
                                    path, error);
  const FalDelay* const delay = &compared.delay;
  if (!st && !delay->no_match && !is_list(settings)) {
    st = write(path, target, delay, settings, error);
    if (!st && !settings->drift) {
      warn_of_drift(path, delay, " (--drift takes it out)");
    }
  }
  if (!st) {
    st = report(reference, path, target, &compared, settings, whole, error);
  }
  return st                ? FAL_EXIT_FAILED
         : delay->no_match ? FAL_EXIT_NOTHING
                           : FAL_EXIT_DONE;
}

/// Whether two of the files would be written to one place
static const char*
find_double(const FalArguments* const arguments)
{
  for (uint32_t i = 1U; i < arguments->n_args; ++i) {
    for (uint32_t j = 1U; j < i; ++j) {
      if (!strcmp(base_name(arguments->args[i]),
                  base_name(arguments->args[j]))) {
        return arguments->args[i];
      }
    }
  }
  return NULL;
}

/// Align each file with the first
static FalExit
align_all(Whole* const whole, const FalArguments* const arguments,
          const Settings* const settings, FalError* const error)
{
  const char* const reference = arguments->args[0];
  FalExit           code      = FAL_EXIT_DONE;
  if (settings->edl) {
    fal_edl_begin(&whole->edl, (uint32_t)settings->fps);
  }
  if ((settings->edl || settings->ardour) &&
      place(whole, settings, reference, 0.0, error)) {
    return FAL_EXIT_FAILED;
  }
  for (uint32_t i = 1U; i < arguments->n_args; ++i) {
    const FalExit one =
      align(reference, arguments->args[i], settings, whole, error);
    if (one == FAL_EXIT_FAILED) {
      return one;
    }
    code = one ? one : code;
  }
  return code;
}

static FalExit
run(const FalArguments* const arguments, Settings* const settings,
    const FalUsage* const usage, FalError* const error)
{
  struct stat folder;
  Whole       whole = {{0U, 0U}, {NULL, 0U, 0U}};
  FalExit     code  = fal_comparison_check(&settings->comparison, usage, error);
  if (code) {
    return code;
  }
  if (settings->fps < 1 || settings->fps > 240) {
    return fal_arguments_refuse(usage, error, "%d frames a second cannot be",
                                settings->fps);
  }
  if (!is_list(settings) && !settings->folder) {
    return fal_arguments_refuse(
      usage, error,
      "no folder to write to (-o DIR, --list, --edl or --ardour)");
  }
  if (!is_list(settings) && !stat(settings->folder, &folder) &&
      !S_ISDIR(folder.st_mode)) {
    fal_error_set(error, FAL_ERR_OPEN, "%s: is not a folder", settings->folder);
    return FAL_EXIT_FAILED;
  }
  for (uint32_t i = 0U; i < arguments->n_args; ++i) {
    if (!strcmp(arguments->args[i], "-")) {
      return fal_arguments_refuse(
        usage, error, "files are read twice, which standard input cannot be");
    }
  }
  if (settings->edl && settings->ardour) {
    return fal_arguments_refuse(usage, error, "--edl or --ardour, not both");
  }
  const char* const twice = is_list(settings) ? NULL : find_double(arguments);
  if (twice) {
    fal_error_set(error, FAL_ERR_EXISTS,
                  "%s: another file would be written under its name", twice);
    return FAL_EXIT_FAILED;
  }
  code = align_all(&whole, arguments, settings, error);
  if (settings->ardour && code != FAL_EXIT_FAILED) {
    fal_ardour_print(&whole.session);
  }
  fal_ardour_clear(&whole.session);
  return code;
}

FalExit
fal_command_align(const int argc, const char** const argv,
                  FalError* const error)
{
  Settings settings = {.fps = 25};
  fal_comparison_init(&settings.comparison);

  const struct poptOption table[] = {
    {"output", 'o', POPT_ARG_STRING, &settings.folder, 0,
     "Write the aligned files into this folder", "DIR"},
    {"force", 'f', POPT_ARG_NONE, &settings.force, 0, "Replace existing files",
     NULL},
    {"list", 'l', POPT_ARG_NONE, &settings.list, 0, "Write no files", NULL},
    {"fractional", '\0', POPT_ARG_NONE, &settings.fraction, 0,
     "Shift by fractions of a sample, too", NULL},
    {"drift", '\0', POPT_ARG_NONE, &settings.drift, 0,
     "Take out clock drift by resampling, and fractions", NULL},
    {"edl", '\0', POPT_ARG_NONE, &settings.edl, 0,
     "Write no files, print an edit decision list (CMX 3600)", NULL},
    {"fps", '\0', POPT_ARG_INT, &settings.fps, 0,
     "Frames a second of the list's time code (default: 25)", "N"},
    {"ardour", '\0', POPT_ARG_NONE, &settings.ardour, 0,
     "Write no files, print a session of Ardour 7", NULL},
    {"json", 'j', POPT_ARG_NONE, &settings.json, 0,
     "One JSON object a file and line", NULL},
    {NULL, '\0', POPT_ARG_INCLUDE_TABLE, settings.comparison.table, 0,
     "Comparison:", NULL},
    POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "align",
    .synopsis = "[OPTION...] REFERENCE FILE... -o DIR",
    .purpose =
      "Shift recordings so that they start with the reference: what is late "
      "is\n"
      "cut, what is early begins with silence. Formats and metadata are kept.\n"
      "By whole samples, which are copied exactly, unless asked otherwise.\n"
      "Ends with 3 if a file does not match; the others are written.\n",
    .examples =
      "  faltung align recorder.wav camera1.wav camera2.wav -o synced\n"
      "  faltung align --drift recorder.wav camera.wav -o synced\n"
      "  faltung align --list --json a.wav b.wav c.wav\n"
      "  faltung align --edl --fps 24 a.wav b.wav c.wav >sync.edl\n"
      "  mkdir sync && faltung align --ardour a.wav b.wav >sync/sync.ardour\n",
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
