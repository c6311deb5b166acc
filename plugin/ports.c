// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/ports.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static const FalRange ranges[FAL_N_PORTS] = {
  [FAL_PORT_ENABLED]    = {0.0f, 1.0f, 1.0f},
  [FAL_PORT_DRY]        = {FAL_SILENCE_DB, 12.0f, 0.0f},
  [FAL_PORT_WET]        = {FAL_SILENCE_DB, 12.0f, -12.0f},
  [FAL_PORT_WIDTH]      = {0.0f, 200.0f, 100.0f},
  [FAL_PORT_PREDELAY]   = {0.0f, 500.0f, 0.0f},
  [FAL_PORT_LOW_CUT]    = {20.0f, 2000.0f, 20.0f},
  [FAL_PORT_HIGH_CUT]   = {500.0f, 20000.0f, 20000.0f},
  [FAL_PORT_MATCH]      = {0.0f, 1.0f, 1.0f},
  [FAL_PORT_ONSET]      = {0.0f, 1.0f, 0.0f},
  [FAL_PORT_START]      = {0.0f, 500.0f, 0.0f},
  [FAL_PORT_LENGTH]     = {1.0f, 100.0f, 100.0f},
  [FAL_PORT_FADE_IN]    = {0.0f, 500.0f, 0.0f},
  [FAL_PORT_DECAY]      = {25.0f, 200.0f, 100.0f},
  [FAL_PORT_LOW_DECAY]  = {25.0f, 100.0f, 100.0f},
  [FAL_PORT_HIGH_DECAY] = {25.0f, 100.0f, 100.0f},
  [FAL_PORT_STRETCH]    = {50.0f, 200.0f, 100.0f},
  [FAL_PORT_REVERSE]    = {0.0f, 1.0f, 0.0f},
  [FAL_PORT_ORDER]      = {0.0f, 1.0f, 0.0f},
  [FAL_PORT_SWAP]       = {0.0f, 1.0f, 0.0f},
  [FAL_PORT_FREEWHEEL]  = {0.0f, 1.0f, 0.0f},
};

/// Return whether a plugin has a port: some need two outputs to mean something
FAL_RT static bool
exists(const FalPort port, const uint32_t n_outputs)
{
  const bool is_stereo =
    port == FAL_PORT_WIDTH || port == FAL_PORT_ORDER || port == FAL_PORT_SWAP;
  return n_outputs > 1U || !is_stereo;
}

FAL_RT uint32_t
fal_port_at(const uint32_t index, const uint32_t n_outputs)
{
  uint32_t port = index;
  for (uint32_t p = 0U; p < FAL_N_PORTS && p <= port; ++p) {
    port += exists((FalPort)p, n_outputs) ? 0U : 1U;
  }
  return port;
}

FAL_RT const FalRange*
fal_port_range(const FalPort port)
{
  return &ranges[port];
}

FAL_RT float
fal_port_value(const FalPort port, const float* const value)
{
  const FalRange* const range = &ranges[port];

  if (!value || !isfinite(*value)) {
    return range->def;
  }
  return fminf(fmaxf(*value, range->min), range->max);
}
