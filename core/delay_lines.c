// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_lines.c The lines of delay that a pair may have, in order

#include "core/delay_parts.h"

#include <math.h>

/// Peaks are traced from this share of the best one's height
#define LEAST_SHARE 0.3

/// Height that the best of some lines has by chance
#define CHANCE_Z 4.0

bool
fal_line_is_within(const FalLine* const line, const FalDelayPair* const pair)
{
  const bool   bounded = pair->min_s != 0.0 || pair->max_s != 0.0;
  const double nearest = fmin(fmax(line->lag, pair->min_s * pair->rate_hz),
                              pair->max_s * pair->rate_hz);
  return !bounded || fabs(line->lag - nearest) <= 1.0; // Not yet a fraction
}

/// Put a line where its height belongs; those of one delay are one
static void
insert(FalLines* const lines, const FalLine* const line, const double rate_hz)
{
  const double near = FAL_SAME_DELAY_S / 2.0 * rate_hz;
  uint32_t     i    = lines->n;
  for (uint32_t j = 0U; j < lines->n; ++j) {
    if (fabs(lines->at[j].lag - line->lag) < near) {
      if (lines->at[j].z >= line->z) {
        return;
      }
      i = j;
      break;
    }
  }
  if (i == FAL_MAX_CANDIDATES) {
    if (lines->at[--i].z >= line->z) {
      return;
    }
  } else if (i == lines->n) {
    ++lines->n;
  }
  for (; i > 0U && lines->at[i - 1U].z < line->z; --i) {
    lines->at[i] = lines->at[i - 1U];
  }
  lines->at[i] = *line;
}

FalStatus
fal_delay_trace_peaks(FalLines* const lines, const FalPeaks* const peaks,
                      const FalDelayPair* const pair, const uint32_t n_least,
                      const uint32_t n_most)
{
  for (uint32_t i = 0U; i < peaks->n; ++i) {
    const bool is_low = peaks->at[i].z < LEAST_SHARE * peaks->at[0].z;
    if (i >= n_least && (i >= n_most || is_low)) {
      continue;
    }
    FalLine         line = {0};
    const FalStatus st   = fal_delay_trace(&line, &peaks->at[i], pair);
    if (st) {
      return st;
    }
    if (line.z > 0.0 && fal_line_is_within(&line, pair)) {
      insert(lines, &line, pair->rate_hz);
    }
  }
  return FAL_OK;
}

double
fal_lines_ratio(const FalLines* const lines, const double distance)
{
  const FalLine* const first = &lines->at[0];
  double               rival = CHANCE_Z;
  for (uint32_t i = 1U; i < lines->n; ++i) {
    if (fabs(lines->at[i].lag - first->lag) > distance) {
      rival = fmax(rival, lines->at[i].z);
    }
  }
  return first->z / rival;
}
