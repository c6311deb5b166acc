// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"

#include "core/delay_parts.h"

#include <math.h>

/// Frames that are compared to put two recordings into an order
#define PIECE 4096U

/// Recordings that would take more are searched for by pieces
#define MOST_BYTES 152e6

/// Peaks that are traced at least, for one to be compared with another …
#define N_COMPARED 2U

/// … and at most
#define N_TRACED 4U

/// Confidence that leaves none
#define NO_DOUBT 0.97

/// Lines from this share of the best one's height may be the true ones …
#define CONTENDS 0.5

/// … if they are more than chance
#define SURE_CONTENDER 20.0

/// Lines from this share of the best one's height may hold before it
#define PRECEDES 0.1

/// Confidence below which there is no match …
#define LEAST_CONFIDENCE 0.3

/// … unless the line is as high: then it is a match of more than one delay
#define SURE_LINE 40.0

/// Delays that no float can tell from none: its last bit is worth more frames
#define LEAST_LAG 1e-8

static bool
is_valid(const FalDelayPair* const pair)
{
  return pair->a.n_channels && pair->b.n_channels && pair->a.n_frames &&
         pair->b.n_frames && pair->rate_hz > 0.0 && isfinite(pair->rate_hz) &&
         isfinite(pair->min_s) && isfinite(pair->max_s) &&
         pair->min_s <= pair->max_s && pair->low_hz >= 0.0 &&
         (pair->high_hz == 0.0 || pair->high_hz > pair->low_hz) &&
         pair->beta >= 0.0 && pair->beta <= 1.0 &&
         (pair->channel_a == FAL_ANY_CHANNEL ||
          pair->channel_a < pair->a.n_channels) &&
         (pair->channel_b == FAL_ANY_CHANNEL ||
          pair->channel_b < pair->b.n_channels);
}

/**
   Return whether a comes after b in an order of recordings.

   All work is done in that order, so that exchanging a and b changes signs and
   not a bit else.
*/
static FalStatus
is_after(bool* const after, const FalRecording* const a,
         const FalRecording* const b)
{
  *after = a->n_frames > b->n_frames;
  if (a->n_frames != b->n_frames) {
    return FAL_OK;
  }

  float x[PIECE];
  float y[PIECE];
  for (uint64_t t = 0U; t < a->n_frames; t += PIECE) {
    FalStatus st = fal_recording_read(a, 0U, x, (int64_t)t, PIECE);
    if (!st) {
      st = fal_recording_read(b, 0U, y, (int64_t)t, PIECE);
    }
    if (st) {
      return st;
    }
    for (uint32_t i = 0U; i < PIECE; ++i) {
      if (x[i] < y[i] || x[i] > y[i]) {
        *after = x[i] > y[i];
        return FAL_OK;
      }
    }
  }
  *after = a->n_channels > b->n_channels;
  return FAL_OK;
}

static void
exchange(FalDelayPair* const pair)
{
  const FalDelayPair was = *pair;

  pair->a         = was.b;
  pair->b         = was.a;
  pair->min_s     = -was.max_s;
  pair->max_s     = -was.min_s;
  pair->channel_a = was.channel_b;
  pair->channel_b = was.channel_a;
}

/// Turn the result round: the inverse of t + s + d t is (t - s) / (1 + d)
static void
invert(FalDelay* const delay)
{
  const FalDelay was  = *delay;
  const double   rise = 1.0 + was.drift_ppm * 1e-6;

  delay->seconds     = was.seconds == 0.0 ? 0.0 : -was.seconds / rise;
  delay->drift_ppm   = was.drift_ppm == 0.0 ? 0.0 : -was.drift_ppm / rise;
  delay->start_s     = was.start_s * rise + was.seconds;
  delay->end_s       = was.end_s * rise + was.seconds;
  delay->deviation_s = was.deviation_s / rise;
  delay->channel_a   = was.channel_b;
  delay->channel_b   = was.channel_a;
  for (uint32_t i = 0U; i < delay->n_candidates; ++i) {
    delay->candidates[i].seconds = -was.candidates[i].seconds;
  }
}

/// Weigh what speaks for the first line
static void
weigh_evidence(FalDelay* const delay, const double ratio, const double z)
{
  delay->evidence[FAL_EVIDENCE_LINE]  = z;
  delay->evidence[FAL_EVIDENCE_RATIO] = ratio;
  delay->confidence                   = fal_delay_confidence(delay->evidence);
}

/// Find the lines that the pair may have
static FalStatus
find_lines(FalLines* const lines, FalDelay* const delay,
           const FalDelayPair* const pair)
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
  if (st || !lines->n) {
    return st;
  }

  // Of claps in a noisy room, what is soft is but noise
  weigh_evidence(delay, fal_lines_ratio(lines, pair->rate_hz), lines->at[0].z);
  if (is_short && delay->confidence < NO_DOUBT) {
    if (!(st = fal_delay_find_whole(&peaks, pair, false))) {
      st = fal_delay_trace_peaks(lines, &peaks, pair, N_TRACED, N_TRACED);
    }
  }
  return st;
}

/**
   Refine the best line.

   Where several are high, as among repetitions, that one is best along which
   the recordings have most information in common: repeated sounds have it but
   for what else was heard.
*/
static FalStatus
settle(FalLines* const lines, FalFit* const fit, double* const ratio,
       const FalDelayPair* const pair)
{
  const FalLine first = lines->at[0];
  double        rival = 0.0;
  FalStatus     st    = fal_delay_refine(&lines->at[0], fit, pair);

  *ratio = fal_lines_ratio(lines, pair->rate_hz);
  for (uint32_t i = 1U; !st && i < lines->n; ++i) {
    FalLine line  = lines->at[i];
    FalFit  other = {0};
    if (line.z < SURE_CONTENDER || line.z < CONTENDS * first.z) {
      break;
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
  if (rival > 0.0) {
    *ratio = fmax(1.0, fmax(fal_lines_ratio(lines, pair->rate_hz),
                            fit->information / rival));
  }
  return st;
}

/// Where frames are dropped, go back to the line that holds at the start
static FalStatus
go_back(FalLines* const lines, FalFit* const fit,
        const FalDelayPair* const pair)
{
  for (uint32_t i = 1U; i < lines->n; ++i) {
    const FalLine last   = lines->at[0];
    FalLine       line   = lines->at[i];
    double        change = NAN;
    FalStatus     st     = FAL_OK;
    if (line.z >= SURE_CONTENDER && line.z >= PRECEDES * last.z) {
      st = fal_delay_change(&change, &line, &last, pair);
    }
    if (!st && change > 0.0 && !(st = fal_delay_refine(&line, fit, pair))) {
      lines->at[i] = last;
      lines->at[0] = line;
    }
    if (st) {
      return st;
    }
  }
  return FAL_OK;
}

static void
describe(FalDelay* const delay, const FalLines* const lines,
         const FalFit* const fit, const FalDelayPair* const pair)
{
  const FalLine* const line  = &lines->at[0];
  const double         lag   = fal_line_at(line, 0.0);
  double               start = 0.0;
  double               end   = 0.0;
  (void)fal_line_overlap(line, pair, &start, &end);

  delay->seconds     = fabs(lag) < LEAST_LAG ? 0.0 : lag / pair->rate_hz;
  delay->drift_ppm   = line->slope * 1e6;
  delay->inverted    = line->inverted;
  delay->channel_a   = line->channel_a;
  delay->channel_b   = line->channel_b;
  delay->start_s     = start / pair->rate_hz;
  delay->end_s       = end / pair->rate_hz;
  delay->deviation_s = fit->deviation / pair->rate_hz;
  for (uint32_t i = 0U; i < lines->n; ++i) {
    delay->candidates[delay->n_candidates++] = (FalDelayCandidate){
      lines->at[i].lag / pair->rate_hz, lines->at[i].z, lines->at[i].inverted};
  }
}

FalStatus
fal_delay_estimate(FalDelay* const delay, const FalDelayPair* const asked)
{
  FalDelay     result    = {.no_match = true};
  FalDelayPair pair      = *asked;
  FalLines     lines     = {0};
  FalFit       fit       = {0};
  bool         exchanged = false;
  if (!is_valid(&pair)) {
    return FAL_ERR_BAD_ARG;
  }

  FalStatus st = is_after(&exchanged, &pair.a, &pair.b);
  if (exchanged) {
    exchange(&pair);
  }
  if (!st) {
    st = find_lines(&lines, &result, &pair);
  }
  if (!st && lines.n) {
    double ratio = 1.0;
    st           = settle(&lines, &fit, &ratio, &pair);
    if (!st) {
      weigh_evidence(&result, ratio, lines.at[0].z);
      st = go_back(&lines, &fit, &pair);
    }
    if (!st) {
      const bool within = fal_line_is_within(&lines.at[0], &pair);
      result.confidence = within ? result.confidence : 0.0;
      result.no_match =
        !within || (result.confidence < LEAST_CONFIDENCE &&
                    result.evidence[FAL_EVIDENCE_LINE] < SURE_LINE);
      describe(&result, &lines, &fit, &pair);
    }
  }
  if (st) {
    return st;
  }

  if (exchanged) {
    invert(&result);
  }
  *delay = result;
  return FAL_OK;
}
