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

/// Share of a peak that is left at the nearest step between frames
#define AT_STEP 0.99

/// Candidates are the best of each n-th of a clip …
#define N_CELLS 8

/// … as many as these are collected until overlaps are resolved
#define MAX_CANDIDATES 8192U

/// The state of a search
typedef struct {
  const FalFindRequest* request;
  FalNcc*               ncc;
  FalFinds              finds;
  size_t                room;       ///< For finds
  FalFound*             candidates; ///< [MAX_CANDIDATES]
  size_t                n_candidates;
  FalSincPeak           peaks;
} Search;

/// Refine a place, and keep it if it is above the threshold
static FalStatus
keep(Search* const s, const FalFound* const candidate)
{
  const FalFindRequest* const q     = s->request;
  FalFound                    found = *candidate;

  // What was measured about chance is true of peaks between steps only
  if (q->threshold == 0.0 && fabs(candidate->score) < s->finds.threshold) {
    return FAL_OK;
  }
  const FalStatus st =
    fal_found_refine(&found, q->clip, q->n_clip, &q->recording);
  if (st || fabs(found.score) < q->threshold) {
    return st;
  }
  if (q->threshold == 0.0) {
    found.rate = fal_chance_rate(&s->finds.chance, candidate->score);
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
  const uint32_t n_cell = s->request->n_clip / N_CELLS;
  const double   cell   = 1.0 + n_cell;
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
  const float   least   = FAL_PEAK_AT_FRAME * (float)(s->finds.threshold);
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
      const double   score     = fal_sinc_peak(&s->peaks, at);
      const FalFound candidate = {(double)place, at[0] < 0.0f ? -score : score,
                                  s->request->channel, 0.0};
      st                       = score >= at_step ? add(s, &candidate) : FAL_OK;
    }
  }
  return st;
}

/// Go through the whole recording
static FalStatus
scan(Search* const s)
{
  const FalFindRequest* const q   = s->request;
  const int64_t               end = (int64_t)q->recording.n_frames;
  float*      line = NULL; ///< FAL_PEAK_REACH, a block, and FAL_PEAK_REACH
  FalNccBlock b    = {0, 0U, NULL};
  FalStatus   st   = FAL_OK;

  // From a little before the first place: its neighbours count too
  fal_ncc_seek(s->ncc, &q->recording, q->channel, -(int64_t)FAL_PEAK_REACH);
  while (!st && b.first + (int64_t)b.n < end + (int64_t)FAL_PEAK_REACH) {
    if ((st = fal_ncc_next(s->ncc, &b))) {
      break;
    }
    if (!line) {
      line = (float*)calloc((size_t)b.n + 2U * FAL_PEAK_REACH, sizeof(float));
    }
    if (!line) {
      st = FAL_ERR_NO_MEM;
      break;
    }
    memcpy(line + 2U * FAL_PEAK_REACH, b.scores, b.n * sizeof(float));
    st = look(s, line + FAL_PEAK_REACH, b.n, b.first - (int64_t)FAL_PEAK_REACH);
    memmove(line, line + b.n, 2U * FAL_PEAK_REACH * sizeof(float));
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
  const FalFindRequest* const q = s->request;
  if (q->threshold > 0.0) {
    s->finds.threshold = q->threshold;
    return scan(s);
  }
  const FalStatus st = fal_find_chance(&s->finds.chance, q);
  if (st) {
    return st;
  }
  s->finds.threshold = fmin(
    FAL_FIND_ALIKE, fal_chance_threshold(&s->finds.chance, q->false_alarms));
  return scan(s);
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
  fal_sinc_peak_init(&s.peaks);
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
