// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_gaps.h"

#include "core/recording.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Shortest gap that is looked into
#define LEAST_GAP_S 1.0

/// Shortest gap that is halved if it has nothing in common as a whole
#define LEAST_HALVED_S 4.0

/// What is left of a gap is a gap again, so often at most
#define MOST_ROUNDS 6U

/// Points that lie between two that are found
typedef struct {
  uint32_t first;
  uint32_t end;   ///< Behind the last
  double   a_s;   ///< Part of a: from here …
  double   a_end; ///< … to here
  double   b_s;   ///< The same of b
  double   b_end;
} Gap;

/// What a gap is filled with
typedef struct {
  FalDelayTrack*      track;
  const FalDelayPair* pair;
  const FalTracking*  tracking;
} Filling;

static double
duration_s(const FalRecording* const recording, const double rate_hz)
{
  return (double)recording->n_frames / rate_hz;
}

/// Find the parts of both recordings that a gap takes up
static Gap
measure(const Filling* const f, const uint32_t first, const uint32_t end)
{
  const FalDelayPoint* const points = f->track->points;
  const double               rate   = f->pair->rate_hz;
  Gap                        gap    = {first, end,
                                       0.0,   duration_s(&f->pair->a, rate),
                                       0.0,   duration_s(&f->pair->b, rate)};
  if (first) {
    gap.a_s = points[first - 1U].time_s;
    gap.b_s = gap.a_s + points[first - 1U].seconds;
  }
  if (end < f->track->n_points) {
    gap.a_end = points[end].time_s;
    gap.b_end = gap.a_end + points[end].seconds;
  }
  return gap;
}

/// Put what a part's curve has found into the gap; return whether it has
static bool
put(const Filling* const f, const Gap* const gap,
    const FalDelayTrack* const part, const double shift_s)
{
  FalDelayPoint* const points = f->track->points;
  bool                 has    = false;
  uint32_t             at     = gap->first;
  for (uint32_t i = 0U; i < part->n_points; ++i) {
    FalDelayPoint point = part->points[i];
    point.time_s += gap->a_s;
    point.seconds += shift_s;
    while (at < gap->end && points[at].time_s < point.time_s) {
      ++at;
    }
    // Onto the nearest of the points before and behind
    const bool is_before =
      at > gap->first &&
      (at == gap->end || point.time_s - points[at - 1U].time_s <
                           points[at].time_s - point.time_s);
    const uint32_t to = is_before ? at - 1U : at;
    if (point.found && to < gap->end && !points[to].found) {
      point.time_s = points[to].time_s;
      points[to]   = point;
      has          = true;
    }
  }
  return has;
}

/// Compare the parts of both recordings, and follow what they have in common
static FalStatus
compare(const Filling* const f, const Gap* const gap, bool* const has)
{
  const double     rate = f->pair->rate_hz;
  FalDelayPair     pair = *f->pair;
  FalRecordingPart a;
  FalRecordingPart b;
  pair.a =
    fal_recording_part(&a, &f->pair->a, gap->a_s * rate, gap->a_end * rate);
  pair.b =
    fal_recording_part(&b, &f->pair->b, gap->b_s * rate, gap->b_end * rate);

  const double shift_s = ((double)b.start - (double)a.start) / rate;
  if (pair.min_s < 0.0 || pair.max_s > 0.0) {
    pair.min_s -= shift_s;
    pair.max_s -= shift_s;
  }
  FalDelay      found = {0};
  FalDelayTrack part  = {0U, NULL};
  FalStatus     st    = fal_delay_estimate(&found, &pair);
  if (!st && !found.no_match &&
      !(st = fal_delay_track(&part, &pair, &found, f->tracking))) {
    *has = put(f, gap, &part, shift_s) || *has;
  }
  fal_delay_track_clear(&part);
  return st == FAL_ERR_BAD_ARG ? FAL_OK : st; // Too short for it
}

/// Compare a gap, or else its halves
static FalStatus
fill(const Filling* const f, const Gap* const gap, bool* const has)
{
  const double length_s = fmin(gap->a_end - gap->a_s, gap->b_end - gap->b_s);
  FalStatus    st = length_s < LEAST_GAP_S ? FAL_OK : compare(f, gap, has);
  if (st || *has || length_s < LEAST_HALVED_S) {
    return st;
  }
  const double middle_s = (gap->a_s + gap->a_end) / 2.0;
  Gap          half     = *gap;
  half.a_end            = middle_s;
  st                    = compare(f, &half, has);
  half.a_s              = middle_s;
  half.a_end            = gap->a_end;
  return st ? st : compare(f, &half, has);
}

/// Fill each gap; return whether there was something to be found
static FalStatus
fill_all(const Filling* const f, bool* const has)
{
  const FalDelayPoint* const points = f->track->points;
  const uint32_t             n      = f->track->n_points;
  FalStatus                  st     = FAL_OK;
  for (uint32_t first = 0U; !st && first < n;) {
    uint32_t end = first;
    while (end < n && !points[end].found) {
      ++end;
    }
    if (end > first) {
      const Gap gap    = measure(f, first, end);
      bool      is_new = false;
      st               = fill(f, &gap, &is_new);
      *has             = *has || is_new;
    }
    first = end + 1U;
  }
  return st;
}

FalStatus
fal_delay_fill_gaps(FalDelayTrack* const track, const FalDelayPair* const pair,
                    const FalTracking* const tracking)
{
  const Filling f   = {track, pair, tracking};
  FalStatus     st  = FAL_OK;
  bool          has = true;
  for (uint32_t i = 0U; !st && has && i < MOST_ROUNDS; ++i) {
    has = false;
    st  = fill_all(&f, &has);
  }
  return st;
}
