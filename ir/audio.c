// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/audio.h"

#include "core/resample.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// Samples that are read at once
#define CHUNK_SAMPLES 65536U

/// A growing buffer of interleaved frames
typedef struct {
  float* samples;
  size_t n;
  size_t capacity;
} Buffer;

static bool
reserve(Buffer* const buffer, const size_t n_more)
{
  if (buffer->n + n_more > buffer->capacity) {
    const size_t wanted = 2U * (buffer->n + n_more);
    float* const grown =
      (float*)realloc(buffer->samples, wanted * sizeof(float));
    if (!grown) {
      return false;
    }
    buffer->samples  = grown;
    buffer->capacity = wanted;
  }
  return true;
}

/// Read to the end, whatever the header says about where that is
static FalStatus
read_to_end(Buffer* const buffer, FalFile* const file,
            const uint32_t max_frames, FalError* const error)
{
  const uint32_t n_channels = file->container.n_channels;
  const uint32_t n_chunk    = CHUNK_SAMPLES / n_channels;
  const size_t   n_most     = (size_t)max_frames * n_channels;
  const size_t   n_limit =
    n_most < FAL_AUDIO_MAX_SAMPLES ? n_most : FAL_AUDIO_MAX_SAMPLES;

  bool is_too_long = file->container.n_frames > (int64_t)(n_limit / n_channels);
  for (uint32_t got = n_chunk; got == n_chunk && !is_too_long;) {
    if (!reserve(buffer, (size_t)n_chunk * n_channels)) {
      return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                           file->path);
    }
    const FalStatus st =
      fal_file_read(file, buffer->samples + buffer->n, n_chunk, &got, error);
    if (st) {
      return st;
    }
    buffer->n += (size_t)got * n_channels;
    is_too_long = buffer->n > n_limit;
  }
  if (is_too_long) {
    return fal_error_set(
      error, FAL_ERR_TOO_LARGE, "%s: longer than %.4g s", file->path,
      (double)n_limit / (double)n_channels / file->container.rate_hz);
  }
  return FAL_OK;
}

/// Lay the channels one after the other; false if a sample is not finite
static bool
part_channels(float* const planar, const float* const frames,
              const size_t n_frames, const size_t n_channels)
{
  assert(frames || !n_frames);
  bool is_sane = true;
  for (size_t c = 0U; c < n_channels; ++c) {
    for (size_t t = 0U; t < n_frames; ++t) {
      const float x            = frames[t * n_channels + c];
      planar[c * n_frames + t] = x;
      is_sane                  = is_sane && fabsf(x) <= FAL_AUDIO_MAX_LEVEL;
    }
  }
  return is_sane;
}

FalStatus
fal_audio_read(FalAudio* const audio, FalFile* const file,
               const uint32_t max_frames, FalError* const error)
{
  const uint32_t n_channels = file->container.n_channels;
  Buffer         buffer     = {NULL, 0U, 0U};
  float*         planar     = NULL;
  size_t         n_frames   = 0U;

  FalStatus st = read_to_end(&buffer, file, max_frames, error);
  if (st) {
    goto done;
  }
  if (!(n_frames = buffer.n / n_channels)) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA, "%s: there are no frames in it",
                       file->path);
    goto done;
  }
  if (!(planar = (float*)malloc(buffer.n * sizeof(float)))) {
    st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", file->path);
    goto done;
  }
  if (!part_channels(planar, buffer.samples, n_frames, n_channels)) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA,
                       "%s: a sample is infinite or not a number", file->path);
    goto done;
  }

  *audio =
    (FalAudio){planar, n_channels, (uint32_t)n_frames, file->container.rate_hz};
  planar = NULL; // Now owned by `audio`

done:
  free(planar);
  free(buffer.samples);
  return st;
}

FalStatus
fal_audio_resample(FalAudio* const audio, const double rate_hz)
{
  if (rate_hz == audio->rate_hz) {
    return FAL_OK;
  }

  const size_t n_frames =
    fal_resampled_frames(audio->n_frames, audio->rate_hz, rate_hz);
  const size_t n_samples = n_frames * audio->n_channels;
  if (!n_frames || n_samples > FAL_AUDIO_MAX_SAMPLES) {
    return FAL_ERR_TOO_LARGE;
  }
  float* const samples = (float*)malloc(n_samples * sizeof(float));
  if (!samples) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t c = 0U; c < audio->n_channels; ++c) {
    const FalStatus st = fal_resample(
      samples + c * n_frames, audio->samples + (size_t)c * audio->n_frames,
      audio->n_frames, audio->rate_hz, rate_hz);
    if (st) {
      free(samples);
      return st;
    }
  }

  free(audio->samples);
  *audio = (FalAudio){samples, audio->n_channels, (uint32_t)n_frames, rate_hz};
  return FAL_OK;
}

void
fal_audio_scale(FalAudio* const audio, const double gain)
{
  const size_t n_samples = (size_t)audio->n_frames * audio->n_channels;
  for (size_t i = 0U; i < n_samples; ++i) {
    audio->samples[i] = (float)(audio->samples[i] * gain);
  }
}

void
fal_audio_clear(FalAudio* const audio)
{
  free(audio->samples);
  *audio = (FalAudio){NULL, 0U, 0U, 0.0};
}
