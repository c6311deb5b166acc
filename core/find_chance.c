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

/// Measure chance all along the recording, or in parts of it
static FalStatus
measure(FalChance* const chance, const FalFindRequest* const q,
        FalNcc* const ncc)
{
  const int64_t n_clip = (int64_t)q->n_clip;
  const int64_t n_all  = (int64_t)q->recording.n_frames;

  // In a short recording, windows that lie half outside tell more about chance
  const int64_t start    = n_all < 3 * n_clip ? -n_clip / 2 : 0;
  const int64_t n_places = n_all - n_clip + 1 - 2 * start;
  const int64_t part     = n_clip > LEAST_PART ? n_clip : LEAST_PART;
  const bool    is_long  = n_places > 2 * N_PARTS * part;
  const int64_t n_used   = is_long ? N_PARTS * part : n_places;
  const int64_t stretch  = n_used / LEAST_STRETCHES;
  Highest       h        = {
                 .stretch = stretch < SHORTEST  ? SHORTEST
                            : stretch > LONGEST ? LONGEST
                                                : stretch,
  };
  fal_sinc_peak_init(&h.peaks);
  h.at = (double*)malloc(((size_t)(n_used / h.stretch) + 1U) * sizeof(double));
  FalStatus st = h.at ? FAL_OK : FAL_ERR_NO_MEM;
  if (!st && !is_long) {
    st = measure_part(q, ncc, &h, start, start + n_places);
  }
  for (int64_t i = 0; !st && is_long && i < N_PARTS; ++i) {
    const int64_t from = start + i * ((n_places - part) / (N_PARTS - 1));
    st                 = measure_part(q, ncc, &h, from, from + part);
  }
  if (!st) {
    fal_chance_fit(chance, h.at, h.n, (double)h.stretch);
  }
  free(h.at);
  return st;
}

FalStatus
fal_find_chance(FalChance* const chance, const FalFindRequest* const q)
{
  FalNcc*      ncc      = NULL;
  float* const backward = (float*)malloc(q->n_clip * sizeof(float));
  if (!backward) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t t = 0U; t < q->n_clip; ++t) {
    backward[t] = q->clip[q->n_clip - 1U - t];
  }
  FalStatus st = fal_ncc_new(&ncc, backward, q->n_clip, q->recording.n_frames);
  if (!st) {
    st = measure(chance, q, ncc);
  }
  fal_ncc_free(ncc);
  free(backward);
  return st;
}
