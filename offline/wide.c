// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/wide.h"

#include "offline/planes.h"
#include "offline/samples.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Frames that are narrowed at once
#define PIECE 64U

/// Load a number of n bytes, whichever end comes first
static uint64_t
load(const uint8_t* const s, const size_t n, const bool big_endian)
{
  uint64_t value = 0U;
  for (size_t b = 0U; b < n; ++b) {
    value |= (uint64_t)s[b] << (8U * (big_endian ? n - 1U - b : b));
  }
  return value;
}

static void
store(uint8_t* const s, const size_t n, const bool big_endian,
      const uint64_t value)
{
  for (size_t b = 0U; b < n; ++b) {
    s[b] = (uint8_t)(value >> (8U * (big_endian ? n - 1U - b : b)));
  }
}

static bool
is_wide(const FalSampleType type)
{
  return type == FAL_SAMPLE_F64 || type == FAL_SAMPLE_S32;
}

static double
load_wide(const uint8_t* const s, const FalEncoding encoding)
{
  if (encoding.type == FAL_SAMPLE_S32) {
    return (double)(int32_t)(uint32_t)load(s, 4U, encoding.big_endian) *
           0x1p-31;
  }
  const uint64_t bits  = load(s, 8U, encoding.big_endian);
  double         value = 0.0;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static void
store_wide(uint8_t* const s, const double value, const FalEncoding encoding,
           FalQuantiser* const quantiser)
{
  if (encoding.type == FAL_SAMPLE_S32) {
    const double  scaled    = nearbyint(value * 0x1p31);
    const bool    is_inside = scaled >= -0x1p31 && scaled < 0x1p31;
    const int32_t q         = is_inside      ? (int32_t)scaled
                              : scaled > 0.0 ? INT32_MAX
                              : scaled < 0.0 ? INT32_MIN
                                             : 0;
    quantiser->n_clipped += is_inside ? 0U : 1U;
    store(s, 4U, encoding.big_endian, (uint32_t)q);
    return;
  }
  uint64_t bits = 0U;
  memcpy(&bits, &value, sizeof(bits));
  store(s, 8U, encoding.big_endian, bits);
}

void
fal_wide_decode(double* const* const planar, const void* const bytes,
                const FalEncoding encoding, const uint32_t n_channels,
                const size_t n_frames)
{
  const size_t         size = fal_samples_bytes(encoding.type);
  const uint8_t* const s    = (const uint8_t*)bytes;
  for (size_t t = 0U; is_wide(encoding.type) && t < n_frames; ++t) {
    for (uint32_t c = 0U; c < n_channels; ++c) {
      planar[c][t] = load_wide(s + (t * n_channels + c) * size, encoding);
    }
  }
  // The others fit into floats
  float  piece[FAL_PLANES_MAX][PIECE];
  float* narrow[FAL_PLANES_MAX];
  for (uint32_t c = 0U; c < n_channels; ++c) {
    narrow[c] = piece[c];
  }
  for (size_t t = 0U; !is_wide(encoding.type) && t < n_frames; t += PIECE) {
    const size_t n = n_frames - t < PIECE ? n_frames - t : PIECE;
    fal_samples_decode(narrow, s + t * n_channels * size, encoding, n_channels,
                       n);
    for (uint32_t c = 0U; c < n_channels; ++c) {
      for (size_t k = 0U; k < n; ++k) {
        planar[c][t + k] = (double)piece[c][k];
      }
    }
  }
}

void
fal_wide_encode(void* const bytes, double* const* const planar,
                const FalEncoding encoding, const uint32_t n_channels,
                const size_t n_frames, FalQuantiser* const quantiser)
{
  const size_t   size = fal_samples_bytes(encoding.type);
  uint8_t* const s    = (uint8_t*)bytes;
  if (is_wide(encoding.type)) {
    for (size_t t = 0U; t < n_frames; ++t) {
      for (uint32_t c = 0U; c < n_channels; ++c) {
        store_wide(s + (t * n_channels + c) * size, planar[c][t], encoding,
                   quantiser);
      }
    }
    quantiser->n_frames += n_frames;
    return;
  }
  float        piece[FAL_PLANES_MAX][PIECE];
  const float* narrow[FAL_PLANES_MAX];
  for (uint32_t c = 0U; c < n_channels; ++c) {
    narrow[c] = piece[c];
  }
  for (size_t t = 0U; t < n_frames; t += PIECE) {
    const size_t n = n_frames - t < PIECE ? n_frames - t : PIECE;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      for (size_t k = 0U; k < n; ++k) {
        piece[c][k] = (float)planar[c][t + k];
      }
    }
    fal_samples_encode(s + t * n_channels * size, narrow, encoding, n_channels,
                       n, quantiser);
  }
}
