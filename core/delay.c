// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay.h"

#include "core/delay_parts.h"

#include <math.h>

/// Candidates that are traced through the recordings
#define N_TRACED 4U

/// Peaks are traced from this share of the highest one's score
#define LEAST_SHARE 0.25

/// Frames that are compared to put two recordings into an order
#define PIECE 4096U

/// Recordings that would take more are searched for by pieces
#define MOST_BYTES 152e6

/// Confidence below which there is no match …
#define LEAST_CONFIDENCE 0.3

/// … unless the line is as high: then it is a match of more than one delay
#define SURE_LINE 40.0

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

/// Keep candidates in order, the best first; those of one delay are one
static void
insert(FalDelay* const delay, const FalDelayCandidate* const candidate)
{
  FalDelayCandidate* const c = delay->candidates;
  uint32_t                 i = delay->n_candidates;
  for (uint32_t j = 0U; j < delay->n_candidates; ++j) {
    if (fabs(c[j].seconds - candidate->seconds) < FAL_SAME_DELAY_S / 2.0) {
      if (c[j].score >= candidate->score) {
        return;
      }
      i = j;
      break;
    }
  }
  delay->n_candidates += i == delay->n_candidates ? 1U : 0U;
  for (; i > 0U && c[i - 1U].score < candidate->score; --i) {
    c[i] = c[i - 1U];
  }
  c[i] = *candidate;
}

/// Trace the highest peaks, and keep the line that most windows agree on
static FalStatus
choose(FalLine* const line, const FalPeaks* const peaks, FalDelay* const delay,
       const FalDelayPair* const pair)
{
  const uint32_t wanted = pair->n_candidates;
  *line                 = (FalLine){0};
  for (uint32_t i = 0U; i < peaks->n; ++i) {
    const bool is_low = peaks->at[i].score < LEAST_SHARE * peaks->at[0].score;
    if (i >= wanted && (i >= N_TRACED || is_low)) {
      break;
    }
    FalLine         next = {0};
    const FalStatus st   = fal_delay_trace(&next, &peaks->at[i], pair);
    if (st) {
      return st;
    }
    const FalDelayCandidate candidate = {next.lag / pair->rate_hz, next.z,
                                         next.inverted};
    insert(delay, &candidate);
    if (next.z > line->z) {
      *line = next;
    }
  }
  return FAL_OK;
}

/// Return the height of the best line with another delay
static double
find_rival(const FalDelay* const delay, const FalLine* const line,
           const FalDelayPair* const pair)
{
  const double seconds = line->lag / pair->rate_hz;
  double       rival   = 1.0;
  for (uint32_t i = 0U; i < delay->n_candidates; ++i) {
    const FalDelayCandidate* const c = &delay->candidates[i];
    if (fabs(c->seconds - seconds) > FAL_SAME_DELAY_S) {
      rival = fmax(rival, c->score);
    }
  }
  return rival;
}

static void
describe(FalDelay* const delay, const FalLine* const line,
         const FalFit* const fit, const FalDelayPair* const pair)
{
  double start = 0.0;
  double end   = 0.0;
  (void)fal_line_overlap(line, pair, &start, &end);

  delay->seconds     = fal_line_at(line, 0.0) / pair->rate_hz;
  delay->drift_ppm   = line->slope * 1e6;
  delay->inverted    = line->inverted;
  delay->channel_a   = line->channel_a;
  delay->channel_b   = line->channel_b;
  delay->start_s     = start / pair->rate_hz;
  delay->end_s       = end / pair->rate_hz;
  delay->deviation_s = fit->deviation / pair->rate_hz;
}

FalStatus
fal_delay_estimate(FalDelay* const delay, const FalDelayPair* const asked)
{
  FalDelay     result    = {.no_match = true};
  FalDelayPair pair      = *asked;
  FalPeaks     peaks     = {0};
  FalLine      line      = {0};
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
    st = fal_delay_whole_bytes(&pair) <= MOST_BYTES
           ? fal_delay_find_whole(&peaks, &pair)
           : fal_delay_find_pieces(&peaks, &pair);
  }
  if (!st) {
    st = choose(&line, &peaks, &result, &pair);
  }
  if (!st && line.z > 0.0) {
    const double z = line.z;
    if (!(st = fal_delay_refine(&line, &fit, &pair))) {
      describe(&result, &line, &fit, &pair);
      const double rival                  = find_rival(&result, &line, &pair);
      result.evidence[FAL_EVIDENCE_LINE]  = z;
      result.evidence[FAL_EVIDENCE_RATIO] = z / rival;
      result.confidence = fal_delay_confidence(result.evidence);
      result.no_match   = result.confidence < LEAST_CONFIDENCE && z < SURE_LINE;
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
