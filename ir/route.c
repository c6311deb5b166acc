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

FalStatus
fal_ir_route(const FalIr* const ir, const FalOrder order,
             const uint32_t n_inputs, const uint32_t n_outputs,
             FalRoute* const routes, const uint32_t n_routes_max,
             uint32_t* const n_routes, FalError* const error)
{
  const uint32_t c = ir->audio.n_channels;
  const uint32_t n = n_inputs;
  const uint32_t m = n_outputs;

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
        channel =
          c == 4U && m == 2U ? matrix_channel(order, 0U, o, 2U, 2U) : o % c;
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
