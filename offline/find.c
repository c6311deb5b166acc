// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file find.c The subcommand `find`: where a clip is heard in recordings

#include "core/find.h"

#include "core/resample.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/hits.h"
#include "offline/progress.h"
#include "offline/tape.h"

#include <popt.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Hits by chance in an hour, if nothing else is said
#define FALSE_ALARMS 0.01

/// Frames that are read at once
#define PIECE 65536U

/// Shortest clip
#define LEAST_CLIP 16U

/// What is asked for
typedef struct {
  double threshold;    ///< 0: after false_alarms
  double false_alarms; ///< In an hour
  int    max_hits;     ///< 0: all
  int    clip_channel; ///< From 1; 0: the loudest
  int    channel;      ///< From 1; 0: all
  int    json;
  int    csv;
} Settings;

/// A channel of the clip
typedef struct {
  float*   samples; ///< [n]
  uint32_t n;
  double   rate_hz;
} Clip;

/// What to tell the progress line
typedef struct {
  FalProgress line;
  uint64_t    before; ///< Frames of other channels
} Watch;

static FalStatus
check_channel(const FalTape* const tape, const int channel,
              FalError* const error)
{
  const uint32_t n = fal_tape_sound(tape)->n_channels;
  return channel <= 0 || (uint32_t)channel <= n
           ? FAL_OK
           : fal_error_set(error, FAL_ERR_BAD_ARG,
                           "%s: has %u channels, there is no channel %d",
                           fal_tape_name(tape), n, channel);
}

static FalStatus
read_channel(const FalRecording* const recording, const uint32_t channel,
             float* const x)
{
  const size_t n  = (size_t)recording->n_frames;
  FalStatus    st = FAL_OK;
  for (size_t t = 0U; !st && t < n; t += PIECE) {
    const size_t now = n - t < PIECE ? n - t : PIECE;
    st =
      fal_recording_read(recording, channel, x + t, (int64_t)t, (uint32_t)now);
  }
  return st;
}

/// Read the wanted channel of the clip, or the loudest
static FalStatus
read_clip(Clip* const clip, FalTape* const tape, const int wanted,
          FalError* const error)
{
  const FalRecording r = fal_tape_recording(tape);
  const size_t       n = (size_t)r.n_frames;
  if (n < LEAST_CLIP || n > INT32_MAX) {
    return fal_error_set(error, FAL_ERR_BAD_DATA, "%s: is too %s for a clip",
                         fal_tape_name(tape),
                         n < LEAST_CLIP ? "short" : "long");
  }
  float* best    = (float*)malloc(n * sizeof(float));
  float* next    = (float*)malloc(n * sizeof(float));
  double loudest = -1.0;
  if (!best || !next) {
    free(best);
    free(next);
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         fal_tape_name(tape));
  }
  FalStatus st = FAL_OK;
  for (uint32_t c = 0U; !st && c < r.n_channels; ++c) {
    double energy = 0.0;
    if ((wanted > 0 && c + 1U != (uint32_t)wanted) ||
        (st = read_channel(&r, c, next))) {
      continue;
    }
    for (size_t t = 0U; t < n; ++t) {
      energy += (double)next[t] * (double)next[t];
    }
    if (energy > loudest) {
      float* const other = best;
      best               = next;
      next               = other;
      loudest            = energy;
    }
  }
  free(next);
  if (!st && !(loudest > 0.0)) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA, "%s: is silent",
                       fal_tape_name(tape));
  }
  if (st) {
    free(best);
    return st;
  }
  *clip = (Clip){best, (uint32_t)n, fal_tape_sound(tape)->rate_hz};
  return FAL_OK;
}

static void
watch(void* const handle, const uint64_t n)
{
  Watch* const w = (Watch*)handle;
  fal_progress_tell(&w->line, w->before + n);
}

static int
by_height(const void* const a, const void* const b)
{
  const double x = fabs(((const FalFound*)a)->score);
  const double y = fabs(((const FalFound*)b)->score);
  return (x < y) - (x > y);
}

/// Append a channel's finds; what overlaps in several channels is one
static FalStatus
join(FalFinds* const all, FalFinds* const more, const uint32_t n_clip)
{
  FalFound* const at =
    (FalFound*)realloc(all->at, (all->n + more->n + 1U) * sizeof(FalFound));
  if (!at) {
    return FAL_ERR_NO_MEM;
  }
  if (more->n) {
    memcpy(at + all->n, more->at, more->n * sizeof(FalFound));
  }
  all->at        = at;
  all->threshold = fmax(all->threshold, more->threshold);
  const size_t n = all->n + more->n;
  all->n         = fal_found_merge(at, n, (double)n_clip - 0.5);
  return n && !all->n ? FAL_ERR_NO_MEM : FAL_OK;
}

/// Find in each wanted channel
static FalStatus
find_all(FalFinds* const all, const Clip* const clip, FalTape* const tape,
         const Settings* const s)
{
  const FalRecording recording = fal_tape_recording(tape);
  const double       rate_hz   = fal_tape_sound(tape)->rate_hz;
  const uint32_t     n_wanted  = s->channel ? 1U : recording.n_channels;
  Watch              w         = {.before = 0U};
  FalStatus          st        = FAL_OK;
  FalFindRequest     request   = {
          .clip         = clip->samples,
          .n_clip       = clip->n,
          .recording    = recording,
          .threshold    = s->threshold,
          .false_alarms = s->false_alarms / 3600.0 / rate_hz / n_wanted,
          .progress     = watch,
          .handle       = &w,
  };
  fal_progress_start(&w.line, true, n_wanted * recording.n_frames, rate_hz);
  for (uint32_t i = 0U; !st && i < n_wanted; ++i) {
    FalFinds finds  = {.at = NULL};
    request.channel = s->channel ? (uint32_t)s->channel - 1U : i;
    if (!(st = fal_find(&finds, &request))) {
      st = join(all, &finds, clip->n);
    }
    fal_finds_clear(&finds);
    w.before += recording.n_frames;
  }
  fal_progress_end(&w.line);
  if (!st && s->max_hits && all->n > (size_t)s->max_hits) {
    qsort(all->at, all->n, sizeof(FalFound), by_height);
    all->n = fal_found_merge(all->at, (size_t)s->max_hits, 0.0);
  }
  return st;
}

/// The clip as it is at another rate
static FalStatus
convert(Clip* const to, const Clip* const from, const double rate_hz)
{
  const size_t n = fal_resampled_frames(from->n, from->rate_hz, rate_hz);
  *to            = (Clip){NULL, (uint32_t)n, rate_hz};
  if (n > INT32_MAX || n < LEAST_CLIP) {
    return FAL_ERR_BAD_ARG;
  }
  to->samples = (float*)malloc(n * sizeof(float));
  return to->samples ? fal_resample(to->samples, from->samples, from->n,
                                    from->rate_hz, rate_hz)
                     : FAL_ERR_NO_MEM;
}

static FalStatus
find(FalHits* const hits, const Settings* const s, const Clip* const clip,
     FalError* const error)
{
  FalTape*  tape = NULL;
  Clip      own  = {NULL, 0U, 0.0};
  FalStatus st   = fal_tape_open(&tape, hits->file, error);
  if (st || (st = check_channel(tape, s->channel, error))) {
    fal_tape_close(tape);
    return st;
  }
  hits->rate_hz         = fal_tape_sound(tape)->rate_hz;
  hits->finds.threshold = s->threshold;
  hits->n_channels      = s->channel ? 1U : fal_tape_sound(tape)->n_channels;
  if ((st = convert(&own, clip, hits->rate_hz))) {
    fal_error_set(error, st, "%s: at %g Hz: %s", hits->clip, hits->rate_hz,
                  fal_strerror(st));
  } else if ((st = find_all(&hits->finds, &own, tape, s))) {
    if (st == FAL_ERR_BAD_DATA) {
      fal_error_set(error, st, "%s: is constant", hits->clip);
    } else if (!error->text[0]) {
      fal_error_set(error, st, "%s: %s", hits->file, fal_strerror(st));
    }
  } else {
    if (s->json) {
      st = fal_hits_print_json(hits, error);
    } else if (s->csv) {
      fal_hits_print_csv(hits);
    } else {
      fal_hits_print_text(hits);
    }
  }
  free(own.samples);
  fal_tape_close(tape);
  return st;
}

static FalExit
run(const FalArguments* const arguments, Settings* const s,
    FalError* const error)
{
  size_t    n_found = 0U;
  FalTape*  tape    = NULL;
  Clip      clip    = {NULL, 0U, 0.0};
  FalStatus st      = fal_tape_open(&tape, arguments->args[0], error);
  if (!st && !(st = check_channel(tape, s->clip_channel, error))) {
    st = read_clip(&clip, tape, s->clip_channel, error);
  }
  fal_tape_close(tape);
  if (!st && s->csv) {
    printf("file,seconds,samples,score,polarity,channel\n");
  }
  for (uint32_t i = 1U; !st && i < arguments->n_args; ++i) {
    FalHits hits = {.clip = arguments->args[0], .file = arguments->args[i]};
    st           = find(&hits, s, &clip, error);
    n_found += hits.finds.n;
    fal_finds_clear(&hits.finds);
  }
  free(clip.samples);
  return st ? FAL_EXIT_FAILED : n_found ? FAL_EXIT_DONE : FAL_EXIT_NOTHING;
}

FalExit
fal_command_find(const int argc, const char** const argv, FalError* const error)
{
  Settings s = {.false_alarms = FALSE_ALARMS};

  const struct poptOption table[] = {
    {"false-alarms", '\0', POPT_ARG_DOUBLE, &s.false_alarms, 0,
     "Hits by chance in an hour of sound, at the mean (default: 0.01)", "N"},
    {"threshold", 't', POPT_ARG_DOUBLE, &s.threshold, 0,
     "Least score of a hit, 0 to 1, instead of --false-alarms", "SCORE"},
    {"max-hits", 'n', POPT_ARG_INT, &s.max_hits, 0,
     "Only the best N hits of each file", "N"},
    {"clip-channel", '\0', POPT_ARG_INT, &s.clip_channel, 0,
     "Channel of the clip, from 1 (default: the loudest)", "N"},
    {"channel", 'c', POPT_ARG_INT, &s.channel, 0,
     "Channel to search, from 1 (default: all)", "N"},
    {"json", 'j', POPT_ARG_NONE, &s.json, 0, "One JSON object a file and line",
     NULL},
    {"csv", '\0', POPT_ARG_NONE, &s.csv, 0, "A table, one line a hit", NULL},
    POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "find",
    .synopsis = "[OPTION...] CLIP FILE...",
    .purpose =
      "Find every place where a clip is heard in long recordings, at any "
      "level\n"
      "and of either polarity, also below other sound. The score is the\n"
      "normalised cross-correlation: 1 for a copy, 0 for what is unlike.\n"
      "Ends with 3 if nothing is found.\n",
    .examples =
      "  faltung find jingle.wav monday.flac tuesday.flac\n"
      "  faltung find --csv --threshold 0.8 click.wav take.wav >clicks.csv\n",
    .options  = table,
    .min_args = 2U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    if (!(s.threshold >= 0.0) || s.threshold > 1.0) {
      code = fal_arguments_refuse(&usage, error, "%g is not a score, 0 to 1",
                                  s.threshold);
    } else if (!(s.false_alarms > 0.0) || !isfinite(s.false_alarms)) {
      code = fal_arguments_refuse(
        &usage, error, "%g false alarms an hour cannot be", s.false_alarms);
    } else if (s.max_hits < 0 || s.channel < 0 || s.clip_channel < 0) {
      code =
        fal_arguments_refuse(&usage, error, "hits and channels count from 1");
    } else if (s.json && s.csv) {
      code = fal_arguments_refuse(&usage, error, "--json or --csv, not both");
    } else {
      code = run(&arguments, &s, error);
    }
  }
  fal_arguments_clear(&arguments);
  return code;
}
