// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file find_chance.c What scores a clip gets without occurring

#include "core/chance.h"
#include "core/find.h"
#include "core/ncc.h"
#include "core/sinc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// Parts of a long recording that chance is measured in
#define N_PARTS 64

/// Least places in such a part
#define LEAST_PART (1 << 18)

/// Frames in a stretch whose highest score tells about chance
#define SHORTEST 64
#define LONGEST 4096

/// Stretches that are wanted, if the recording is long enough
#define LEAST_STRETCHES 512

/// Mean excesses beyond which a score is no chance but an occurrence
#define FAR 20.0

/// Places that chance is measured at, in stretches
typedef struct {
  int64_t  start;   ///< First place
  int64_t  n;       ///< Places
  int64_t  part;    ///< Places in a part, if parts are enough; or n
  int64_t  step;    ///< From one part to the next
  uint32_t n_parts; ///< At least 1
  int64_t  stretch; ///< Places in a stretch
} Places;

/// The highest scores of stretches
typedef struct {
  double*     at; ///< [n]
  size_t      n;
  int64_t     stretch; ///< Frames
  double      begun;   ///< Highest score of the stretch that has begun
  int64_t     n_begun; ///< Frames of it
  FalSincPeak peaks;
} Highest;

/// Return the highest peak of a stretch
static double
find_highest(const FalSincPeak* const peaks, const float* const x,
             const uint32_t n)
{
  float at_frame = 0.0f;
  for (uint32_t p = 0U; p < n; ++p) {
    at_frame = fmaxf(at_frame, fabsf(x[p]));
  }
  double highest = (double)at_frame;
  for (uint32_t p = FAL_PEAK_REACH; p + FAL_PEAK_REACH < n; ++p) {
    const float height = fabsf(x[p]);
    if (height >= FAL_PEAK_AT_FRAME * at_frame && height >= fabsf(x[p - 1U]) &&
        height > fabsf(x[p + 1U])) {
      highest = fmax(highest, fal_sinc_peak(peaks, x + p));
    }
  }
  return highest;
}

/// Add scores to the stretch that has begun
static void
add(Highest* const h, const float* const x, const uint32_t n)
{
  h->begun = fmax(h->begun, find_highest(&h->peaks, x, n));
  h->n_begun += (int64_t)n;
  if (h->n_begun == h->stretch) {
    h->at[h->n++] = h->begun;
    h->begun      = 0.0;
    h->n_begun    = 0;
  }
}

/// Keep the highest score of each stretch of the places `from` … `to` - 1
static FalStatus
measure_part(const FalFindRequest* const q, FalNcc* const ncc, Highest* const h,
             const int64_t from, const int64_t to)
{
  FalNccBlock b = {0, 0U, NULL};
  fal_ncc_seek(ncc, &q->recording, q->channel, from);
  for (int64_t end = from; end < to; end = b.first + (int64_t)b.n) {
    const FalStatus st = fal_ncc_next(ncc, &b);
    if (st) {
      return st;
    }
    const int64_t last  = b.first + (int64_t)b.n;
    const int64_t first = b.first > from ? b.first : from;
    const int64_t stop  = last < to ? last : to;
    for (int64_t p = first; p < stop;) {
      const int64_t left = h->stretch - h->n_begun;
      const int64_t n    = stop - p < left ? stop - p : left;
      add(h, b.scores + (p - b.first), (uint32_t)n);
      p += n;
    }
  }
  return FAL_OK;
}

/// Choose places all along the recording, or in parts of it
static Places
choose(const FalFindRequest* const q)
{
  const int64_t n_clip = (int64_t)q->n_clip;
  const int64_t n_all  = (int64_t)q->recording.n_frames;

  // In a short recording, windows that lie half outside tell more about chance
  const int64_t start   = n_all < 3 * n_clip ? -n_clip / 2 : 0;
  const int64_t n       = n_all - n_clip + 1 - 2 * start;
  const int64_t part    = n_clip > LEAST_PART ? n_clip : LEAST_PART;
  const bool    is_long = n > 2 * N_PARTS * part;
  const int64_t n_used  = is_long ? N_PARTS * part : n;
  const int64_t stretch = n_used / LEAST_STRETCHES;
  return (Places){
    .start   = start,
    .n       = n_used,
    .part    = is_long ? part : n,
    .step    = is_long ? (n - part) / (N_PARTS - 1) : 0,
    .n_parts = is_long ? N_PARTS : 1U,
    .stretch = stretch < SHORTEST  ? SHORTEST
               : stretch > LONGEST ? LONGEST
                                   : stretch,
  };
}

/// Keep the highest scores of a clip
static FalStatus
measure(Highest* const h, const Places* const places,
        const FalFindRequest* const q, const float* const clip)
{
  FalNcc*   ncc = NULL;
  FalStatus st  = fal_ncc_new(&ncc, clip, q->n_clip, q->recording.n_frames);
  *h            = (Highest){.stretch = places->stretch};
  if (!st) {
    const size_t n = (size_t)(places->n / places->stretch) + 1U;
    h->at          = (double*)malloc(n * sizeof(double));
    st             = h->at ? FAL_OK : FAL_ERR_NO_MEM;
  }
  fal_sinc_peak_init(&h->peaks);
  for (uint32_t i = 0U; !st && i < places->n_parts; ++i) {
    const int64_t from = places->start + (int64_t)i * places->step;
    st                 = measure_part(q, ncc, h, from, from + places->part);
  }
  fal_ncc_free(ncc);
  return st;
}

/// Leave out what is beyond a score, and what lies closer to it than a clip
static void
leave_out(Highest* const h, const double score, const uint32_t n_clip)
{
  const size_t reach = (size_t)(n_clip / h->stretch) + 1U;
  size_t       kept  = 0U;
  size_t       ahead = 0U; // Next to be looked at
  size_t       gone  = 0U; // First that is far enough from those beyond
  for (size_t i = 0U; i < h->n; ++i) {
    for (; ahead < h->n && ahead <= i + reach; ++ahead) {
      gone = h->at[ahead] > score ? ahead + reach + 1U : gone;
    }
    if (i >= gone) {
      h->at[kept++] = h->at[i];
    }
  }
  h->n = kept;
}

/// Fit chance to what is heard both ways: the way that brings more counts
static void
fit(FalChance* const chance, Highest* const forward, Highest* const backward,
    const FalFindRequest* const q)
{
  const double n_stretch = (double)forward->stretch;
  const size_t n         = forward->n;
  FalChance    same      = {0.0, 0.0, 0.0, 0.0};
  fal_chance_fit(chance, backward->at, backward->n, n_stretch);
  leave_out(forward, fal_chance_score(chance, FAR), q->n_clip);
  fal_chance_fit(&same, forward->at, forward->n, n_stretch);
  if (forward->n > n / 2U && fal_chance_threshold(&same, q->false_alarms) >
                               fal_chance_threshold(chance, q->false_alarms)) {
    *chance = same;
  }
}

FalStatus
fal_find_chance(FalChance* const chance, const FalFindRequest* const q)
{
  const Places places   = choose(q);
  Highest      forward  = {.at = NULL};
  Highest      backward = {.at = NULL};
  FalStatus    st       = FAL_ERR_NO_MEM;
  float* const turned   = (float*)malloc(q->n_clip * sizeof(float));
  for (uint32_t t = 0U; turned && t < q->n_clip; ++t) {
    turned[t] = q->clip[q->n_clip - 1U - t];
  }
  if (turned && !(st = measure(&backward, &places, q, turned)) &&
      !(st = measure(&forward, &places, q, q->clip))) {
    fit(chance, &forward, &backward, q);
  }
  free(forward.at);
  free(backward.at);
  free(turned);
  return st;
}
