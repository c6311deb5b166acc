// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"

#include "core/delay_parts.h"
#include "core/trim.h"

#include <math.h>

/// Frames that are compared to put two recordings into an order
#define PIECE 4096U

/// Confidence below which there is no match
#define LEAST_CONFIDENCE 0.3

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
  delay->change_s =
    was.change_s > 0.0 ? was.change_s * rise + was.seconds : 0.0;
  delay->channel_a = was.channel_b;
  delay->channel_b = was.channel_a;
  for (uint32_t i = 0U; i < delay->n_candidates; ++i) {
    delay->candidates[i].seconds = -was.candidates[i].seconds;
  }
}

/// Count from the starts of the recordings, of which parts were compared
static void
put_back(FalDelay* const delay, const double rate_hz,
         const FalRecordingPart* const a, const FalRecordingPart* const b)
{
  const double start = (double)a->start / rate_hz;
  const double late  = ((double)b->start - (double)a->start) / rate_hz;

  delay->seconds += late - delay->drift_ppm * 1e-6 * start;
  delay->start_s += start;
  delay->end_s += start;
  delay->change_s += delay->change_s > 0.0 ? start : 0.0;
  for (uint32_t i = 0U; i < delay->n_candidates; ++i) {
    delay->candidates[i].seconds += late;
  }
}

/// Compare the parts of both that have sound
static FalStatus
trim(FalDelayPair* const pair, FalRecordingPart* const a,
     FalRecordingPart* const b)
{
  const FalRecording whole_a = pair->a;
  const FalRecording whole_b = pair->b;
  FalStatus          st      = fal_trim(&pair->a, a, &whole_a);
  if (!st) {
    st = fal_trim(&pair->b, b, &whole_b);
  }
  if (!st && (pair->min_s != 0.0 || pair->max_s != 0.0)) {
    const double late = ((double)b->start - (double)a->start) / pair->rate_hz;
    pair->min_s -= late;
    pair->max_s -= late;
  }
  return st;
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
  delay->change_s    = fit->change / pair->rate_hz;
  for (uint32_t i = 0U; i < lines->n; ++i) {
    delay->candidates[delay->n_candidates++] = (FalDelayCandidate){
      lines->at[i].lag / pair->rate_hz, lines->at[i].z, lines->at[i].inverted};
  }
}

FalStatus
fal_delay_estimate(FalDelay* const delay, const FalDelayPair* const asked)
{
  FalDelay         result = {.no_match = true};
  FalDelayPair     pair   = *asked;
  FalLines         lines  = {0};
  FalFit           fit    = {0};
  FalRecordingPart a;
  FalRecordingPart b;
  bool             exchanged = false;
  if (!is_valid(&pair)) {
    return FAL_ERR_BAD_ARG;
  }

  FalStatus st = trim(&pair, &a, &b);
  if (!st) {
    st = is_after(&exchanged, &pair.a, &pair.b);
  }
  if (exchanged) {
    exchange(&pair);
  }
  if (!st) {
    st = fal_delay_choose(&lines, &fit, result.evidence, &pair);
  }
  if (!st && lines.n) {
    result.confidence = fal_delay_confidence(result.evidence);
    result.no_match   = result.confidence < LEAST_CONFIDENCE;
    describe(&result, &lines, &fit, &pair);
  }
  if (st) {
    return st;
  }

  if (exchanged) {
    invert(&result);
  }
  put_back(&result, asked->rate_hz, &a, &b);
  *delay = result;
  return FAL_OK;
}
