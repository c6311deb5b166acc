// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/decay.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/// First intervals, and the least and most of them later, in seconds
#define FIRST_S 0.03
#define LEAST_S 0.002
#define MOST_S 0.2

/// Intervals in 10 dB of decay, after Lundeby 3 to 10
#define PER_10_DB 5.0

/// How often line and noise are fitted to one another
#define N_ROUNDS 6U

/// What is as far below the peak is no decay anymore: cuts, fades, rounding
#define DEEPEST_DB 100.0

/// Levels below this are digital silence
#define SILENCE_DB (-400.0)

/// The level of a response, interval by interval
typedef struct {
  double*  powers; ///< [n], mean power in a frame
  uint32_t n;
  uint32_t length; ///< Frames in an interval
} Levels;

/// A straight line
typedef struct {
  double start_db;
  double slope_db; ///< For each frame
} Line;

static double
to_db(const double power)
{
  return power > 0.0 ? fmax(10.0 * log10(power), SILENCE_DB) : SILENCE_DB;
}

/// Average the power over intervals; what does not fill one is left out
static void
average(Levels* const levels, const float* const x, const uint32_t n_frames,
        const double length)
{
  levels->length = length < 1.0 ? 1U : (uint32_t)length;
  levels->n      = n_frames / levels->length;
  for (uint32_t i = 0U; i < levels->n; ++i) {
    const float* const part = x + (size_t)i * levels->length;
    double             sum  = 0.0;
    for (uint32_t t = 0U; t < levels->length; ++t) {
      sum += (double)part[t] * part[t];
    }
    levels->powers[i] = sum / levels->length;
  }
}

/// The interval with the highest level
static uint32_t
find_peak(const Levels* const levels)
{
  uint32_t peak = 0U;
  for (uint32_t i = 1U; i < levels->n; ++i) {
    peak = levels->powers[i] > levels->powers[peak] ? i : peak;
  }
  return peak;
}

/// Power of the noise: the mean from an interval on, at least the last tenth
static double
measure_noise(const Levels* const levels, const double from,
              const double peak_db)
{
  const uint32_t last  = levels->n - (levels->n + 9U) / 10U;
  const uint32_t start = from < last ? (uint32_t)fmax(from, 0.0) : last;
  double         sum   = 0.0;
  for (uint32_t i = start; i < levels->n; ++i) {
    sum += levels->powers[i];
  }
  return fmax(to_db(sum / (levels->n - start)), peak_db - DEEPEST_DB);
}

/// Fit a line from an interval on, between two levels; false if there is none
static bool
fit(Line* const line, const Levels* const levels, const uint32_t from,
    const double high_db, const double low_db)
{
  double   n   = 0.0;
  double   t1  = 0.0;
  double   t2  = 0.0;
  double   l1  = 0.0;
  double   tl  = 0.0;
  uint32_t end = from;
  while (end < levels->n && to_db(levels->powers[end]) > low_db) {
    ++end;
  }
  for (uint32_t i = from; i < end; ++i) {
    const double level_db = to_db(levels->powers[i]);
    if (level_db <= high_db) {
      const double t = (i + 0.5) * levels->length;
      n += 1.0;
      t1 += t;
      t2 += t * t;
      l1 += level_db;
      tl += t * level_db;
    }
  }
  const double spread = n * t2 - t1 * t1;
  if (n < 3.0 || spread <= 0.0) {
    return false;
  }
  line->slope_db = (n * tl - t1 * l1) / spread;
  line->start_db = (l1 - line->slope_db * t1) / n;
  return line->slope_db < 0.0;
}

/// The frame at which the line meets the noise
static double
find_knee(const Line* const line, const double noise_db)
{
  return (noise_db - line->start_db) / line->slope_db;
}

/// Fit line and noise to one another; false if there is no decay
static bool
fit_both(Line* const line, double* const noise_db, Levels* const levels,
         const float* x, const uint32_t n_frames, const double rate_hz)
{
  average(levels, x, n_frames, fmin(FIRST_S * rate_hz, n_frames / 20.0));
  const uint32_t peak    = find_peak(levels);
  const double   peak_db = to_db(levels->powers[peak]);
  *noise_db              = measure_noise(levels, levels->n, peak_db);
  if (peak_db - *noise_db < 10.0 ||
      !fit(line, levels, peak, peak_db, *noise_db + 7.0)) {
    return false;
  }

  for (uint32_t r = 0U; r < N_ROUNDS; ++r) {
    const double per_10_db = -10.0 / line->slope_db;
    const double length =
      fmin(fmax(per_10_db / PER_10_DB, LEAST_S * rate_hz), MOST_S * rate_hz);
    average(levels, x, n_frames, fmin(length, n_frames / 20.0));

    // The noise from where the decay is 7 dB below it on; the line from 7 dB
    // above it up to 25 dB above it
    const double   knee     = find_knee(line, *noise_db);
    const uint32_t now_peak = find_peak(levels);
    const double   top_db   = to_db(levels->powers[now_peak]);
    *noise_db =
      measure_noise(levels, (knee + 0.7 * per_10_db) / levels->length, top_db);
    Line late = *line;
    if (!fit(&late, levels, now_peak,
             fmin(top_db, *noise_db + 27.0 + 0.2 * (top_db - *noise_db)),
             *noise_db + 7.0)) {
      break;
    }
    *line = late;
  }
  return true;
}

FalStatus
fal_decay_fit(FalDecay* const decay, const float* const x,
              const uint32_t n_frames, const double rate_hz)
{
  Levels levels = {(double*)calloc((size_t)n_frames + 1U, sizeof(double)), 0U,
                   0U};
  if (!levels.powers) {
    return FAL_ERR_NO_MEM;
  }

  Line   line     = {0.0, 0.0};
  double noise_db = 0.0;
  *decay          = (FalDecay){.is_valid = false};
  if (n_frames >= 40U &&
      fit_both(&line, &noise_db, &levels, x, n_frames, rate_hz)) {
    const double knee = find_knee(&line, noise_db);
    *decay            = (FalDecay){
                 .is_valid   = true,
                 .slope_db_s = line.slope_db * rate_hz,
                 .start_db   = line.start_db,
                 .noise_db   = noise_db,
                 .knee       = knee < n_frames ? (uint32_t)fmax(knee, 1.0) : n_frames,
    };
  }
  free(levels.powers);
  return FAL_OK;
}
