// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/quantise.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Mix all bits into all others (the constants of Wellons' "lowbias32", 2018)
static inline uint32_t
mix(uint32_t n)
{
  n = (n ^ (n >> 16U)) * 0x7FEB352DU;
  n = (n ^ (n >> 15U)) * 0x846CA68BU;
  return n ^ (n >> 16U);
}

/// Round to nearest, ties to even: adding 1.5 * 2^52 leaves no fraction
static inline int32_t
round_to_int(const double v)
{
  const double sum  = v + 0x1.8p52;
  int64_t      word = 0;
  memcpy(&word, &sum, sizeof(word));
  return (int32_t)word;
}

size_t
fal_quantise(int32_t* const restrict q, const float* const restrict x,
             const size_t n_frames, const unsigned bits, const bool dither,
             const uint32_t channel, const uint64_t first)
{
  const double   scale  = (double)(1ULL << (bits - 1U));
  const double   lowest = -scale;
  const double   top    = scale - 1.0;
  const double   width  = dither ? 0x1p-16 : 0.0;
  const uint32_t key =
    mix(channel + 0x9E3779B9U * (1U + (uint32_t)(first >> 32U)));
  const uint32_t start = (uint32_t)first;

  uint32_t n_clipped = 0U;
  for (uint32_t t = 0U; t < (uint32_t)n_frames; ++t) {
    const uint32_t noise = mix((start + t) ^ key);
    const int32_t  between =
      (int32_t)(noise >> 16U) - (int32_t)(noise & 0xFFFFU);
    const double v = (double)x[t] * scale;
    const double d = x[t] == 0.0F ? 0.0 : width * (double)between;
    // Comparisons that are false for what is not a number
    const bool is_inside = v >= lowest && v < top + 0.5;
    n_clipped += is_inside ? 0U : 1U;
    double w = v + d;
    w        = w < top ? w : top;
    w        = w > lowest ? w : lowest;
    q[t]     = round_to_int(v == v ? w : 0.0);
  }
  return n_clipped;
}
