// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/acoustics.h"

#include "ir/decay.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/// How far the noise must be below the lower end of a range: ISO 3382-1, 5.3.2
#define NOISE_MARGIN_DB 10.0

/// Least bandwidth times reverberation time: the filter's decay does not show
/// (Jacobsen 1987; with filters that do not shift time 4 would do)
#define LEAST_BANDWIDTH_TIME 8.0

/// Energy after each frame, from the start of the decay to its knee
typedef struct {
  double*  after; ///< [n + 1]; the last is what the decay holds beyond
  uint32_t n;
  double   rate_hz;
} Curve;

/// Integrate backwards, from what lies beyond the knee
static void
integrate(Curve* const curve, const float* const x, const FalDecay* const decay)
{
  double sum = 0.0;
  if (decay->is_valid) {
    // A decaying line in dB is a geometric series in power
    const double fall  = decay->slope_db_s / curve->rate_hz;
    const double at_db = decay->start_db + fall * curve->n;
    sum = pow(10.0, at_db / 10.0) / (1.0 - pow(10.0, fall / 10.0));
  }
  curve->after[curve->n] = sum;
  for (uint32_t t = curve->n; t-- > 0U;) {
    sum += (double)x[t] * x[t];
    curve->after[t] = sum;
  }
}

/// Fit a line to the curve between two levels, in seconds for 60 dB
static double
decay_time(const Curve* const curve, const double high_db, const double low_db)
{
  const double high = curve->after[0] * pow(10.0, high_db / 10.0);
  const double low  = curve->after[0] * pow(10.0, low_db / 10.0);
  double       n    = 0.0;
  double       t1   = 0.0;
  double       t2   = 0.0;
  double       l1   = 0.0;
  double       tl   = 0.0;
  uint32_t     t    = 0U;
  for (; t < curve->n && curve->after[t] >= low; ++t) {
    if (curve->after[t] <= high) {
      const double level = 10.0 * log10(curve->after[t] / curve->after[0]);
      n += 1.0;
      t1 += t;
      t2 += (double)t * t;
      l1 += level;
      tl += t * level;
    }
  }
  const double spread = n * t2 - t1 * t1;
  if (t == curve->n || n < 3.0 || spread <= 0.0) {
    return 0.0; // The curve does not get that low
  }
  const double slope_db = (n * tl - t1 * l1) / spread;
  return slope_db < 0.0 ? -60.0 / slope_db / curve->rate_hz : 0.0;
}

/// A decay time with its right to be believed
static FalDecayTime
judge(const double seconds, const bool has_range, const double bandwidth_hz)
{
  return (FalDecayTime){
    .seconds  = seconds,
    .is_valid = seconds > 0.0 && has_range &&
                bandwidth_hz * seconds > LEAST_BANDWIDTH_TIME,
  };
}

/// Ten times the logarithm of early over late energy, within ±100 dB
static double
clarity_db(const Curve* const curve, const double seconds)
{
  const double   n     = seconds * curve->rate_hz;
  const uint32_t t     = n < curve->n ? (uint32_t)n : curve->n;
  const double   late  = curve->after[t];
  const double   early = curve->after[0] - late;
  return late > 1e-10 * early ? fmax(10.0 * log10(early / late), -100.0)
                              : 100.0;
}

/// Measure one band; `x` starts at the onset
static FalStatus
measure(FalMeasures* const m, Curve* const curve, const float* const x,
        const uint32_t n_frames, const double centre_hz)
{
  FalDecay        decay;
  const FalStatus st = fal_decay_fit(&decay, x, n_frames, curve->rate_hz);
  if (st) {
    return st;
  }

  const double bandwidth_hz =
    centre_hz > 0.0 ? centre_hz * M_SQRT1_2 : 0.5 * curve->rate_hz;
  *m       = (FalMeasures){.centre_hz = centre_hz};
  curve->n = decay.is_valid ? decay.knee : n_frames;
  integrate(curve, x, &decay);
  if (curve->after[0] <= 0.0) {
    return FAL_OK;
  }

  const double range_db = decay.start_db - decay.noise_db;
  m->has_energy         = true;
  m->range_db           = decay.is_valid ? range_db : 0.0;
  m->edt                = judge(decay_time(curve, 0.0, -10.0),
                                m->range_db >= 10.0 + NOISE_MARGIN_DB, bandwidth_hz);
  m->t20                = judge(decay_time(curve, -5.0, -25.0),
                                m->range_db >= 25.0 + NOISE_MARGIN_DB, bandwidth_hz);
  m->t30                = judge(decay_time(curve, -5.0, -35.0),
                                m->range_db >= 35.0 + NOISE_MARGIN_DB, bandwidth_hz);
  m->curvature          = m->t20.seconds > 0.0 && m->t30.seconds > 0.0
                            ? 100.0 * (m->t30.seconds / m->t20.seconds - 1.0)
                            : 0.0;
  m->c50_db             = clarity_db(curve, 0.05);
  m->c80_db             = clarity_db(curve, 0.08);
  const double ratio    = pow(10.0, m->c50_db / 10.0);
  m->d50                = ratio / (1.0 + ratio);
  return FAL_OK;
}

FalStatus
fal_acoustics_measure(FalMeasures* const measures, uint32_t* const n_measures,
                      const float* const x, const uint32_t n_frames,
                      const uint32_t onset, const double rate_hz)
{
  const uint32_t n_bands = fal_n_bands(rate_hz);
  const uint32_t n       = n_frames - onset;
  FalBands*      bands   = NULL;
  float* const   y       = (float*)malloc(n_frames * sizeof(float));
  Curve curve = {(double*)malloc(((size_t)n + 1U) * sizeof(double)), 0U,
                 rate_hz};

  FalStatus st = y && curve.after ? fal_bands_new(&bands, x, n_frames, rate_hz)
                                  : FAL_ERR_NO_MEM;
  if (!st) {
    st = measure(&measures[0], &curve, x + onset, n, 0.0);
  }
  for (uint32_t b = 0U; !st && b < n_bands; ++b) {
    fal_bands_take(bands, y, b);
    st = measure(&measures[b + 1U], &curve, y + onset, n, fal_band_hz(b));
  }
  if (!st) {
    *n_measures = n_bands + 1U;
  }

  fal_bands_free(bands);
  free(curve.after);
  free(y);
  return st;
}
