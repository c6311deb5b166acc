// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/levelling.h"

#include <float.h>
#include <math.h>

/// What is softer than this, of the mean modulus, stays softer
#define LEAST_LEVEL 1e-3

/// Return how many frames a block has
static uint64_t
frames_in(const uint64_t block, const uint64_t n_frames)
{
  const uint64_t start = block * FAL_LEVELLING_BLOCK;
  return n_frames - start < FAL_LEVELLING_BLOCK ? n_frames - start
                                                : FAL_LEVELLING_BLOCK;
}

void
fal_level_out(float* const x, float* const sums, const uint64_t n_frames,
              const uint64_t reach)
{
  const uint64_t n_blocks =
    (n_frames + FAL_LEVELLING_BLOCK - 1U) / FAL_LEVELLING_BLOCK;
  double all = 0.0;
  for (uint64_t i = 0U; i < n_blocks; ++i) {
    const float* const block = x + i * FAL_LEVELLING_BLOCK;
    const uint64_t     n     = frames_in(i, n_frames);
    sums[i]                  = 0.0f;
    for (uint64_t t = 0U; t < n; ++t) {
      sums[i] += fabsf(block[t]);
    }
    all += (double)sums[i];
  }

  const double   least = LEAST_LEVEL * all / (double)n_frames + (double)FLT_MIN;
  const uint64_t near  = 1U + reach / FAL_LEVELLING_BLOCK;
  uint64_t       first = 0U;
  uint64_t       last  = 0U;
  double         sum   = 0.0;
  for (uint64_t i = 0U; i < n_blocks; ++i) {
    for (; last < n_blocks && last <= i + near; ++last) {
      sum += (double)sums[last];
    }
    for (; first + near < i; ++first) {
      sum -= (double)sums[first];
    }
    const uint64_t n_near = (last - first) * FAL_LEVELLING_BLOCK;
    const float gain = (float)(1.0 / (fmax(sum, 0.0) / (double)n_near + least));
    float* const   block = x + i * FAL_LEVELLING_BLOCK;
    const uint64_t n     = frames_in(i, n_frames);
    for (uint64_t t = 0U; t < n; ++t) {
      block[t] *= gain;
    }
  }
}
