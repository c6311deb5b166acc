// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/find.h"

#include "core/chance.h"
#include "core/ncc.h"
#include "core/sinc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// Parts of a long recording that chance is measured in
#define N_PARTS 64

/// Least places in such a part
#define LEAST_PART (1 << 18)

/// Scores on each side that are interpolated between
#define REACH 16U

/// Steps from one frame to the next at which scores are interpolated
#define N_STEPS 8U

/// Share of a peak that is left at the nearest frame: of white noise, 2 / pi
#define AT_FRAME 0.6

/// … and at the nearest step
#define AT_STEP 0.99

/// Candidates are the best of each n-th of a clip …
#define N_CELLS 8

/// … as many as these are collected until overlaps are resolved
#define MAX_CANDIDATES 8192U

/// Frames in a stretch whose highest score tells about chance
#define SHORTEST 64
#define LONGEST 4096

/// Stretches that are wanted, if the recording is long enough
#define LEAST_STRETCHES 512

/// The highest scores of stretches
typedef struct {
  double* at; ///< [n]
  size_t  n;
  size_t  room;
  int64_t stretch; ///< Frames
} Highest;

/// The state of a search
typedef struct {
  const FalFindRequest* request;
  FalNcc*               ncc;
  FalFinds              finds;
  size_t                room;       ///< For finds
  FalFound*             candidates; ///< [MAX_CANDIDATES]
  size_t                n_candidates;
  double                taps[N_STEPS][2U * REACH];
} Search;

/// Return the height of a peak between frames, near x[0]
static double
peak(const Search* const s, const float* const x)
{
  double highest = fabs((double)x[0]);
  for (uint32_t side = 0U; side < 2U; ++side) {
    const float* const from = x - REACH + (side ? 1 : 0);
    for (uint32_t step = 1U; step < N_STEPS; ++step) {
      double sum = 0.0;
      for (uint32_t i = 0U; i < 2U * REACH; ++i) {
        sum += s->taps[step][i] * (double)from[i];
      }
      highest = fmax(highest, fabs(sum));
    }
  }
  return highest;
}

/// Return the highest peak of a stretch
static double
highest(const Search* const s, const float* const x, const uint32_t n)
{
  uint32_t at = 0U;
  for (uint32_t p = 1U; p < n; ++p) {
    at = fabsf(x[p]) > fabsf(x[at]) ? p : at;
  }
  const bool is_inside = at >= REACH && at + REACH < n;
  return is_inside ? peak(s, x + at) : fabs((double)x[at]);
}

/// Keep the highest score of each stretch of the places `from` … `to` - 1
static FalStatus
measure_part(const Search* const s, FalNcc* const ncc, Highest* const h,
             const int64_t from, const int64_t to)
{
  const FalFindRequest* const q = s->request;
  FalNccBlock                 b = {0, 0U, NULL};
  fal_ncc_seek(ncc, &q->recording, q->channel, from);
  for (int64_t end = from; end < to; end = b.first + (int64_t)b.n) {
    const FalStatus st = fal_ncc_next(ncc, &b);
    if (st) {
      return st;
    }
    const int64_t last  = b.first + (int64_t)b.n;
    const int64_t first = b.first > from ? b.first : from;
    const int64_t stop  = last < to ? last : to;
    for (int64_t p = first; p < stop; p += h->stretch) {
      const int64_t n = stop - p < h->stretch ? stop - p : h->stretch;
      if (2 * n >= h->stretch && h->n < h->room) {
        h->at[h->n++] = highest(s, b.scores + (p - b.first), (uint32_t)n);
      }
    }
  }
  return FAL_OK;
}

/// Measure chance all along the recording, or in parts of it
static FalStatus
measure_with(Search* const s, FalNcc* const ncc)
{
  const FalFindRequest* const q      = s->request;
  const int64_t               n_clip = (int64_t)q->n_clip;
  const int64_t               n_all  = (int64_t)q->recording.n_frames;

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
  // Each block may end in a piece of a stretch
  h.room       = 2U * (size_t)(n_used / h.stretch) + 4096U;
  h.at         = (double*)malloc(h.room * sizeof(double));
  FalStatus st = h.at ? FAL_OK : FAL_ERR_NO_MEM;
  if (!st && !is_long) {
    st = measure_part(s, ncc, &h, start, start + n_places);
  }
  for (int64_t i = 0; !st && is_long && i < N_PARTS; ++i) {
    const int64_t from = start + i * ((n_places - part) / (N_PARTS - 1));
    st                 = measure_part(s, ncc, &h, from, from + part);
  }
  if (!st) {
    fal_chance_fit(&s->finds.chance, h.at, h.n, (double)h.stretch);
  }
  free(h.at);
  return st;
}

/// Measure chance on the clip played backwards
static FalStatus
measure(Search* const s)
{
  const FalFindRequest* const q   = s->request;
  FalNcc*                     ncc = NULL;
  float* const backward           = (float*)malloc(q->n_clip * sizeof(float));
  if (!backward) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t t = 0U; t < q->n_clip; ++t) {
    backward[t] = q->clip[q->n_clip - 1U - t];
  }
  FalStatus st = fal_ncc_new(&ncc, backward, q->n_clip, q->recording.n_frames);
  if (!st) {
    st = measure_with(s, ncc);
  }
  fal_ncc_free(ncc);
  free(backward);
  return st;
}

/// Refine a place, and keep it if it is above the threshold
static FalStatus
keep(Search* const s, const FalFound* const candidate)
{
  const FalFindRequest* const q     = s->request;
  FalFound                    found = *candidate;
  const FalStatus             st =
    fal_found_refine(&found, q->clip, q->n_clip, &q->recording);
  if (st || fabs(found.score) < s->finds.threshold) {
    return st;
  }
  if (s->finds.n == s->room) {
    const size_t    room = 2U * s->room + 16U;
    FalFound* const more =
      (FalFound*)realloc(s->finds.at, room * sizeof(FalFound));
    if (!more) {
      return FAL_ERR_NO_MEM;
    }
    s->finds.at = more;
    s->room     = room;
  }
  s->finds.at[s->finds.n++] = found;
  return FAL_OK;
}

/// Resolve overlaps, and keep what lies before `end`
static FalStatus
settle(Search* const s, const double end)
{
  if (!s->n_candidates) {
    return FAL_OK;
  }
  const size_t n =
    fal_found_merge(s->candidates, s->n_candidates, s->request->n_clip);
  FalStatus st = n ? FAL_OK : FAL_ERR_NO_MEM;
  size_t    i  = 0U;
  for (; !st && i < n && s->candidates[i].frame < end; ++i) {
    st = keep(s, &s->candidates[i]);
  }
  s->n_candidates = n - i;
  memmove(s->candidates, s->candidates + i, (n - i) * sizeof(FalFound));
  return st;
}

static FalStatus
add(Search* const s, const FalFound* const candidate)
{
  // Of each cell, the best
  const double cell = 1.0 + (double)(s->request->n_clip / N_CELLS);
  if (s->n_candidates) {
    FalFound* const last = &s->candidates[s->n_candidates - 1U];
    if (floor(last->frame / cell) == floor(candidate->frame / cell)) {
      if (fabs(candidate->score) > fabs(last->score)) {
        *last = *candidate;
      }
      return FAL_OK;
    }
  }
  if (s->n_candidates == MAX_CANDIDATES) {
    const FalStatus st = settle(s, candidate->frame - s->request->n_clip);
    if (st) {
      return st;
    }
  }
  s->candidates[s->n_candidates++] = *candidate;
  return FAL_OK;
}

/// Look for peaks at the places x[0] … x[n - 1], with their neighbours
static FalStatus
look(Search* const s, const float* const x, const uint32_t n,
     const int64_t first)
{
  const float   least   = (float)(AT_FRAME * s->finds.threshold);
  const double  at_step = AT_STEP * s->finds.threshold;
  const int64_t n_all   = (int64_t)s->request->recording.n_frames;
  const int64_t last    = n_all - (int64_t)s->request->n_clip;
  FalStatus     st      = FAL_OK;
  for (uint32_t p = 0U; !st && p < n; ++p) {
    const float* const at     = x + p;
    const float        height = fabsf(at[0]);
    const int64_t      place  = first + (int64_t)p;
    if (height >= least && height >= fabsf(at[-1]) && height > fabsf(at[1]) &&
        place >= 0 && place <= last) {
      const double   score     = peak(s, at);
      const FalFound candidate = {(double)place, at[0] < 0.0f ? -score : score,
                                  s->request->channel};
      st                       = score >= at_step ? add(s, &candidate) : FAL_OK;
    }
  }
  return st;
}

/// Go through the whole recording
static FalStatus
scan(Search* const s)
{
  const FalFindRequest* const q    = s->request;
  const int64_t               end  = (int64_t)q->recording.n_frames;
  float*                      line = NULL; ///< REACH, a block, and REACH
  FalNccBlock                 b    = {0, 0U, NULL};
  FalStatus                   st   = FAL_OK;

  // From a little before the first place: its neighbours count too
  fal_ncc_seek(s->ncc, &q->recording, q->channel, -(int64_t)REACH);
  while (!st && b.first + (int64_t)b.n < end + (int64_t)REACH) {
    if ((st = fal_ncc_next(s->ncc, &b))) {
      break;
    }
    if (!line) {
      line = (float*)calloc((size_t)b.n + 2U * REACH, sizeof(float));
    }
    if (!line) {
      st = FAL_ERR_NO_MEM;
      break;
    }
    memcpy(line + 2U * REACH, b.scores, b.n * sizeof(float));
    st = look(s, line + REACH, b.n, b.first - (int64_t)REACH);
    memmove(line, line + b.n, 2U * REACH * sizeof(float));
    if (q->progress) {
      const int64_t done = b.first + (int64_t)b.n;
      q->progress(q->handle, done < 0 ? 0U : (uint64_t)done);
    }
  }
  free(line);
  return st ? st : settle(s, INFINITY);
}

/// Search a recording that is long enough
static FalStatus
search(Search* const s)
{
  const FalFindRequest* const q  = s->request;
  FalStatus                   st = q->threshold > 0.0 ? FAL_OK : measure(s);
  if (!st) {
    s->finds.threshold =
      q->threshold > 0.0
        ? q->threshold
        : fal_chance_threshold(&s->finds.chance, q->false_alarms);
    st = scan(s);
  }
  return st;
}

FalStatus
fal_find(FalFinds* const finds, const FalFindRequest* const request)
{
  if (request->n_clip < 16U || !request->recording.n_channels ||
      request->channel >= request->recording.n_channels ||
      !(request->threshold >= 0.0) || request->threshold > 1.0 ||
      (request->threshold == 0.0 && !(request->false_alarms > 0.0))) {
    return FAL_ERR_BAD_ARG;
  }
  Search s = {.request = request, .finds = {.threshold = request->threshold}};
  for (uint32_t i = 0U; i < N_STEPS; ++i) {
    fal_sinc_taps(s.taps[i], REACH, (double)i / N_STEPS);
  }
  FalStatus st = fal_ncc_new(&s.ncc, request->clip, request->n_clip,
                             request->recording.n_frames);
  if (!st) {
    s.candidates = (FalFound*)malloc(MAX_CANDIDATES * sizeof(FalFound));
    st           = s.candidates ? FAL_OK : FAL_ERR_NO_MEM;
  }
  if (!st && request->recording.n_frames >= request->n_clip) {
    st = search(&s);
  }
  free(s.candidates);
  fal_ncc_free(s.ncc);
  if (st) {
    fal_finds_clear(&s.finds);
    return st;
  }
  *finds = s.finds;
  return FAL_OK;
}

void
fal_finds_clear(FalFinds* const finds)
{
  free(finds->at);
  *finds = (FalFinds){NULL, 0U, 0.0, {0.0, 0.0, 0.0, 0.0}};
}
