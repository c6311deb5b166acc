// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/warp.h"

#include "core/sinc.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/// Rows of the table: steps from one frame to the next
#define N_STEPS 1024U

/// Taps of a row
#define N_TAPS (2U * FAL_WARP_REACH)

/// Sums that are run at a time, so that they can be vectors
#define N_LANES 8U

FalStatus
fal_warp_init(FalWarp* const warp)
{
  float* const taps =
    (float*)malloc((N_STEPS + 1U) * (size_t)N_TAPS * sizeof(float));
  if (!taps) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t i = 0U; i <= N_STEPS; ++i) {
    double row[N_TAPS];
    fal_sinc_taps(row, FAL_WARP_REACH, (double)i / N_STEPS);
    for (uint32_t k = 0U; k < N_TAPS; ++k) {
      taps[(size_t)i * N_TAPS + k] = (float)row[k];
    }
  }
  warp->taps = taps;
  return FAL_OK;
}

void
fal_warp_clear(FalWarp* const warp)
{
  free(warp->taps);
  warp->taps = NULL;
}

/// Sum over the taps between two rows
static float
sum_taps(const float* const row, const float share, const float* const x)
{
  const float* const next         = row + N_TAPS;
  float              sum[N_LANES] = {0.0f};
  for (uint32_t k = 0U; k < N_TAPS; k += N_LANES) {
    for (uint32_t i = 0U; i < N_LANES; ++i) {
      const float tap = row[k + i] + share * (next[k + i] - row[k + i]);
      sum[i] += tap * x[k + i];
    }
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
         ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

void
fal_warp_read(const FalWarp* const warp, float* const y, const uint32_t n,
              const float* const x, const double first, const double step)
{
  for (uint32_t t = 0U; t < n; ++t) {
    const double   place = first + t * step;
    const double   whole = floor(place);
    const double   row   = (place - whole) * N_STEPS;
    const uint32_t i = (uint32_t)row < N_STEPS ? (uint32_t)row : N_STEPS - 1U;
    y[t] = sum_taps(warp->taps + (size_t)i * N_TAPS, (float)(row - i),
                    x + (ptrdiff_t)whole + 1 - (ptrdiff_t)FAL_WARP_REACH);
  }
}
