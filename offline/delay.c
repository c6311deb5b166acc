// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay.c The subcommand `delay`: by how much recordings are late

#include "core/delay.h"

#include "core/delay_steps.h"
#include "core/delay_track.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/compared.h"
#include "offline/comparison.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/network.h"
#include "offline/output.h"

#include <jansson.h>
#include <popt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What is asked for
typedef struct {
  FalComparison comparison;
  char*         track; ///< Null: none
  int           n_candidates;
  int           json;
  int           all_pairs;
  int           pieces;
  int           force;
} Settings;

static void
print_text(const char* const name_a, const char* const name_b,
           const FalCompared* const compared, const uint32_t n_candidates)
{
  const FalDelay* const delay   = &compared->delay;
  const double          rate_hz = compared->rate_hz;
  char                  a[4096];
  char                  b[4096];
  fal_escape(a, sizeof(a), name_a);
  fal_escape(b, sizeof(b), name_b);
  if (delay->no_match) {
    printf("%s and %s do not match: %s (confidence %.3f)\n", a, b,
           fal_compared_reason(compared), delay->confidence);
  } else {
    printf("%s is %s by %.6f ms (%.3f samples at %g kHz)\n", b,
           delay->seconds < 0.0 ? "early" : "late", 1e3 * fabs(delay->seconds),
           rate_hz * fabs(delay->seconds), rate_hz / 1e3);
    printf("  polarity %s, drift %+.3f ppm, confidence %.3f\n",
           delay->inverted ? "inverted" : "normal", delay->drift_ppm,
           delay->confidence);
  }
  if (!delay->no_match && delay->change_s > 0.0 && !compared->pieces.n) {
    printf("  another delay from about %.1f s on: see --pieces\n",
           delay->change_s);
  }
  for (uint32_t i = 0U; i < delay->n_candidates && i < n_candidates; ++i) {
    const FalDelayCandidate* const c = &delay->candidates[i];
    printf("  candidate %u: %+.6f ms, score %.2f, polarity %s\n", i + 1U,
           1e3 * c->seconds, c->score, c->inverted ? "inverted" : "normal");
  }
  for (uint32_t i = 0U; i < compared->pieces.n; ++i) {
    const FalDelayStep* const p = &compared->pieces.at[i];
    printf("  from %.3f to %.3f s: %s by %.6f ms, polarity %s\n", p->start_s,
           p->end_s, p->seconds < 0.0 ? "early" : "late",
           1e3 * fabs(p->seconds), p->inverted ? "inverted" : "normal");
  }
}

static FalStatus
print_json(const char* const name_a, const char* const name_b,
           const FalCompared* const compared, const uint32_t n_candidates,
           FalError* const error)
{
  const FalDelay* const delay  = &compared->delay;
  json_t* const         object = fal_compared_json(name_a, name_b, compared);
  if (object && n_candidates) {
    json_t* const list = json_array();
    for (uint32_t i = 0U; i < delay->n_candidates && i < n_candidates; ++i) {
      const FalDelayCandidate* const c = &delay->candidates[i];
      json_array_append_new(list,
                            json_pack("{s:f, s:f, s:s}", "delay_seconds",
                                      c->seconds, "score", c->score, "polarity",
                                      c->inverted ? "inverted" : "normal"));
    }
    json_object_set_new(object, "candidates", list);
  }
  return fal_json_print(object, error);
}

/// Write the curve as a table
static FalStatus
write_track(const FalDelayTrack* const track, const Settings* const s,
            const char* const* const names, FalError* const error)
{
  const FalOutputRequest request = {s->track, s->force != 0, names, 2U};
  FalOutput*             output  = NULL;
  FalStatus              st      = fal_output_open(&output, &request, error);
  if (st) {
    return st;
  }
  char text[128] = "time_seconds,delay_seconds,score,polarity\n";
  st             = fal_output_write(output, text, strlen(text), error);
  for (uint32_t i = 0U; !st && i < track->n_points; ++i) {
    const FalDelayPoint* const p = &track->points[i];
    const int                  n =
      p->found
                         ? snprintf(text, sizeof(text), "%.6f,%.9f,%.2f,%s\n", p->time_s,
                                    p->seconds, p->score, p->inverted ? "inverted" : "normal")
                         : snprintf(text, sizeof(text), "%.6f,,,\n", p->time_s);
    st = fal_output_write(output, text, (size_t)n, error);
  }
  if (st) {
    fal_output_discard(output);
    return st;
  }
  return fal_output_commit(output, error);
}

/// Compare two files, and tell
static FalExit
tell(const char* const name_a, const char* const name_b,
     const Settings* const s, FalError* const error)
{
  const char* const names[]      = {name_a, name_b};
  const uint32_t    n_candidates = s->comparison.pair.n_candidates;
  FalCompared       compared     = {.rate_hz = 0.0};
  FalStatus         st =
    fal_comparison_run(&compared, &s->comparison, name_a, name_b, error);
  if (!st && s->track) {
    st = write_track(&compared.track, s, names, error);
  }
  if (!st && s->json) {
    st = print_json(name_a, name_b, &compared, n_candidates, error);
  } else if (!st && !(s->track && !strcmp(s->track, "-"))) {
    print_text(name_a, name_b, &compared, n_candidates);
  }
  const bool is_found =
    !compared.delay.no_match || fal_compared_moves(&compared);
  fal_compared_clear(&compared);
  return st ? FAL_EXIT_FAILED : is_found ? FAL_EXIT_DONE : FAL_EXIT_NOTHING;
}

static FalExit
run(const FalArguments* const arguments, Settings* const s,
    const FalUsage* const usage, FalError* const error)
{
  FalExit code = fal_comparison_check(&s->comparison, usage, error);
  if (code) {
    return code;
  }
  if (s->track && arguments->n_args != 2U) {
    return fal_arguments_refuse(usage, error, "--track is of two files");
  }
  if (s->n_candidates < 0 || !(s->comparison.reach_s >= 0.0) ||
      isinf(s->comparison.reach_s)) {
    return fal_arguments_refuse(usage, error,
                                "candidates and seconds count from 0");
  }
  s->comparison.pair.n_candidates = (uint32_t)s->n_candidates;
  s->comparison.track             = s->track != NULL;
  s->comparison.pieces            = s->pieces != 0;
  for (uint32_t i = 0U; i < arguments->n_args; ++i) {
    if (arguments->n_args > 2U && !strcmp(arguments->args[i], "-")) {
      return fal_arguments_refuse(
        usage, error, "of three files or more, none can be standard input");
    }
  }
  if (s->all_pairs) {
    return fal_network_run(&s->comparison, arguments->args, arguments->n_args,
                           s->json != 0, error);
  }
  for (uint32_t i = 1U; i < arguments->n_args; ++i) {
    const FalExit one = tell(arguments->args[0], arguments->args[i], s, error);
    if (one == FAL_EXIT_FAILED) {
      return one;
    }
    code = one ? one : code;
  }
  return code;
}

FalExit
fal_command_delay(const int argc, const char** const argv,
                  FalError* const error)
{
  Settings s = {.track = NULL};
  fal_comparison_init(&s.comparison);
  const struct poptOption table[] = {
    {NULL, '\0', POPT_ARG_INCLUDE_TABLE, s.comparison.table, 0,
     "Comparison:", NULL},
    {"all-pairs", 'a', POPT_ARG_NONE, &s.all_pairs, 0,
     "Compare each file with each, and find what fits all", NULL},
    {"candidates", 'c', POPT_ARG_INT, &s.n_candidates, 0,
     "Tell the best N delays that were considered", "N"},
    {"pieces", 'p', POPT_ARG_NONE, &s.pieces, 0,
     "Tell the delay of each piece, where it jumps", NULL},
    {"track", 't', POPT_ARG_STRING, &s.track, 0,
     "Write the delay as a curve over time: a table (CSV)", "FILE"},
    {"reach", '\0', POPT_ARG_DOUBLE, &s.comparison.reach_s, 0,
     "How far from the whole delay curve and pieces may be", "SECONDS"},
    {"force", 'f', POPT_ARG_NONE, &s.force, 0, "Replace an existing file",
     NULL},
    {"json", 'j', POPT_ARG_NONE, &s.json, 0, "One JSON object a pair and line",
     NULL},
    POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "delay",
    .synopsis = "[OPTION...] A B...",
    .purpose =
      "Tell by how much B is late (its content comes later than in A), or\n"
      "early: to a fraction of a sample, with polarity and clock drift.\n"
      "Several files are each compared with the first.\n"
      "Ends with 3 if a file does not match.\n",
    .examples =
      "  faltung delay camera.wav recorder.wav\n"
      "  faltung delay --all-pairs cam1.wav cam2.wav cam3.wav\n"
      "  faltung delay --pieces --track curve.csv left.wav right.wav\n",
    .options  = table,
    .min_args = 2U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    code = run(&arguments, &s, &usage, error);
  }
  fal_arguments_clear(&arguments);
  fal_comparison_clear(&s.comparison);
  free(s.track);
  return code;
}
