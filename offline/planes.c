// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/planes.h"

#include "core/arena.h"
#include "offline/quantise.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void
fal_planes_carve(FalPlanes* const planes, FalArena* const arena,
                 const uint32_t n_channels, const size_t n_frames)
{
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (planes->is_double) {
      planes->doubles[c] =
        (double*)fal_arena_carve(arena, n_frames * sizeof(double));
    } else {
      planes->floats[c] = fal_arena_floats(arena, n_frames);
    }
  }
}

FalPlanes
fal_planes_of_floats(float* const* const planar, const uint32_t n_channels)
{
  FalPlanes planes = {.is_double = false};
  for (uint32_t c = 0U; c < n_channels; ++c) {
    planes.floats[c] = planar[c];
  }
  return planes;
}

FalPlanes
fal_planes_from(const FalPlanes* const planes, const uint32_t n_channels,
                const size_t first)
{
  FalPlanes later = {.is_double = planes->is_double};
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (planes->is_double) {
      later.doubles[c] = planes->doubles[c] + first;
    } else {
      later.floats[c] = planes->floats[c] + first;
    }
  }
  return later;
}

void
fal_planes_copy(const FalPlanes* const to, const FalPlanes* const from,
                const uint32_t n_channels, const size_t n_frames)
{
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (to->is_double) {
      memcpy(to->doubles[c], from->doubles[c], n_frames * sizeof(double));
    } else {
      memcpy(to->floats[c], from->floats[c], n_frames * sizeof(float));
    }
  }
}

void
fal_planes_clear(const FalPlanes* const planes, const uint32_t n_channels,
                 const size_t n_frames)
{
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (planes->is_double) {
      memset(planes->doubles[c], 0, n_frames * sizeof(double));
    } else {
      memset(planes->floats[c], 0, n_frames * sizeof(float));
    }
  }
}

void
fal_planes_scale(const FalPlanes* const planes, const uint32_t n_channels,
                 const size_t n_frames, const double gain)
{
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (planes->is_double) {
      for (size_t t = 0U; t < n_frames; ++t) {
        planes->doubles[c][t] *= gain;
      }
    } else {
      float* const x = planes->floats[c];
      for (size_t t = 0U; t < n_frames; ++t) {
        x[t] *= (float)gain;
      }
    }
  }
}

uint64_t
fal_planes_clean(const FalPlanes* const planes, const uint32_t channel,
                 const size_t n_frames)
{
  uint64_t n_bad = 0U;
  for (size_t t = 0U; planes->is_double && t < n_frames; ++t) {
    double* const x      = &planes->doubles[channel][t];
    const bool    is_bad = !(fabs(*x) <= (double)FLT_MAX);
    n_bad += is_bad ? 1U : 0U;
    *x = is_bad ? 0.0 : *x;
  }
  for (size_t t = 0U; !planes->is_double && t < n_frames; ++t) {
    float* const x      = &planes->floats[channel][t];
    const bool   is_bad = !(fabsf(*x) <= FLT_MAX);
    n_bad += is_bad ? 1U : 0U;
    *x = is_bad ? 0.0F : *x;
  }
  return n_bad;
}

float
fal_planes_peak(const FalPlanes* const planes, const uint32_t channel,
                const size_t n_frames)
{
  if (!planes->is_double) {
    return fal_peak(planes->floats[channel], n_frames);
  }
  double most = 0.0;
  for (size_t t = 0U; t < n_frames; ++t) {
    const double x = fabs(planes->doubles[channel][t]);
    most           = x <= most ? most : x;
  }
  return (float)most;
}
