// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/reshape.h"

#include "ir/bands.h"
#include "ir/decay.h"
#include "ir/octaves.h"
#include "ir/shape.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Noise takes over where the decay is as far above the recording's own
#define ABOVE_NOISE_DB 6.0

/// Length of the crossing over, in dB of the decay
#define CROSSING_DB 6.0

/// A gain of -300 dB
#define SILENCE 1e-15

/// After the direct sound, what changes comes in
#define RISE_S 0.001

/// What is at work: the change of a response, apart from the response
typedef struct {
  const FalDecayRatios* ratios;
  double                rate_hz;
  uint32_t              onset;
  uint32_t              n_in;  ///< Frames of the response
  uint32_t              n_out; ///< Frames of the result
  FalOctaves*           in;    ///< The bands of the response
  FalOctaves*           out;   ///< Their changes
  float*                x;     ///< A band of the response
  float*                y;     ///< The same band, reshaped; then its change
} Work;

/// A band of a channel, in samples of its own
typedef struct {
  uint32_t channel;
  uint32_t number;
  uint32_t first; ///< Not before the direct sound
  double   late;  ///< By how much it is after it
  uint32_t n_in;
  uint32_t n_out;
} Band;

/// The ratio of a band
static double
ratio_of(const FalDecayRatios* const ratios, const uint32_t band)
{
  const double octave = (double)band - 4.0; // From 1 kHz
  const double low    = fmin(fmax((-1.0 - octave) / 2.0, 0.0), 1.0);
  const double high   = fmin(fmax(octave / 2.0, 0.0), 1.0);
  const double ratio =
    ratios->all * pow(ratios->low, low) * pow(ratios->high, high);
  return fmin(fmax(ratio, FAL_MIN_DECAY), FAL_MAX_DECAY);
}

/// Multiply by an exponential that is 1 at the direct sound, until it is
/// silence
static void
bend(float* const y, const float* const x, const Band* const band,
     const double db_per_sample)
{
  const double ratio = pow(10.0, db_per_sample / 20.0);
  double       gain  = pow(10.0, db_per_sample * band->late / 20.0);
  uint32_t     t     = band->first;
  for (; t < band->n_in && gain > SILENCE; ++t) {
    y[t] = (float)(x[t] * gain);
    gain *= ratio;
  }
  memset(y + t, 0, (band->n_out - t) * sizeof(float)); // No denormal numbers
}

static double
mean_power(const float* const x, const uint32_t n)
{
  double sum = 0.0;
  for (uint32_t t = 0U; t < n; ++t) {
    sum += (double)x[t] * x[t];
  }
  return sum / n;
}

/**
   Let noise go on where the recording ends in its own.

   @param x [n], the bent band; @param z [period], noise of the band.
   @param start_db,fall_db Level at the start, and change with each sample, of
   the decay as it is now.
   @param from,to Where they cross over.
*/
static void
go_on(float* const x, const uint32_t n, const float* const z,
      const uint32_t period, const double start_db, const double fall_db,
      const double from, const double to)
{
  const double   power = mean_power(z, period);
  const double   ratio = pow(10.0, fall_db / 20.0);
  const uint32_t start = (uint32_t)fmin(ceil(from), n);
  uint32_t       k     = start % period;
  double         gain  = power > 0.0
                           ? sqrt(pow(10.0, (start_db + fall_db * start) / 10.0) / power)
                           : 0.0;
  for (uint32_t t = start; t < n; ++t) {
    const double noise = z[k] * gain;
    if (t >= to) {
      x[t] = (float)noise;
    } else { // Powers add up: the two have nothing in common
      const double u = 0.5 * M_PI * (t - from) / (to - from);
      x[t]           = (float)(x[t] * cos(u) + noise * sin(u));
    }
    gain *= ratio;
    k = k + 1U < period ? k + 1U : 0U;
  }
}

/// Add up what changes in a band
static FalStatus
reshape_band(const Work* const work, const Band* const band)
{
  const uint32_t step    = fal_octaves_step(work->in, band->number);
  const double   rate_hz = work->rate_hz / step;
  const double   ratio   = ratio_of(work->ratios, band->number);
  const uint32_t n_fit   = work->n_in / step;
  float* const   x       = work->x;
  float* const   y       = work->y;
  if (ratio == 1.0 || n_fit <= band->first) {
    return FAL_OK;
  }

  fal_octaves_take(work->in, x, band->number);
  FalDecay        decay;
  const FalStatus st =
    fal_decay_fit(&decay, x + band->first, n_fit - band->first, rate_hz);
  if (st || !decay.is_valid) {
    return st;
  }

  const double fall_db = decay.slope_db_s / rate_hz;
  bend(y, x, band, fall_db * (1.0 / ratio - 1.0));
  if (ratio > 1.0) {
    const double       to   = decay.knee + ABOVE_NOISE_DB / fall_db;
    const double       from = fmax(to + CROSSING_DB / fall_db, 0.5 * to);
    uint32_t           period;
    const float* const z =
      fal_octaves_noise(work->in, band->number,
                        0x9E3779B97F4A7C15U * (band->channel + 1U), &period);
    go_on(y + band->first, band->n_out - band->first, z, period, decay.start_db,
          fall_db / ratio, fmax(from, 0.0), fmax(to, 1.0));
  }

  memset(y, 0, band->first * sizeof(float));
  for (uint32_t t = band->first; t < band->n_in; ++t) {
    y[t] -= x[t];
  }
  fal_octaves_add(work->out, y, band->number);
  return FAL_OK;
}

/// Reshape a channel, in [n_in], into out [n_out], which is silent yet
static FalStatus
reshape_channel(const Work* const work, float* const out, const float* const in,
                const uint32_t channel)
{
  fal_octaves_split(work->in, in);
  fal_octaves_begin(work->out);
  for (uint32_t b = 0U; b < fal_n_bands(work->rate_hz); ++b) {
    const uint32_t  step  = fal_octaves_step(work->in, b);
    const uint32_t  first = (work->onset + step - 1U) / step;
    const Band      band  = {channel,
                             b,
                             first,
                             first - (double)work->onset / step,
                             fal_octaves_samples(work->in, b),
                             fal_octaves_samples(work->out, b)};
    const FalStatus st    = reshape_band(work, &band);
    if (st) {
      return st;
    }
  }

  // Sampled slowly, a change is not quite nothing around the direct sound
  const uint32_t n_rise = (uint32_t)(RISE_S * work->rate_hz) + 1U;
  fal_octaves_join(work->out, out);
  memset(out, 0, work->onset * sizeof(float));
  for (uint32_t t = 0U; t < n_rise && work->onset + t < work->n_out; ++t) {
    out[work->onset + t] *= (float)t / (float)n_rise;
  }
  for (uint32_t t = 0U; t < work->n_in; ++t) {
    out[t] += in[t];
  }
  return FAL_OK;
}

/// Return the frames of the result
static double
count_frames(const FalAudio* const audio, const FalDecayRatios* const ratios,
             const uint32_t onset)
{
  double slowest = 1.0;
  for (uint32_t b = 0U; b < fal_n_bands(audio->rate_hz); ++b) {
    slowest = fmax(slowest, ratio_of(ratios, b));
  }
  return onset + ceil((audio->n_frames - onset) * slowest);
}

FalStatus
fal_reshape_decay(FalAudio* const audio, const FalDecayRatios* const ratios)
{
  const uint32_t onset = fal_shape_onset(audio);
  const double   n     = count_frames(audio, ratios, onset);
  if (!fal_n_bands(audio->rate_hz)) {
    return FAL_OK;
  }
  if (n * audio->n_channels > FAL_AUDIO_MAX_SAMPLES) {
    return FAL_ERR_TOO_LARGE;
  }

  const double rate_hz = audio->rate_hz;
  Work         work    = {.ratios  = ratios,
                          .rate_hz = rate_hz,
                          .onset   = onset,
                          .n_in    = audio->n_frames,
                          .n_out   = (uint32_t)n};
  float*       samples = NULL;
  FalStatus    st      = fal_octaves_new(&work.in, work.n_in, rate_hz);
  if (st || (st = fal_octaves_new(&work.out, work.n_out, rate_hz))) {
    goto done;
  }

  // The last band has a sample a frame, the others have fewer
  const uint32_t n_most =
    fal_octaves_samples(work.out, fal_n_bands(rate_hz) - 1U);
  work.x = (float*)malloc(n_most * sizeof(float));
  work.y = (float*)malloc(n_most * sizeof(float));
  samples =
    (float*)malloc((size_t)audio->n_channels * work.n_out * sizeof(float));
  st = work.x && work.y && samples ? FAL_OK : FAL_ERR_NO_MEM;
  for (uint32_t c = 0U; !st && c < audio->n_channels; ++c) {
    st = reshape_channel(&work, samples + (size_t)c * work.n_out,
                         audio->samples + (size_t)c * work.n_in, c);
  }
  if (!st) {
    free(audio->samples);
    audio->samples  = samples;
    audio->n_frames = work.n_out;
    samples         = NULL; // Now owned by `audio`
  }

done:
  free(samples);
  free(work.x);
  free(work.y);
  fal_octaves_free(work.in);
  fal_octaves_free(work.out);
  return st;
}
