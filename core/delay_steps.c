// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_steps.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// Windows of one delay that make a piece
#define LEAST_POINTS 4U

/// Jumps are this much larger than what the curve usually does
#define UNUSUAL 8.0

static int
ascending(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/// What changes of the delay are usual
typedef struct {
  double slope; ///< Of most of the curve: drift
  double jump;  ///< Least change against that which is a jump
} Usual;

static double
change(const Usual* const usual, const FalDelayPoint* const from,
       const FalDelayPoint* const to)
{
  return fabs(to->seconds - from->seconds -
              usual->slope * (to->time_s - from->time_s));
}

/// Return the next point behind `i` that is found, or n_points
static uint32_t
next_found(const FalDelayTrack* const track, uint32_t i)
{
  for (++i; i < track->n_points && !track->points[i].found;) {
    ++i;
  }
  return i;
}

/// Return the median; 0 of none
static double
middle_of(double* const values, const uint32_t n)
{
  qsort(values, n, sizeof(double), ascending);
  return n ? values[n / 2U] : 0.0;
}

/// Find what is usual: the median
static Usual
find_usual(const FalDelayTrack* const track, double* const changes)
{
  const FalDelayPoint* const p     = track->points;
  Usual                      usual = {0.0, 0.0};
  const uint32_t             first =
    track->n_points && p[0].found ? 0U : next_found(track, 0U);
  uint32_t n = 0U;
  for (uint32_t i = first, j; (j = next_found(track, i)) < track->n_points;
       i          = j) {
    changes[n++] = (p[j].seconds - p[i].seconds) / (p[j].time_s - p[i].time_s);
  }
  usual.slope = middle_of(changes, n);
  n           = 0U;
  for (uint32_t i = first, j; (j = next_found(track, i)) < track->n_points;
       i          = j) {
    changes[n++] = change(&usual, &p[i], &p[j]);
  }
  usual.jump = fmax(FAL_STEP_S, UNUSUAL * middle_of(changes, n));
  return usual;
}

/// Add the piece of some points, if they are enough
static void
add(FalDelaySteps* const steps, const FalDelayTrack* const track,
    double* const delays, const uint32_t first, const uint32_t last)
{
  uint32_t n          = 0U;
  uint32_t n_inverted = 0U;
  for (uint32_t i = first; i <= last; ++i) {
    if (track->points[i].found) {
      delays[n++] = track->points[i].seconds;
      n_inverted += track->points[i].inverted ? 1U : 0U;
    }
  }
  if (n < LEAST_POINTS) {
    return;
  }
  qsort(delays, n, sizeof(double), ascending);
  steps->at[steps->n++] = (FalDelayStep){
    .start_s  = track->points[first].time_s,
    .end_s    = track->points[last].time_s,
    .seconds  = (delays[(n - 1U) / 2U] + delays[n / 2U]) / 2.0,
    .inverted = 2U * n_inverted > n,
  };
}

/// Join neighbours that have one delay: what parted them was passed over
static void
join(FalDelaySteps* const steps, const Usual* const usual)
{
  uint32_t n = 0U;
  for (uint32_t i = 0U; i < steps->n; ++i) {
    FalDelayStep* const       last = n ? &steps->at[n - 1U] : NULL;
    const FalDelayStep* const next = &steps->at[i];
    const double              time_s =
      last ? (next->start_s + next->end_s - last->start_s - last->end_s) / 2.0
                        : 0.0;
    if (last && fabs(next->seconds - last->seconds - usual->slope * time_s) <
                  usual->jump) {
      // In the middle of both
      const double whole_s = next->end_s - last->start_s;
      const double own_s   = last->end_s - last->start_s;
      last->seconds += usual->slope * (whole_s - own_s) / 2.0;
      last->end_s = next->end_s;
    } else {
      steps->at[n++] = *next;
    }
  }
  steps->n = n;
}

FalStatus
fal_delay_steps(FalDelaySteps* const steps, const FalDelayTrack* const track)
{
  const size_t  n      = track->n_points;
  double* const delays = (double*)malloc((n + 1U) * sizeof(double));
  FalDelaySteps made   = {0U,
                          (FalDelayStep*)malloc((n + 1U) * sizeof(FalDelayStep))};
  if (!delays || !made.at) {
    free(delays);
    free(made.at);
    return FAL_ERR_NO_MEM;
  }

  const Usual usual = find_usual(track, delays);
  bool        is_in = false;
  uint32_t    first = 0U;
  uint32_t    last  = 0U;
  for (uint32_t i = 0U; i < track->n_points; ++i) {
    const FalDelayPoint* const point = &track->points[i];
    if (!point->found) {
      continue;
    }
    if (is_in && change(&usual, &track->points[last], point) >= usual.jump) {
      add(&made, track, delays, first, last);
      is_in = false;
    }
    first = is_in ? first : i;
    last  = i;
    is_in = true;
  }
  if (is_in) {
    add(&made, track, delays, first, last);
  }
  join(&made, &usual);
  free(delays);
  *steps = made;
  return FAL_OK;
}

void
fal_delay_steps_clear(FalDelaySteps* const steps)
{
  free(steps->at);
  *steps = (FalDelaySteps){0U, NULL};
}
