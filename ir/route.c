// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/ir.h"

#include <stdbool.h>
#include <stddef.h>

/// A full matrix of channels: input-major, or output-major
static uint32_t
matrix_channel(const FalOrder order, const uint32_t i, const uint32_t o,
               const uint32_t n, const uint32_t m)
{
  return order == FAL_ORDER_LL_RL_LR_RR ? o * n + i : i * m + o;
}

/**
   Let a source stand in the middle: a half of what goes from left, and of what
   goes from right, to either side. The channels become two.
*/
static void
centre(FalAudio* const audio, const FalOrder order)
{
  const uint32_t n  = audio->n_frames;
  float* const   ll = audio->samples;
  const float*   rl = ll + matrix_channel(order, 1U, 0U, 2U, 2U) * (size_t)n;
  const float*   lr = ll + matrix_channel(order, 0U, 1U, 2U, 2U) * (size_t)n;
  const float*   rr = ll + 3U * (size_t)n;
  for (uint32_t t = 0U; t < n; ++t) {
    const float left  = 0.5f * (ll[t] + rl[t]);
    const float right = 0.5f * (lr[t] + rr[t]);
    ll[t]             = left;
    ll[n + t]         = right;
  }
  audio->n_channels = 2U;
}

FalStatus
fal_ir_route(FalIr* const ir, const FalOrder order, const uint32_t n_inputs,
             const uint32_t n_outputs, FalRoute* const routes,
             const uint32_t n_routes_max, uint32_t* const n_routes,
             FalError* const error)
{
  const uint32_t n = n_inputs;
  const uint32_t m = n_outputs;
  if (ir->audio.n_channels == 4U && n == 1U && m == 2U) {
    centre(&ir->audio, order);
  }
  const uint32_t c = ir->audio.n_channels;

  const bool is_true_stereo = c == 4U && n == 2U && m == 2U;
  const bool is_fan         = n == 1U;
  const bool is_diagonal    = n == m && (c == 1U || c == n);
  const bool is_matrix      = (uint64_t)c == (uint64_t)n * m;
  const bool is_full        = is_true_stereo || (is_matrix && !is_diagonal);
  if (!n || !m || !(is_fan || is_diagonal || is_full)) {
    return fal_error_set(
      error, FAL_ERR_BAD_ARG,
      "%s: no rule lays %u channels between %u inputs and %u outputs",
      ir->path ? ir->path : "impulse response", c, n, m);
  }

  uint32_t count = 0U;
  for (uint32_t i = 0U; i < n; ++i) {
    for (uint32_t o = 0U; o < m; ++o) {
      uint32_t channel = 0U;
      if (is_fan) {
        channel = o % c;
      } else if (is_full) {
        channel = matrix_channel(order, i, o, n, m);
      } else if (i == o) {
        channel = c == 1U ? 0U : i;
      } else {
        continue;
      }
      if (count == n_routes_max) {
        return fal_error_set(error, FAL_ERR_BAD_ARG,
                             "more routes than there is room for");
      }
      routes[count++] = (FalRoute){
        i,
        o,
        ir->audio.n_frames,
        ir->audio.samples + (size_t)channel * ir->audio.n_frames,
      };
    }
  }
  *n_routes = count;
  return FAL_OK;
}
