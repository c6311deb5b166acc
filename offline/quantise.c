// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/quantise.h"

#include "offline/quantise_ops.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static const FalQuantiseOps*
ops(void)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    return &fal_quantise_avx2;
  }
#endif
  return &fal_quantise_base;
}

size_t
fal_quantise(int32_t* const restrict q, const float* const restrict x,
             const size_t n_frames, const unsigned bits, const bool dither,
             const uint32_t channel, const uint64_t first)
{
  const uint32_t n = (uint32_t)n_frames;
  if (bits == 32U) {
    return ops()->quantise_32(q, x, n);
  }
  const float    scale = (float)(1UL << (bits - 1U));
  const float    width = dither ? 0x1p-16F : 0.0F;
  const uint32_t key =
    0x9E3779B9U * (1U + channel) + 0x85EBCA6BU * (uint32_t)(first >> 32U);
  return ops()->quantise(q, x, n, scale, width, key, (uint32_t)first);
}

float
fal_peak(const float* const x, const size_t n)
{
  return ops()->peak(x, n);
}
