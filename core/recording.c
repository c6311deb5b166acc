// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/recording.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static FalStatus
read_memory(void* const handle, const uint32_t channel, float* const x,
            const uint64_t start, const uint32_t n_frames)
{
  const float* const* const channels = (const float* const*)handle;

  memcpy(x, channels[channel] + start, n_frames * sizeof(float));
  return FAL_OK;
}

FalRecording
fal_recording_in_memory(const float* const* const channels,
                        const uint32_t n_channels, const uint64_t n_frames)
{
  const FalRecording recording = {read_memory, (void*)(uintptr_t)channels,
                                  n_channels, n_frames};
  return recording;
}

static FalStatus
read_part(void* const handle, const uint32_t channel, float* const x,
          const uint64_t start, const uint32_t n_frames)
{
  const FalRecordingPart* const part = (const FalRecordingPart*)handle;
  return part->whole.read(part->whole.handle, channel, x, part->start + start,
                          n_frames);
}

FalRecording
fal_recording_part(FalRecordingPart* const   part,
                   const FalRecording* const whole, const double start,
                   const double end)
{
  const double last   = (double)whole->n_frames;
  const double from   = fmin(fmax(0.0, round(start)), last - 1.0);
  const double to     = fmax(from + 1.0, fmin(round(end), last));
  *part               = (FalRecordingPart){*whole, (uint64_t)from};
  FalRecording result = *whole;
  result.read         = read_part;
  result.handle       = part;
  result.n_frames     = (uint64_t)(to - from);
  return result;
}

FalStatus
fal_recording_read(const FalRecording* const recording, const uint32_t channel,
                   float* const x, const int64_t start, const uint32_t n_frames)
{
  const int64_t end   = start + (int64_t)n_frames;
  const int64_t total = (int64_t)recording->n_frames;
  const int64_t first = start < 0 ? 0 : start;
  const int64_t last  = end < total ? end : total;
  if (first >= last) {
    memset(x, 0, n_frames * sizeof(float));
    return FAL_OK;
  }

  const size_t before = (size_t)(first - start);
  const size_t within = (size_t)(last - first);
  memset(x, 0, before * sizeof(float));
  memset(x + before + within, 0, (n_frames - before - within) * sizeof(float));

  const FalStatus st = recording->read(recording->handle, channel, x + before,
                                       (uint64_t)first, (uint32_t)within);
  for (size_t t = before; !st && t < before + within; ++t) {
    x[t] = isfinite(x[t]) ? x[t] : 0.0f;
  }
  return st;
}
