// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/shape.h"

#include "ir/loudness.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/// The direct sound starts here below the peak: ISO 3382-1:2009, 5.3.3
#define ONSET_RATIO 0.1F

/// Its leading edge is followed back to here below the peak, and no longer
#define EDGE_RATIO 0.01F
#define EDGE_S 0.001

static const double pi = 3.14159265358979323846;

/// The largest magnitude of any channel at a frame
static float
magnitude(const FalAudio* const audio, const size_t t)
{
  float most = 0.0F;
  for (size_t c = 0U; c < audio->n_channels; ++c) {
    const float x = fabsf(audio->samples[c * audio->n_frames + t]);
    most          = x > most ? x : most;
  }
  return most;
}

uint32_t
fal_shape_onset(const FalAudio* const audio)
{
  float peak = 0.0F;
  for (uint32_t t = 0U; t < audio->n_frames; ++t) {
    const float x = magnitude(audio, t);
    peak          = x > peak ? x : peak;
  }
  if (peak == 0.0F) {
    return 0U;
  }

  uint32_t onset = 0U;
  while (magnitude(audio, onset) < ONSET_RATIO * peak) {
    ++onset;
  }
  const uint32_t n_edge = (uint32_t)(EDGE_S * audio->rate_hz);
  for (uint32_t t = 0U; t < n_edge && onset; ++t, --onset) {
    if (magnitude(audio, onset - 1U) < EDGE_RATIO * peak) {
      break;
    }
  }
  return onset;
}

/// Frames in a time, at most `most`
static uint32_t
frames_in(const double time_s, const double rate_hz, const uint32_t most)
{
  const double n = floor(time_s * rate_hz + 0.5);
  return n < most ? (uint32_t)n : most;
}

/// Keep `n_frames` from `start` on
static void
cut(FalAudio* const audio, const uint32_t start, const uint32_t n_frames)
{
  for (size_t c = 0U; c < audio->n_channels; ++c) {
    memmove(audio->samples + c * n_frames,
            audio->samples + c * audio->n_frames + start,
            n_frames * sizeof(float));
  }
  audio->n_frames = n_frames;
}

static void
reverse(float* const x, const size_t n_frames)
{
  for (size_t t = 0U; t < n_frames / 2U; ++t) {
    const float last     = x[n_frames - 1U - t];
    x[n_frames - 1U - t] = x[t];
    x[t]                 = last;
  }
}

/// Fade both ends: a raised cosine that is silent just outside of the response
static void
fade(float* const x, const uint32_t n_frames, const uint32_t n_in,
     const uint32_t n_out)
{
  for (uint32_t t = 0U; t < n_in; ++t) {
    x[t] *= (float)(0.5 - 0.5 * cos(pi * (t + 0.5) / n_in));
  }
  for (uint32_t t = 0U; t < n_out; ++t) {
    x[n_frames - 1U - t] *= (float)(0.5 - 0.5 * cos(pi * (t + 0.5) / n_out));
  }
}

/// The largest magnitude, or the energy of the loudest channel
static double
level_of(const FalAudio* const audio, const FalNormalise normalise)
{
  double most = 0.0;
  for (size_t c = 0U; c < audio->n_channels; ++c) {
    const float* const x      = audio->samples + c * audio->n_frames;
    double             energy = 0.0;
    for (size_t t = 0U; t < audio->n_frames; ++t) {
      energy = normalise == FAL_NORMALISE_PEAK
                 ? fmax(energy, (double)x[t] * x[t])
                 : energy + (double)x[t] * x[t];
    }
    most = fmax(most, energy);
  }
  return sqrt(most);
}

/// The gain of a normalisation; silence stays silence
static FalStatus
find_gain(double* const gain, const FalAudio* const audio,
          const FalNormalise normalise)
{
  double    level = 1.0;
  FalStatus st    = FAL_OK;
  switch (normalise) {
    case FAL_NORMALISE_NONE:
      break;
    case FAL_NORMALISE_PEAK:
    case FAL_NORMALISE_ENERGY:
      level = level_of(audio, normalise);
      break;
    case FAL_NORMALISE_LOUDNESS:
      st = fal_loudness_of_audio(&level, audio);
      break;
  }
  *gain = level > 0.0 ? 1.0 / level : 1.0;
  return st;
}

static bool
is_time(const double time_s)
{
  return isfinite(time_s) && time_s >= 0.0;
}

/// A ratio, or 0 for none
static bool
is_ratio(const double ratio)
{
  return ratio == 0.0 || (ratio >= 0.05 && ratio <= 20.0);
}

/// Make longer or shorter, as if time ran at another speed
static FalStatus
stretch(FalAudio* const audio, const double ratio)
{
  const double    rate_hz = audio->rate_hz;
  const FalStatus st      = fal_audio_resample(audio, rate_hz * ratio);
  if (!st) {
    audio->rate_hz = rate_hz;
    fal_audio_scale(audio, 1.0 / ratio);
  }
  return st;
}

/// Change length and decay
static FalStatus
change_time(FalAudio* const audio, const FalShape* const shape)
{
  const FalDecayRatios ratios = {
    .all  = shape->decay.all > 0.0 ? shape->decay.all : 1.0,
    .low  = shape->decay.low > 0.0 ? shape->decay.low : 1.0,
    .high = shape->decay.high > 0.0 ? shape->decay.high : 1.0,
  };
  FalStatus st = FAL_OK;
  if (shape->stretch > 0.0 && shape->stretch != 1.0) {
    st = stretch(audio, shape->stretch);
  }
  if (!st && (ratios.all != 1.0 || ratios.low != 1.0 || ratios.high != 1.0)) {
    st = fal_reshape_decay(audio, &ratios);
  }
  return st;
}

/// Cut from the start, and from the end; false if nothing would be left
static bool
cut_start(FalAudio* const audio, const FalShape* const shape)
{
  const uint32_t onset  = shape->trim_onset ? fal_shape_onset(audio) : 0U;
  const uint32_t n_rest = audio->n_frames - onset;
  const uint32_t start  = frames_in(shape->start_s, audio->rate_hz, n_rest);
  if (start < n_rest) {
    cut(audio, onset + start, n_rest - start);
  }
  return start < n_rest;
}

static bool
cut_end(FalAudio* const audio, const FalShape* const shape)
{
  const uint32_t n_frames =
    shape->length_s > 0.0
      ? frames_in(shape->length_s, audio->rate_hz, audio->n_frames)
      : audio->n_frames;
  if (n_frames) {
    cut(audio, 0U, n_frames);
  }
  return n_frames;
}

/// Turn round, and fade
static void
change_ends(FalAudio* const audio, const FalShape* const shape)
{
  const uint32_t n     = audio->n_frames;
  const uint32_t n_in  = frames_in(shape->fade_in_s, audio->rate_hz, n);
  const uint32_t n_out = frames_in(shape->fade_out_s, audio->rate_hz, n);
  for (size_t c = 0U; c < audio->n_channels; ++c) {
    float* const x = audio->samples + c * n;
    if (shape->reverse) {
      reverse(x, n);
    }
    fade(x, n, n_in, n_out);
  }
}

FalStatus
fal_shape_apply(FalAudio* const audio, const FalShape* const shape)
{
  if (!is_time(shape->start_s) || !is_time(shape->length_s) ||
      !is_time(shape->fade_in_s) || !is_time(shape->fade_out_s) ||
      !is_ratio(shape->stretch) || !is_ratio(shape->decay.all) ||
      !is_ratio(shape->decay.low) || !is_ratio(shape->decay.high) ||
      !isfinite(shape->gain_db)) {
    return FAL_ERR_BAD_ARG;
  }

  if (!cut_start(audio, shape)) {
    return FAL_ERR_BAD_ARG;
  }
  FalStatus st = change_time(audio, shape);
  if (st) {
    return st;
  }
  if (!cut_end(audio, shape)) {
    return FAL_ERR_BAD_ARG;
  }
  change_ends(audio, shape);

  double gain = 1.0;
  if (!(st = find_gain(&gain, audio, shape->normalise))) {
    gain *= pow(10.0, shape->gain_db / 20.0);
    if (gain != 1.0) {
      fal_audio_scale(audio, gain);
    }
  }
  return st;
}
