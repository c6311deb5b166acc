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

/// Return the change from which on it is a jump: that of the median is usual
static double
find_jump(const FalDelayTrack* const track, double* const changes)
{
  const FalDelayPoint* before = NULL;
  uint32_t             n      = 0U;
  for (uint32_t i = 0U; i < track->n_points; ++i) {
    const FalDelayPoint* const point = &track->points[i];
    if (point->found) {
      if (before) {
        changes[n++] = fabs(point->seconds - before->seconds);
      }
      before = point;
    }
  }
  qsort(changes, n, sizeof(double), ascending);
  return fmax(FAL_STEP_S, n ? UNUSUAL * changes[n / 2U] : 0.0);
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
join(FalDelaySteps* const steps, const double jump)
{
  uint32_t n = 0U;
  for (uint32_t i = 0U; i < steps->n; ++i) {
    FalDelayStep* const last = n ? &steps->at[n - 1U] : NULL;
    if (last && fabs(last->seconds - steps->at[i].seconds) < jump) {
      last->end_s = steps->at[i].end_s;
    } else {
      steps->at[n++] = steps->at[i];
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

  const double jump  = find_jump(track, delays);
  bool         is_in = false;
  uint32_t     first = 0U;
  uint32_t     last  = 0U;
  for (uint32_t i = 0U; i < track->n_points; ++i) {
    const FalDelayPoint* const point = &track->points[i];
    if (!point->found) {
      continue;
    }
    if (is_in && fabs(point->seconds - track->points[last].seconds) >= jump) {
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
  join(&made, jump);
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
