// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file planes.h Channels of samples on their way, in single or double
   precision

   What only moves samples (reading, cutting, writing) takes planes, and so does
   not care which of both they are made of.
*/

#ifndef FAL_OFFLINE_PLANES_H
#define FAL_OFFLINE_PLANES_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most channels
#define FAL_PLANES_MAX 256U

/// Pointers to channels, full scale 1.0; the samples belong to others
typedef struct {
  bool is_double;
  union {
    float*  floats[FAL_PLANES_MAX];
    double* doubles[FAL_PLANES_MAX];
  };
} FalPlanes;

/// Take memory for [n_channels][n_frames]; `is_double` is set before
void fal_planes_carve(FalPlanes* planes, FalArena* arena, uint32_t n_channels,
                      size_t n_frames);

/// Channels of floats as planes; they are written if the planes are
FalPlanes fal_planes_of_floats(float* const* planar, uint32_t n_channels);

/// The same channels from a later frame on
FalPlanes fal_planes_from(const FalPlanes* planes, uint32_t n_channels,
                          size_t first);

/// Copy frames between planes of one kind
void fal_planes_copy(const FalPlanes* to, const FalPlanes* from,
                     uint32_t n_channels, size_t n_frames);

/// Silence frames
void fal_planes_clear(const FalPlanes* planes, uint32_t n_channels,
                      size_t n_frames);

/// Multiply by a gain
void fal_planes_scale(const FalPlanes* planes, uint32_t n_channels,
                      size_t n_frames, double gain);

/// Zero what is not finite as a float; how many samples that were
uint64_t fal_planes_clean(const FalPlanes* planes, uint32_t channel,
                          size_t n_frames);

/// The largest magnitude of a channel; not a number is larger than all
float fal_planes_peak(const FalPlanes* planes, uint32_t channel,
                      size_t n_frames);

/// One sample
static inline double
fal_planes_get(const FalPlanes* const planes, const uint32_t channel,
               const size_t t)
{
  return planes->is_double ? planes->doubles[channel][t]
                           : (double)planes->floats[channel][t];
}

/// Set one sample
static inline void
fal_planes_set(const FalPlanes* const planes, const uint32_t channel,
               const size_t t, const double value)
{
  if (planes->is_double) {
    planes->doubles[channel][t] = value;
  } else {
    planes->floats[channel][t] = (float)value;
  }
}

#endif // FAL_OFFLINE_PLANES_H
