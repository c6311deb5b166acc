// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay.c The subcommand `delay`: by how much recordings are late

#include "core/delay.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/comparison.h"
#include "offline/json.h"
#include "offline/message.h"
#include "offline/tape.h"

#include <jansson.h>
#include <popt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static void
print_text(const char* const name_a, const char* const name_b,
           const FalDelay* const delay, const double rate_hz,
           const uint32_t n_candidates)
{
  char a[4096];
  char b[4096];
  fal_escape(a, sizeof(a), name_a);
  fal_escape(b, sizeof(b), name_b);
  if (delay->no_match) {
    printf("%s and %s do not match: %s (confidence %.3f)\n", a, b,
           fal_comparison_reason(delay), delay->confidence);
  } else {
    printf("%s is %s by %.6f ms (%.3f samples at %g kHz)\n", b,
           delay->seconds < 0.0 ? "early" : "late", 1e3 * fabs(delay->seconds),
           rate_hz * fabs(delay->seconds), rate_hz / 1e3);
    printf("  polarity %s, drift %+.3f ppm, confidence %.3f\n",
           delay->inverted ? "inverted" : "normal", delay->drift_ppm,
           delay->confidence);
  }
  for (uint32_t i = 0U; i < delay->n_candidates && i < n_candidates; ++i) {
    const FalDelayCandidate* const c = &delay->candidates[i];
    printf("  candidate %u: %+.6f ms, score %.2f, polarity %s\n", i + 1U,
           1e3 * c->seconds, c->score, c->inverted ? "inverted" : "normal");
  }
}

static FalStatus
print_json(const char* const name_a, const char* const name_b,
           const FalDelay* const delay, const double rate_hz,
           const uint32_t n_candidates, FalError* const error)
{
  json_t* const object = fal_comparison_json(name_a, name_b, delay, rate_hz);
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

FalExit
fal_command_delay(const int argc, const char** const argv,
                  FalError* const error)
{
  FalComparison comparison;
  int           json         = 0;
  int           n_candidates = 0;
  fal_comparison_init(&comparison);
  const struct poptOption table[] = {
    {NULL, '\0', POPT_ARG_INCLUDE_TABLE, comparison.table, 0,
     "Comparison:", NULL},
    {"candidates", 'c', POPT_ARG_INT, &n_candidates, 0,
     "Tell the best N delays that were considered", "N"},
    {"json", 'j', POPT_ARG_NONE, &json, 0, "One JSON object a pair and line",
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
    .examples = "  faltung delay camera.wav recorder.wav\n"
                "  faltung delay --json --max 0.5 left.wav right.wav\n",
    .options  = table,
    .min_args = 2U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error) &&
      !(code = fal_comparison_check(&comparison, &usage, error))) {
    comparison.pair.n_candidates =
      n_candidates > 0 ? (uint32_t)n_candidates : 0U;
    for (uint32_t i = 1U; i < arguments.n_args; ++i) {
      FalDelay    delay   = {0};
      double      rate_hz = 0.0;
      const char* name_a  = arguments.args[0];
      const char* name_b  = arguments.args[i];
      FalStatus   st = fal_comparison_run(&delay, &rate_hz, &comparison, name_a,
                                          name_b, error);
      if (!st && json) {
        st = print_json(name_a, name_b, &delay, rate_hz,
                        n_candidates > 0 ? (uint32_t)n_candidates : 0U, error);
      } else if (!st) {
        print_text(name_a, name_b, &delay, rate_hz,
                   n_candidates > 0 ? (uint32_t)n_candidates : 0U);
      }
      if (st) {
        code = FAL_EXIT_FAILED;
        break;
      }
      if (delay.no_match) {
        code = FAL_EXIT_NOTHING;
      }
    }
  }
  fal_arguments_clear(&arguments);
  fal_comparison_clear(&comparison);
  return code;
}
