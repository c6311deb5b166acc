// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/ports.h"

#include <math.h>
#include <stddef.h>

static const FalRange ranges[FAL_N_PORTS] = {
  [FAL_PORT_ENABLED]   = {0.0f, 1.0f, 1.0f},
  [FAL_PORT_FREEWHEEL] = {0.0f, 1.0f, 0.0f},
  [FAL_PORT_DRY]       = {FAL_SILENCE_DB, 12.0f, 0.0f},
  [FAL_PORT_WET]       = {FAL_SILENCE_DB, 12.0f, -12.0f},
};

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
