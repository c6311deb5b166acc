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

FalStatus
fal_shape_apply(FalAudio* const audio, const FalShape* const shape)
{
  if (!is_time(shape->start_s) || !is_time(shape->length_s) ||
      !is_time(shape->fade_in_s) || !is_time(shape->fade_out_s) ||
      !isfinite(shape->gain_db)) {
    return FAL_ERR_BAD_ARG;
  }

  const double   rate_hz = audio->rate_hz;
  const uint32_t onset   = shape->trim_onset ? fal_shape_onset(audio) : 0U;
  const uint32_t n_rest  = audio->n_frames - onset;
  const uint32_t start   = frames_in(shape->start_s, rate_hz, n_rest);
  const uint32_t n_kept =
    shape->length_s > 0.0 ? frames_in(shape->length_s, rate_hz, n_rest - start)
                          : n_rest - start;
  if (!n_kept) {
    return FAL_ERR_BAD_ARG;
  }
  cut(audio, onset + start, n_kept);

  const uint32_t n_in  = frames_in(shape->fade_in_s, rate_hz, n_kept);
  const uint32_t n_out = frames_in(shape->fade_out_s, rate_hz, n_kept);
  for (size_t c = 0U; c < audio->n_channels; ++c) {
    float* const x = audio->samples + c * n_kept;
    if (shape->reverse) {
      reverse(x, n_kept);
    }
    fade(x, n_kept, n_in, n_out);
  }

  double          gain = 1.0;
  const FalStatus st   = find_gain(&gain, audio, shape->normalise);
  if (!st) {
    gain *= pow(10.0, shape->gain_db / 20.0);
    if (gain != 1.0) {
      fal_audio_scale(audio, gain);
    }
  }
  return st;
}
