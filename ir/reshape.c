// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/reshape.h"

#include "ir/bands.h"
#include "ir/decay.h"
#include "ir/shape.h"

#include <math.h>
#include <stdbool.h>
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

/// One channel at work
typedef struct {
  double    rate_hz;
  uint32_t  onset;
  uint32_t  n_in;  ///< Frames of the response
  uint32_t  n_out; ///< Frames of the result
  FalBands* bands; ///< Of the response, drawn out with silence to `n_out`
  FalBands* noise; ///< Of white noise, or null if no decay is slowed down
  float*    x;     ///< [n_out], a band of the response
  float*    z;     ///< [n_out], a band of the noise
} Channel;

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

/// White noise, uniform from -1 to 1 (xorshift64: Marsaglia 2003)
static void
make_noise(float* const x, const uint32_t n, const uint32_t channel)
{
  uint64_t s = 0x9E3779B97F4A7C15U * (channel + 1U);
  for (uint32_t t = 0U; t < n; ++t) {
    s ^= s << 13U;
    s ^= s >> 7U;
    s ^= s << 17U;
    x[t] = (float)((double)(int64_t)s / 9223372036854775808.0);
  }
}

/// Multiply by an exponential that starts at 1, until it is silence
static void
bend(float* const x, const uint32_t n, const double db_per_frame)
{
  const double ratio = pow(10.0, db_per_frame / 20.0);
  double       gain  = 1.0;
  uint32_t     t     = 0U;
  for (; t < n && gain > SILENCE; ++t) {
    x[t] = (float)(x[t] * gain);
    gain *= ratio;
  }
  memset(x + t, 0, (n - t) * sizeof(float)); // No denormal numbers
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

   @param x [n], the bent band; @param z [n], noise of the band.
   @param fall_db In each frame, of the decay as it is now.
   @param from,to Where they cross over.
*/
static void
go_on(float* const x, const float* const z, const uint32_t n,
      const double start_db, const double fall_db, const double from,
      const double to)
{
  const double power = mean_power(z, n);
  const double ratio = pow(10.0, fall_db / 20.0);
  double gain = power > 0.0 ? sqrt(pow(10.0, start_db / 10.0) / power) : 0.0;
  for (uint32_t t = 0U; t < n; ++t) {
    if (t >= to) {
      x[t] = (float)(z[t] * gain);
    } else if (t >= from) { // Powers add up: the two have nothing in common
      const double u = 0.5 * M_PI * (t - from) / (to - from);
      x[t]           = (float)(x[t] * cos(u) + z[t] * gain * sin(u));
    }
    gain *= ratio;
  }
}

/// Reshape a band of a channel, which is in `x`
static FalStatus
reshape_band(Channel* const channel, const uint32_t band, const double ratio)
{
  float* const   x    = channel->x + channel->onset;
  const uint32_t n_in = channel->n_in - channel->onset;
  const uint32_t n    = channel->n_out - channel->onset;

  FalDecay        decay;
  const FalStatus st = fal_decay_fit(&decay, x, n_in, channel->rate_hz);
  if (st || !decay.is_valid || ratio == 1.0) {
    return st;
  }

  const double fall_db = decay.slope_db_s / channel->rate_hz;
  bend(x, n, fall_db * (1.0 / ratio - 1.0));
  if (ratio > 1.0) {
    const double to   = decay.knee + ABOVE_NOISE_DB / fall_db;
    const double from = fmax(to + CROSSING_DB / fall_db, 0.5 * to);
    fal_bands_take(channel->noise, channel->z, band, FAL_BANDS_SUM);
    go_on(x, channel->z + channel->onset, n, decay.start_db, fall_db / ratio,
          fmax(from, 0.0), fmax(to, 1.0));
  }
  return FAL_OK;
}

/// Reshape one channel into `out`, which is its first buffer too
static FalStatus
reshape_channel(Channel* const channel, float* const out, const uint32_t index,
                const FalDecayRatios* const ratios)
{
  const uint32_t n_bands = fal_n_bands(channel->rate_hz);

  FalStatus st =
    fal_bands_new(&channel->bands, out, channel->n_out, channel->rate_hz);
  if (!st && channel->n_out > channel->n_in) {
    make_noise(channel->z, channel->n_out, index);
    st = fal_bands_new(&channel->noise, channel->z, channel->n_out,
                       channel->rate_hz);
  }
  if (!st && n_bands) {
    memset(out, 0, channel->n_out * sizeof(float));
  }
  for (uint32_t b = 0U; !st && b < n_bands; ++b) {
    fal_bands_take(channel->bands, channel->x, b, FAL_BANDS_SUM);
    st = reshape_band(channel, b, ratio_of(ratios, b));
    for (uint32_t t = 0U; t < channel->n_out; ++t) {
      out[t] += channel->x[t];
    }
  }

  fal_bands_free(channel->bands);
  fal_bands_free(channel->noise);
  channel->bands = NULL;
  channel->noise = NULL;
  return st;
}

FalStatus
fal_reshape_decay(FalAudio* const audio, const FalDecayRatios* const ratios)
{
  const uint32_t n_bands = fal_n_bands(audio->rate_hz);
  double         slowest = 1.0;
  for (uint32_t b = 0U; b < n_bands; ++b) {
    slowest = fmax(slowest, ratio_of(ratios, b));
  }

  const uint32_t onset = fal_shape_onset(audio);
  const double   n     = onset + ceil((audio->n_frames - onset) * slowest);
  if (n * audio->n_channels > FAL_AUDIO_MAX_SAMPLES) {
    return FAL_ERR_TOO_LARGE;
  }
  const uint32_t n_out   = (uint32_t)n;
  Channel        channel = {
           .rate_hz = audio->rate_hz,
           .onset   = onset,
           .n_in    = audio->n_frames,
           .n_out   = n_out,
           .x       = (float*)malloc(n_out * sizeof(float)),
           .z       = (float*)malloc(n_out * sizeof(float)),
  };
  float* samples =
    (float*)calloc((size_t)audio->n_channels * n_out, sizeof(float));

  FalStatus st = channel.x && channel.z && samples ? FAL_OK : FAL_ERR_NO_MEM;
  for (uint32_t c = 0U; !st && c < audio->n_channels; ++c) {
    float* const out = samples + (size_t)c * n_out;
    memcpy(out, audio->samples + (size_t)c * audio->n_frames,
           audio->n_frames * sizeof(float));
    st = reshape_channel(&channel, out, c, ratios);
  }
  if (!st) {
    free(audio->samples);
    audio->samples  = samples;
    audio->n_frames = n_out;
    samples         = NULL; // Now owned by `audio`
  }

  free(samples);
  free(channel.z);
  free(channel.x);
  return st;
}
