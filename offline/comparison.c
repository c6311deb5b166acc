// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/comparison.h"

#include "core/delay_gaps.h"
#include "core/status.h"
#include "offline/message.h"
#include "offline/tape.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Pieces that are long enough to be estimated by themselves
#define LEAST_PIECE_S 0.5

/// A delay that no recording has
#define NO_BOUND_S 1e9

void
fal_comparison_init(FalComparison* const c)
{
  *c = (FalComparison){.min_s     = -(double)INFINITY,
                       .max_s     = (double)INFINITY,
                       .channel_a = INT_MIN,
                       .channel_b = INT_MIN};

  const struct poptOption table[] = {
    {"method", 'm', POPT_ARG_STRING, &c->method, 0,
     "auto, xcorr, phat, phat-beta=0.8, scot, roth, ml"
     " (default: auto)",
     "NAME"},
    {"min", '\0', POPT_ARG_DOUBLE, &c->min_s, 0,
     "Least delay of B (negative: B is early)", "SECONDS"},
    {"max", '\0', POPT_ARG_DOUBLE, &c->max_s, 0, "Largest delay of B",
     "SECONDS"},
    {"window", 'w', POPT_ARG_STRING, &c->window, 0,
     "Compare this part of A only", "START:END"},
    {"low", '\0', POPT_ARG_DOUBLE, &c->low_hz, 0, "Use frequencies from here",
     "HZ"},
    {"high", '\0', POPT_ARG_DOUBLE, &c->high_hz, 0, "Use frequencies up to",
     "HZ"},
    {"channel-a", '\0', POPT_ARG_INT, &c->channel_a, 0,
     "Channel of A, from 1 (default: the pair that fits best)", "N"},
    {"channel-b", '\0', POPT_ARG_INT, &c->channel_b, 0, "Channel of B, from 1",
     "N"},
    POPT_TABLEEND};
  _Static_assert(sizeof(table) == sizeof(c->table), "All options fit");
  memcpy(c->table, table, sizeof(table));
}

void
fal_comparison_clear(FalComparison* const c)
{
  free(c->method);
  free(c->window);
}

static bool
read_method(FalDelayPair* const pair, const char* const name)
{
  static const struct {
    const char*    name;
    FalDelayMethod method;
  } methods[] = {
    {"auto", FAL_DELAY_AUTO}, {"xcorr", FAL_DELAY_XCORR},
    {"phat", FAL_DELAY_PHAT}, {"scot", FAL_DELAY_SCOT},
    {"roth", FAL_DELAY_ROTH}, {"ml", FAL_DELAY_ML},
  };
  static const char prefix[] = "phat-beta=";

  pair->beta = 1.0;
  for (size_t i = 0U; i < sizeof(methods) / sizeof(methods[0]); ++i) {
    if (!strcmp(name, methods[i].name)) {
      pair->method = methods[i].method;
      return true;
    }
  }
  if (!strncmp(name, prefix, sizeof(prefix) - 1U)) {
    char* end    = NULL;
    pair->method = FAL_DELAY_PHAT;
    pair->beta   = strtod(name + sizeof(prefix) - 1U, &end);
    return end != name + sizeof(prefix) - 1U && !*end && pair->beta >= 0.0 &&
           pair->beta <= 1.0;
  }
  return false;
}

static bool
read_window(FalComparison* const c)
{
  char* end  = NULL;
  c->start_s = strtod(c->window, &end);
  if (end == c->window || *end != ':') {
    return false;
  }
  const char* const second = end + 1;
  c->end_s                 = strtod(second, &end);
  return end != second && !*end && c->start_s >= 0.0 && c->end_s > c->start_s &&
         isfinite(c->end_s);
}

static bool
read_channel(uint32_t* const channel, const int from_1)
{
  *channel = from_1 == INT_MIN ? FAL_ANY_CHANNEL : (uint32_t)from_1 - 1U;
  return from_1 == INT_MIN || from_1 > 0;
}

FalExit
fal_comparison_check(FalComparison* const c, const FalUsage* const usage,
                     FalError* const error)
{
  FalDelayPair* const pair = &c->pair;
  if (c->method && !read_method(pair, c->method)) {
    return fal_arguments_refuse(usage, error, "there is no method '%s'",
                                c->method);
  }
  if (c->window && !read_window(c)) {
    return fal_arguments_refuse(
      usage, error, "'%s' is not a window START:END in seconds", c->window);
  }
  if (!(c->low_hz >= 0.0) || !(c->high_hz >= 0.0) || isinf(c->low_hz) ||
      (c->high_hz > 0.0 && c->high_hz <= c->low_hz)) {
    return fal_arguments_refuse(usage, error, "%g to %g Hz is not a band",
                                c->low_hz, c->high_hz);
  }
  if (!(c->min_s <= c->max_s) || c->min_s > NO_BOUND_S ||
      c->max_s < -NO_BOUND_S) {
    return fal_arguments_refuse(usage, error, "no delay is from %g to %g s",
                                c->min_s, c->max_s);
  }
  if (!read_channel(&pair->channel_a, c->channel_a) ||
      !read_channel(&pair->channel_b, c->channel_b)) {
    return fal_arguments_refuse(usage, error, "channels count from 1");
  }

  pair->low_hz  = c->low_hz;
  pair->high_hz = c->high_hz;
  if (isfinite(c->min_s) || isfinite(c->max_s)) {
    // Both 0 would be none: what is less than a frame keeps them apart
    pair->min_s = fmax(c->min_s - 1e-9, -NO_BOUND_S);
    pair->max_s = fmin(c->max_s + 1e-9, NO_BOUND_S);
  }
  return FAL_EXIT_DONE;
}

/// Compare a part of a only; the result counts from the start of a all the same
static FalStatus
estimate_part(FalDelay* const delay, const FalDelayPair* const whole,
              const double from_s, const double to_s, const char* const name,
              FalError* const error)
{
  FalDelayPair     pair = *whole;
  FalRecordingPart part;
  if ((double)pair.a.n_frames <= round(from_s * pair.rate_hz)) {
    return fal_error_set(error, FAL_ERR_BAD_ARG, "%s: ends before the window",
                         name);
  }
  pair.a = fal_recording_part(&part, &whole->a, from_s * pair.rate_hz,
                              to_s * pair.rate_hz);
  const double start_s = (double)part.start / pair.rate_hz;
  if (pair.min_s < 0.0 || pair.max_s > 0.0) {
    pair.min_s += start_s;
    pair.max_s += start_s;
  }
  const FalStatus st = fal_delay_estimate(delay, &pair);
  if (!st) {
    delay->seconds -= start_s * (1.0 + 1e-6 * delay->drift_ppm);
    delay->start_s += start_s;
    delay->end_s += start_s;
    delay->change_s += delay->change_s > 0.0 ? start_s : 0.0;
    for (uint32_t i = 0U; i < delay->n_candidates; ++i) {
      delay->candidates[i].seconds -= start_s;
    }
  }
  return st;
}

static FalStatus
check_channel(const uint32_t channel, const FalTape* const tape,
              FalError* const error)
{
  const uint32_t n = fal_tape_sound(tape)->n_channels;
  return channel == FAL_ANY_CHANNEL || channel < n
           ? FAL_OK
           : fal_error_set(error, FAL_ERR_BAD_ARG,
                           "%s: has %u channels, there is no channel %u",
                           fal_tape_name(tape), n, channel + 1U);
}

static FalStatus
check_band(const FalDelayPair* const pair, const FalTape* const tape,
           FalError* const error)
{
  return pair->low_hz < pair->rate_hz / 2.0
           ? FAL_OK
           : fal_error_set(error, FAL_ERR_BAD_ARG,
                           "%s: has no frequencies from %g Hz up",
                           fal_tape_name(tape), pair->low_hz);
}

/// Estimate the delay of each piece anew: exact to a fraction of a frame
static FalStatus
refine_pieces(FalDelaySteps* const pieces, const FalDelayPair* const pair,
              FalError* const error)
{
  FalStatus st = FAL_OK;
  for (uint32_t i = 0U; !st && i < pieces->n; ++i) {
    FalDelayStep* const piece = &pieces->at[i];
    FalDelayPair        near  = *pair;
    FalDelay            found = {0};
    if (piece->end_s - piece->start_s >= LEAST_PIECE_S) {
      near.min_s = piece->seconds - FAL_STEP_S;
      near.max_s = piece->seconds + FAL_STEP_S;
      st = estimate_part(&found, &near, piece->start_s, piece->end_s, "a piece",
                         error);
      if (!st && !found.no_match) {
        const double middle_s = (piece->start_s + piece->end_s) / 2.0;
        piece->seconds = found.seconds + 1e-6 * found.drift_ppm * middle_s;
      }
    }
  }
  return st;
}

/// Follow the delay, and part it, if that is wanted
static FalStatus
follow(FalCompared* const compared, const FalDelayPair* const pair,
       const FalComparison* const c, FalError* const error)
{
  if (!c->track && !c->pieces) {
    return FAL_OK;
  }
  const FalTracking tracking = {.reach_s = c->reach_s};
  FalStatus         st =
    fal_delay_track(&compared->track, pair, &compared->delay, &tracking);
  if (!st && c->reach_s == 0.0) {
    st = fal_delay_fill_gaps(&compared->track, pair, &tracking);
  }
  if (!st && c->pieces &&
      !(st = fal_delay_steps(&compared->pieces, &compared->track))) {
    st = refine_pieces(&compared->pieces, pair, error);
  }
  return st;
}

static FalStatus
compare(FalCompared* const compared, const FalComparison* const c,
        FalTape* const a, FalTape* const b, FalError* const error)
{
  FalDelayPair pair   = c->pair;
  const double rate_a = fal_tape_sound(a)->rate_hz;
  const double rate_b = fal_tape_sound(b)->rate_hz;
  pair.rate_hz        = fmax(rate_a, rate_b);

  FalStatus st = check_band(&pair, a, error);
  if (st || (st = check_channel(pair.channel_a, a, error)) ||
      (st = check_channel(pair.channel_b, b, error)) ||
      (st = fal_tape_convert(a, pair.rate_hz, error)) ||
      (st = fal_tape_convert(b, pair.rate_hz, error))) {
    return st;
  }

  pair.a            = fal_tape_recording(a);
  pair.b            = fal_tape_recording(b);
  compared->rate_hz = pair.rate_hz;
  compared->bounded = pair.min_s < pair.max_s;
  st = c->window ? estimate_part(&compared->delay, &pair, c->start_s, c->end_s,
                                 fal_tape_name(a), error)
                 : fal_delay_estimate(&compared->delay, &pair);
  if (!st) {
    st = follow(compared, &pair, c, error);
  }
  if (st && !error->text[0]) {
    fal_error_set(error, st, "%s, %s: %s", fal_tape_name(a), fal_tape_name(b),
                  fal_strerror(st));
  }
  return st;
}

FalStatus
fal_comparison_run(FalCompared* const         compared,
                   const FalComparison* const comparison,
                   const char* const path_a, const char* const path_b,
                   FalError* const error)
{
  FalCompared result = {.rate_hz = 0.0};
  FalTape*    a      = NULL;
  FalTape*    b      = NULL;
  FalStatus   st     = fal_tape_open(&a, path_a, error);
  if (!st) {
    st = fal_tape_open(&b, path_b, error);
  }
  if (!st) {
    st = compare(&result, comparison, a, b, error);
  }
  fal_tape_close(a);
  fal_tape_close(b);
  if (st) {
    fal_compared_clear(&result);
    return st;
  }
  *compared = result;
  return FAL_OK;
}
