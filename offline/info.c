// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file info.c The subcommand `info`: what sound files are

#include "core/status.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/sound.h"
#include "offline/source.h"

#include <jansson.h>
#include <popt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// What is asked for
typedef struct {
  int json;
  int level;
} Settings;

/// What reading all of a file tells
typedef struct {
  uint64_t n_frames;
  double   peak; ///< Full scale 1.0
  double   rms;  ///< Over all channels
} Level;

static FalStatus
measure(Level* const level, FalSource* const source, FalError* const error)
{
  enum { FRAMES = 1024 };
  static float samples[FAL_AUDIO_MAX_CHANNELS][FRAMES];
  float*       planar[FAL_AUDIO_MAX_CHANNELS];
  for (uint32_t c = 0U; c < FAL_AUDIO_MAX_CHANNELS; ++c) {
    planar[c] = samples[c];
  }
  const uint32_t n_channels = fal_source_sound(source)->n_channels;
  double         energy     = 0.0;
  *level                    = (Level){0U, 0.0, 0.0};
  for (size_t n = FRAMES; n == FRAMES; level->n_frames += n) {
    const FalStatus st = fal_source_read(source, planar, FRAMES, &n, error);
    if (st) {
      return st;
    }
    for (uint32_t c = 0U; c < n_channels; ++c) {
      for (size_t t = 0U; t < n; ++t) {
        const double x = (double)samples[c][t];
        level->peak    = fabs(x) > level->peak ? fabs(x) : level->peak;
        energy += x * x;
      }
    }
  }
  if (level->n_frames) {
    level->rms = sqrt(energy / (double)level->n_frames / n_channels);
  }
  return FAL_OK;
}

static double
to_db(const double value)
{
  return 20.0 * log10(value);
}

static void
print_text(const FalSource* const source, const FalSound* const sound,
           const Level* const level)
{
  char name[4096];
  fal_escape(name, sizeof(name), fal_source_name(source));
  printf("%s: %s %s, %u channel%s, %u Hz", name,
         fal_sound_container(sound->format), fal_sound_subtype(sound->format),
         sound->n_channels, sound->n_channels == 1U ? "" : "s", sound->rate_hz);
  if (sound->n_frames == FAL_FRAMES_UNKNOWN) {
    printf(", length not known");
  } else {
    printf(", %llu frames, %.6f s", (unsigned long long)sound->n_frames,
           (double)sound->n_frames / sound->rate_hz);
  }
  if (level) {
    printf(", peak %.2f dBFS, RMS %.2f dBFS, %llu not finite",
           to_db(level->peak), to_db(level->rms),
           (unsigned long long)fal_source_n_non_finite(source));
  }
  printf("\n");
}

static void
set_db(json_t* const object, const char* const key, const double value)
{
  // Silence has no level in dB
  json_object_set_new(object, key,
                      value > 0.0 ? json_real(to_db(value)) : json_null());
}

static FalStatus
print_json(const FalSource* const source, const FalSound* const sound,
           const Level* const level, FalError* const error)
{
  json_t* const object = json_object();
  json_object_set_new(object, "file", fal_json_text(fal_source_name(source)));
  json_object_set_new(object, "container",
                      json_string(fal_sound_container(sound->format)));
  json_object_set_new(object, "subtype",
                      json_string(fal_sound_subtype(sound->format)));
  json_object_set_new(object, "channels", json_integer(sound->n_channels));
  json_object_set_new(object, "sample_rate", json_integer(sound->rate_hz));
  if (sound->n_frames != FAL_FRAMES_UNKNOWN) {
    json_object_set_new(object, "frames",
                        json_integer((json_int_t)sound->n_frames));
    json_object_set_new(
      object, "seconds",
      json_real((double)sound->n_frames / (double)sound->rate_hz));
  }
  if (level) {
    set_db(object, "peak_dbfs", level->peak);
    set_db(object, "rms_dbfs", level->rms);
    json_object_set_new(
      object, "not_finite",
      json_integer((json_int_t)fal_source_n_non_finite(source)));
  }
  return fal_json_print(object, error);
}

static FalStatus
describe(const char* const path, const Settings* const settings,
         FalError* const error)
{
  FalSource* source = NULL;
  FalStatus  st     = fal_source_open(&source, path, error);
  if (st) {
    return st;
  }
  FalSound sound = *fal_source_sound(source);
  Level    level = {0U, 0.0, 0.0};
  if (settings->level && !(st = measure(&level, source, error))) {
    sound.n_frames = level.n_frames;
  }
  const Level* const measured = settings->level ? &level : NULL;
  if (!st && settings->json) {
    st = print_json(source, &sound, measured, error);
  } else if (!st) {
    print_text(source, &sound, measured);
  }
  fal_source_close(source);
  return st;
}

FalExit
fal_command_info(const int argc, const char** const argv, FalError* const error)
{
  Settings                settings = {0, 0};
  const struct poptOption table[]  = {
     {"level", 'l', POPT_ARG_NONE, &settings.level, 0,
      "Read all of it: exact length, peak, RMS", NULL},
     {"json", 'j', POPT_ARG_NONE, &settings.json, 0,
      "One JSON object a file and line", NULL},
     POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "info",
    .synopsis = "[OPTION...] FILE...",
    .purpose  = "Describe sound files: format, channels, rate, length.\n"
                "- is standard input.\n",
    .examples = "  faltung info speech.wav\n"
                "  faltung info --level --json *.wav\n",
    .options  = table,
    .min_args = 1U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    for (uint32_t i = 0U; i < arguments.n_args; ++i) {
      if (describe(arguments.args[i], &settings, error)) {
        fal_message_error(error); // And go on with the others
        error->text[0] = '\0';
        code           = FAL_EXIT_FAILED;
      }
    }
  }
  fal_arguments_clear(&arguments);
  return code;
}
