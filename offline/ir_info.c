// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ir_info.c The verb `info` of `ir`: what a response is like

#include "core/status.h"
#include "ir/acoustics.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "ir/loudness.h"
#include "ir/shape.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/ir_file.h"
#include "offline/ir_verbs.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/sound.h"

#include <jansson.h>
#include <popt.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/// What is measured of all channels
typedef struct {
  double   rate_hz;
  uint32_t onset;
  double   length_60_s; ///< Until 60 dB less than all energy is left
  double   peak;
  double   loudness; ///< Ratio of amplitudes, see loudness.h
} Overview;

/// What is measured of each
typedef struct {
  double      energy;
  uint32_t    n_measures;
  FalMeasures measures[FAL_N_MEASURES];
} Channel;

/// Frames until 60 dB less than all of a channel's energy is left
static uint32_t
find_length(const float* const x, const uint32_t n_frames, const double energy)
{
  double   left = 0.0;
  uint32_t t    = n_frames;
  while (t && left <= 1e-6 * energy) {
    --t;
    left += (double)x[t] * (double)x[t];
  }
  return energy > 0.0 ? t + 1U : 0U;
}

static FalStatus
measure(Overview* const overview, Channel* const channels,
        const FalAudio* const audio)
{
  FalStatus st = fal_loudness_of_audio(&overview->loudness, audio);

  overview->rate_hz = audio->rate_hz;
  overview->onset   = fal_shape_onset(audio);
  for (uint32_t c = 0U; !st && c < audio->n_channels; ++c) {
    const float* const x = audio->samples + (size_t)c * audio->n_frames;
    for (uint32_t t = 0U; t < audio->n_frames; ++t) {
      const double sample = (double)x[t];
      channels[c].energy += sample * sample;
      overview->peak = fmax(overview->peak, fabs(sample));
    }
    overview->length_60_s = fmax(
      overview->length_60_s,
      find_length(x, audio->n_frames, channels[c].energy) / audio->rate_hz);
    st =
      fal_acoustics_measure(channels[c].measures, &channels[c].n_measures, x,
                            audio->n_frames, overview->onset, audio->rate_hz);
  }
  return st;
}

static double
amplitude_db(const double x)
{
  return 20.0 * log10(x);
}

/// Print a time; "?" if ISO 3382-1 does not let it count, "-" if there is none
static void
print_time(const FalDecayTime time)
{
  if (time.seconds > 0.0) {
    printf(" %7.3f%c", time.seconds, time.is_valid ? ' ' : '?');
  } else {
    printf("       - ");
  }
}

static void
print_text(const FalIr* const ir, const Overview* const o,
           const Channel* const channels)
{
  char name[4096];
  fal_escape(name, sizeof(name), ir->path);
  printf("%s: %s %s, %u channel%s, %.0f Hz, %u frames, %.6f s\n", name,
         fal_sound_container(ir->file_format),
         fal_sound_subtype(ir->file_format), ir->audio.n_channels,
         ir->audio.n_channels == 1U ? "" : "s", o->rate_hz, ir->audio.n_frames,
         ir->audio.n_frames / o->rate_hz);
  if (o->peak == 0.0) {
    printf("  silence\n");
    return;
  }
  printf("  onset %.6f s, length to -60 dB %.6f s, peak %.2f dBFS, "
         "gain in loudness %.2f dB\n",
         o->onset / o->rate_hz, o->length_60_s, amplitude_db(o->peak),
         amplitude_db(o->loudness));

  for (uint32_t c = 0U; c < ir->audio.n_channels; ++c) {
    printf("  channel %u: energy %.2f dB\n", c + 1U,
           10.0 * log10(channels[c].energy));
    printf(
      "      band   EDT s    T20 s    T30 s   noise dB   C50 dB   C80 dB   "
      "D50 %%\n");
    for (uint32_t b = 0U; b < channels[c].n_measures; ++b) {
      const FalMeasures* const m = &channels[c].measures[b];
      if (m->centre_hz > 0.0) {
        printf("  %5.0f Hz", floor(m->centre_hz + 0.5));
      } else {
        printf("       all");
      }
      if (m->has_energy) {
        print_time(m->edt);
        print_time(m->t20);
        print_time(m->t30);
        printf(" %9.1f %8.2f %8.2f %7.1f\n", -m->range_db, m->c50_db, m->c80_db,
               100.0 * m->d50);
      } else {
        printf("  silence\n");
      }
    }
  }
}

static json_t*
time_to_json(const FalDecayTime time)
{
  return time.seconds > 0.0 ? json_pack("{s:f,s:b}", "seconds", time.seconds,
                                        "valid", (int)time.is_valid)
                            : json_null();
}

static json_t*
measures_to_json(const FalMeasures* const m)
{
  return json_pack(
    "{s:o,s:o,s:o,s:o,s:f,s:f,s:f,s:f,s:f}", "band_hz",
    m->centre_hz > 0.0 ? json_real(floor(m->centre_hz + 0.5)) : json_null(),
    "edt", time_to_json(m->edt), "t20", time_to_json(m->t20), "t30",
    time_to_json(m->t30), "curvature_percent", m->curvature, "range_db",
    m->range_db, "c50_db", m->c50_db, "c80_db", m->c80_db, "d50", m->d50);
}

static json_t*
channel_to_json(const Channel* const channel)
{
  json_t* const bands = json_array();
  for (uint32_t b = 0U; b < channel->n_measures; ++b) {
    json_array_append_new(bands, channel->measures[b].has_energy
                                   ? measures_to_json(&channel->measures[b])
                                   : json_null());
  }
  return json_pack("{s:o,s:o}", "energy_db",
                   channel->energy > 0.0
                     ? json_real(10.0 * log10(channel->energy))
                     : json_null(),
                   "bands", bands);
}

static FalStatus
print_json(const FalIr* const ir, const Overview* const o,
           const Channel* const channels, FalError* const error)
{
  json_t* const list = json_array();
  for (uint32_t c = 0U; c < ir->audio.n_channels; ++c) {
    json_array_append_new(list, channel_to_json(&channels[c]));
  }
  json_t* const object = json_pack(
    "{s:o,s:s,s:s,s:i,s:i,s:I,s:f,s:f,s:f,s:o,s:o,s:o}", "file",
    fal_json_text(ir->path), "container", fal_sound_container(ir->file_format),
    "subtype", fal_sound_subtype(ir->file_format), "channels",
    (int)ir->audio.n_channels, "sample_rate", (int)o->rate_hz, "frames",
    (json_int_t)ir->audio.n_frames, "seconds", ir->audio.n_frames / o->rate_hz,
    "onset_seconds", o->onset / o->rate_hz, "length_60_seconds", o->length_60_s,
    "peak_dbfs", o->peak > 0.0 ? json_real(amplitude_db(o->peak)) : json_null(),
    "loudness_gain_db",
    o->loudness > 0.0 ? json_real(amplitude_db(o->loudness)) : json_null(),
    "measures", list);
  return fal_json_print(object, error);
}

static FalStatus
describe(const char* const path, const int as_json, FalError* const error)
{
  static Channel channels[FAL_AUDIO_MAX_CHANNELS];

  FalIr     ir       = {.path = NULL};
  Overview  overview = {.peak = 0.0};
  FalStatus st       = fal_ir_file_load(&ir, path, error);
  if (st) {
    return st;
  }
  for (uint32_t c = 0U; c < FAL_AUDIO_MAX_CHANNELS; ++c) {
    channels[c].energy = 0.0;
  }
  if ((st = measure(&overview, channels, &ir.audio))) {
    fal_error_set(error, st, "%s: %s", path, fal_strerror(st));
  } else if (as_json) {
    st = print_json(&ir, &overview, channels, error);
  } else {
    print_text(&ir, &overview, channels);
  }
  fal_ir_clear(&ir);
  return st;
}

FalExit
fal_ir_info(const int argc, const char** const argv, FalError* const error)
{
  int                     as_json = 0;
  const struct poptOption table[] = {{"json", 'j', POPT_ARG_NONE, &as_json, 0,
                                      "One JSON object a file and line", NULL},
                                     POPT_TABLEEND};
  const FalUsage          usage   = {
               .name     = "ir info",
               .synopsis = "[OPTION...] FILE...",
               .purpose = "Measure impulse responses: onset, length, level, and by octave "
                                     "bands the\n"
                                     "reverberation times EDT, T20 and T30, clarity C50 and C80, "
                                     "definition D50\n"
                                     "(ISO 3382-1, with compensation for noise). A time marked ? "
                                     "lacks range.\n",
               .examples = "  faltung ir info hall.wav\n"
                                      "  faltung ir info --json *.wav\n",
               .options  = table,
               .min_args = 1U,
               .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    for (uint32_t i = 0U; i < arguments.n_args; ++i) {
      if (describe(arguments.args[i], as_json, error)) {
        fal_message_error(error); // And go on with the others
        error->text[0] = '\0';
        code           = FAL_EXIT_FAILED;
      }
    }
  }
  fal_arguments_clear(&arguments);
  return code;
}
