// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file quantise_ops.c The loops of quantise.c, compiled for several
/// processors

#include "offline/quantise_ops.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__has_builtin)
#if __has_builtin(__builtin_irintf)
#define ROUND(x) __builtin_irintf(x) // Which gcc makes a vector of
#endif
#endif
#ifndef ROUND
#define ROUND(x) ((int32_t)lrintf(x))
#endif

/// Mix all bits into all others (the constants of Wellons' "lowbias32", 2018)
static inline uint32_t
mix(uint32_t n)
{
  n = (n ^ (n >> 16U)) * 0x7FEB352DU;
  n = (n ^ (n >> 15U)) * 0x846CA68BU;
  return n ^ (n >> 16U);
}

static uint32_t
quantise(int32_t* const restrict q, const float* const restrict x,
         const uint32_t n_frames, const float scale, const float width,
         const uint32_t key, const uint32_t start)
{
  const float top       = scale - 1.0F;
  uint32_t    n_clipped = 0U;
  for (uint32_t t = 0U; t < n_frames; ++t) {
    const uint32_t noise = mix((start + t) ^ key);
    const int32_t  between =
      (int32_t)(noise >> 16U) - (int32_t)(noise & 0xFFFFU);
    const float d = width * (float)between;
    const float v = x[t] * scale; // Exact: a power of two
    float       w = v + (x[t] == 0.0F ? 0.0F : d);
    n_clipped += v >= -scale && v <= top ? 0U : 1U;
    w    = w < top ? w : top;
    w    = w > -scale ? w : -scale;
    q[t] = ROUND(v == v ? w : 0.0F);
  }
  return n_clipped;
}

/// 32 bits do not fit into the numbers of float
static uint32_t
quantise_32(int32_t* const restrict q, const float* const restrict x,
            const uint32_t n_frames)
{
  uint32_t n_clipped = 0U;
  for (uint32_t t = 0U; t < n_frames; ++t) {
    const double v         = (double)x[t] * 0x1p31;
    const bool   is_inside = v >= -0x1p31 && v < 0x1p31; // Not if not a number
    n_clipped += is_inside ? 0U : 1U;
    q[t] = is_inside ? (int32_t)v
           : v > 0.0 ? INT32_MAX
           : v < 0.0 ? INT32_MIN
                     : 0;
  }
  return n_clipped;
}

/// Magnitudes compare as the integers that their bits are
static float
peak(const float* const x, const size_t n)
{
  int32_t most = 0;
  for (size_t t = 0U; t < n; ++t) {
    int32_t bits = 0;
    memcpy(&bits, &x[t], sizeof(bits));
    bits &= 0x7FFFFFFF;
    most = bits > most ? bits : most;
  }
  float magnitude = 0.0F;
  memcpy(&magnitude, &most, sizeof(magnitude));
  return magnitude;
}

const FalQuantiseOps FAL_QUANTISE_OPS = {quantise, quantise_32, peak};
