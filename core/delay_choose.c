// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_choose.c The line of delay that a pair of recordings has

#include "core/delay_parts.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/// Recordings that would take more are searched for by pieces
#define MOST_BYTES 152e6

/// Peaks that are traced at least, for one to be compared with another …
#define N_COMPARED 2U

/// … and at most
#define N_TRACED 4U

/// Confidence that leaves no doubt
#define NO_DOUBT 0.97

/// Lines from this share of the best one's height may be the true ones …
#define CONTENDS 0.5

/// … if they are more than chance …
#define SURE_CONTENDER 20.0

/// … and farther off than reflections, which share what the direct sound tells
#define FAR_S 0.2

/// Periods on either side that are looked at, of what is repeated
#define N_PERIODS 5

/// How far off the drift may be that one of several lines has
#define REPEATED_SLOPE 2e-6

/// Information over that of a contender that there is not
#define NO_CONTENDER 10.0

/// Lines from this share of the best one's height may hold before it
#define PRECEDES 0.3

/// Weigh what speaks for the first line
static void
weigh_evidence(double* const evidence, const FalLines* const lines,
               const double rate_hz)
{
  evidence[FAL_EVIDENCE_LINE] = lines->at[0].z;
  evidence[FAL_EVIDENCE_FAR]  = fal_lines_ratio(lines, FAR_S * rate_hz);
  evidence[FAL_EVIDENCE_NEAR] =
    fal_lines_ratio(lines, FAL_SAME_DELAY_S * rate_hz);
  evidence[FAL_EVIDENCE_INFORMATION] = NO_CONTENDER;
}

/// Find the lines that the pair may have
static FalStatus
find_lines(FalLines* const lines, const FalDelayPair* const pair)
{
  FalPeaks       peaks    = {0};
  const uint32_t wanted   = pair->n_candidates;
  const uint32_t n_least  = wanted > N_COMPARED ? wanted : N_COMPARED;
  const bool     is_short = fal_delay_whole_bytes(pair) <= MOST_BYTES;
  FalStatus      st       = is_short ? fal_delay_find_whole(&peaks, pair, true)
                                     : fal_delay_find_pieces(&peaks, pair);
  if (!st) {
    st = fal_delay_trace_peaks(lines, &peaks, pair, n_least, N_TRACED);
  }
  if (st || !lines->n || !is_short) {
    return st;
  }

  double evidence[FAL_DELAY_N_EVIDENCE];
  weigh_evidence(evidence, lines, pair->rate_hz);
  if (fal_delay_confidence(evidence) < NO_DOUBT) {
    // Of claps in a noisy room, what is soft is but noise
    if (!(st = fal_delay_find_whole(&peaks, pair, false))) {
      st = fal_delay_trace_peaks(lines, &peaks, pair, N_TRACED, N_TRACED);
    }
  }
  return st;
}

/// Return whether a line may be the true one instead of the first
static bool
contends(const FalLine* const line, const FalLine* const first,
         const FalDelayPair* const pair)
{
  return line->z >= SURE_CONTENDER && line->z >= CONTENDS * first->z &&
         fabs(line->lag - first->lag) >= FAR_S * pair->rate_hz;
}

/// Where something is repeated, look whole periods away as well
static FalStatus
look_further(FalLines* const lines, const FalDelayPair* const pair)
{
  const FalLine first  = lines->at[0];
  double        period = 0.0;
  for (uint32_t i = 1U; i < lines->n && period == 0.0; ++i) {
    if (contends(&lines->at[i], &first, pair)) {
      period = lines->at[i].lag - first.lag;
    }
  }

  const bool bounded = pair->min_s != 0.0 || pair->max_s != 0.0;
  FalPeaks   peaks   = {0};
  for (int32_t i = -N_PERIODS; period != 0.0 && i <= N_PERIODS; ++i) {
    const double seconds = (first.lag + i * period) / pair->rate_hz;
    const bool   is_in =
      !bounded || (seconds >= pair->min_s && seconds <= pair->max_s);
    if (is_in && i != 0 && i != 1) {
      peaks.at[peaks.n++] = (FalPeak){.lag         = first.lag + i * period,
                                      .origin      = first.origin,
                                      .slope       = first.slope,
                                      .slope_error = REPEATED_SLOPE,
                                      .channel_a   = first.channel_a,
                                      .channel_b   = first.channel_b};
    }
  }
  return fal_delay_trace_peaks(lines, &peaks, pair, peaks.n, peaks.n);
}

/**
   Refine the best line.

   Where several are high, as among repetitions, that one is best along which
   the recordings have most information in common: repeated sounds have it but
   for what else was heard.
*/
static FalStatus
settle(FalLines* const lines, FalFit* const fit, double* const evidence,
       const FalDelayPair* const pair)
{
  const FalLine first = lines->at[0];
  double        rival = 0.0;
  FalStatus     st    = fal_delay_refine(&lines->at[0], fit, pair);
  for (uint32_t i = 1U; !st && i < lines->n; ++i) {
    FalLine line  = lines->at[i];
    FalFit  other = {0};
    if (!contends(&line, &first, pair)) {
      continue;
    }
    st = fal_delay_refine(&line, &other, pair);
    if (!st && other.information > fit->information) {
      rival        = fit->information;
      *fit         = other;
      lines->at[i] = lines->at[0];
      lines->at[0] = line;
    } else {
      rival = fmax(rival, other.information);
    }
  }

  weigh_evidence(evidence, lines, pair->rate_hz);
  if (rival > 0.0) {
    evidence[FAL_EVIDENCE_INFORMATION] =
      fmin(NO_CONTENDER, fit->information / rival);
  }
  return st;
}

/// Exchange the first line for one that holds up to a change
static FalStatus
go_back(FalLines* const lines, const uint32_t i, FalFit* const fit,
        const double change, const FalDelayPair* const pair)
{
  FalDelayPair start = *pair;
  FalLine      line  = lines->at[i];
  start.a.n_frames   = (uint64_t)change;
  lines->at[i]       = lines->at[0];
  const FalStatus st = fal_delay_refine(&line, fit, &start);
  lines->at[0]       = line;
  fit->change        = change;
  return st;
}

/// Where frames are dropped, the line that holds at the start is the first
static FalStatus
find_change(FalLines* const lines, FalFit* const fit,
            const FalDelayPair* const pair)
{
  fit->change  = 0.0;
  FalStatus st = FAL_OK;
  for (uint32_t i = 1U; !st && i < lines->n; ++i) {
    double               change = NAN;
    const FalLine* const line   = &lines->at[i];
    const FalLine* const first  = &lines->at[0];
    if (line->z < SURE_CONTENDER || line->z < PRECEDES * first->z) {
      continue;
    }
    st = fal_delay_change(&change, line, first, pair);
    if (!st && change > 0.0) {
      st = go_back(lines, i, fit, change, pair);
      continue;
    }
    if (!st) {
      st = fal_delay_change(&change, first, line, pair);
    }
    if (!st && change > 0.0) {
      fit->change = fit->change > 0.0 ? fmin(fit->change, change) : change;
    }
  }
  return st;
}

FalStatus
fal_delay_choose(FalLines* const lines, FalFit* const fit,
                 double* const evidence, const FalDelayPair* const pair)
{
  *lines       = (FalLines){0};
  *fit         = (FalFit){0};
  FalStatus st = find_lines(lines, pair);
  if (!st && lines->n) {
    st = look_further(lines, pair);
  }
  if (!st && lines->n) {
    st = settle(lines, fit, evidence, pair);
  }
  if (!st && lines->n) {
    st = find_change(lines, fit, pair);
  }
  return st;
}
