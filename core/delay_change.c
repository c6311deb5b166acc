// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_change.c Where one line of delay gives way to another

#include "core/delay_parts.h"
#include "core/delay_window.h"

#include <math.h>
#include <stdint.h>

/// Windows along what both lines have
#define N_WINDOWS 48U

/// Longest and shortest window
#define MAX_LENGTH 16384U
#define MIN_LENGTH 1024U

/// How far from a line it may be heard, frames
#define NEAR 24.0

/// Lags on either side that tell what chance gives
#define REACH 1024U

/// Height over chance, of a stretch, from which the line is heard in it
#define HEARD 14.0

/// How much higher than the other it has to be
#define LEAD 2.0

/// Largest change, of the common part: what is far off is a repetition
#define MAX_CHANGE 0.2

/// Heights of a line over chance, window by window
typedef struct {
  double z[N_WINDOWS];
} Heights;

static FalStatus
measure(Heights* const heights, FalDelayWindow* const window,
        const FalLine* const line, const FalDelayPair* const pair,
        const double start, const double hop)
{
  for (uint32_t w = 0U; w < N_WINDOWS; ++w) {
    FalWindowPeak   peaks[FAL_WINDOW_PEAKS];
    const FalStatus st =
      fal_delay_window_compare(window, peaks, pair, line, start + w * hop);
    if (st) {
      return st;
    }
    for (uint32_t i = 0U; i < FAL_WINDOW_PEAKS && heights->z[w] == 0.0; ++i) {
      if (fabs((double)peaks[i].lag) <= NEAR) {
        heights->z[w] = fabs((double)peaks[i].z);
      }
    }
  }
  return FAL_OK;
}

static double
sum(const Heights* const heights, const uint32_t from, const uint32_t to)
{
  double total = 0.0;
  for (uint32_t w = from; w < to; ++w) {
    total += heights->z[w];
  }
  return total;
}

/// Return whether a line leads the other one in some windows, beyond doubt
static bool
leads(const Heights* const line, const Heights* const other,
      const uint32_t from, const uint32_t to)
{
  const double height = sum(line, from, to);
  return height > HEARD * sqrt(to - from) &&
         height > LEAD * sum(other, from, to);
}

FalStatus
fal_delay_change(double* const change, const FalLine* const before,
                 const FalLine* const after, const FalDelayPair* const pair)
{
  double starts[2];
  double ends[2];
  *change = NAN;
  if (before->channel_a != after->channel_a ||
      before->channel_b != after->channel_b ||
      !fal_line_overlap(before, pair, &starts[0], &ends[0]) ||
      !fal_line_overlap(after, pair, &starts[1], &ends[1])) {
    return FAL_OK;
  }

  const double start = fmax(starts[0], starts[1]);
  const double end   = fmin(ends[0], ends[1]);
  if (end - start < MIN_LENGTH ||
      fabs(before->lag - after->lag) > MAX_CHANGE * (end - start)) {
    return FAL_OK;
  }
  uint32_t length = MIN_LENGTH;
  while (length < MAX_LENGTH && length * N_WINDOWS / 2.0 < end - start) {
    length *= 2U;
  }

  const double   hop    = (end - start) / N_WINDOWS;
  FalDelayWindow window = {0};
  Heights        first  = {{0.0}};
  Heights        second = {{0.0}};
  FalStatus st = fal_delay_window_init(&window, length, REACH, pair->rate_hz);
  if (!st) {
    st = measure(&first, &window, before, pair, start + hop / 2.0, hop);
  }
  if (!st) {
    st = measure(&second, &window, after, pair, start + hop / 2.0, hop);
  }
  fal_delay_window_clear(&window);
  if (st) {
    return st;
  }

  double   best = 0.0;
  double   lead = 0.0;
  uint32_t at   = 0U;
  for (uint32_t w = 0U; w < N_WINDOWS; ++w) {
    lead += first.z[w] - second.z[w];
    if (lead > best) {
      best = lead;
      at   = w + 1U;
    }
  }
  if (at && at < N_WINDOWS && leads(&first, &second, 0U, at) &&
      leads(&second, &first, at, N_WINDOWS)) {
    *change = start + at * hop;
  }
  return FAL_OK;
}
