// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola_routes.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

bool
fal_ola_routes_are_valid(const FalOlaConfig* const config,
                         const FalRoute* const routes, const uint32_t n_routes)
{
  if (!config->n_inputs || !config->n_outputs || (n_routes && !routes)) {
    return false;
  }
  for (uint32_t i = 0U; i < n_routes; ++i) {
    if (routes[i].input >= config->n_inputs ||
        routes[i].output >= config->n_outputs || !routes[i].n_frames ||
        !routes[i].ir) {
      return false;
    }
    for (uint32_t t = 0U; t < routes[i].n_frames; ++t) {
      if (!isfinite(routes[i].ir[t])) {
        return false;
      }
    }
  }
  return true;
}

uint32_t
fal_ola_longest_between(const FalRoute* const routes, const uint32_t n_routes,
                        const uint32_t input, const uint32_t output)
{
  uint32_t longest = 0U;
  for (uint32_t i = 0U; i < n_routes; ++i) {
    if (routes[i].input == input && routes[i].output == output &&
        routes[i].n_frames > longest) {
      longest = routes[i].n_frames;
    }
  }
  return longest;
}

uint32_t
fal_ola_longest(const FalRoute* const routes, const uint32_t n_routes)
{
  uint32_t longest = 1U;
  for (uint32_t i = 0U; i < n_routes; ++i) {
    longest = longest > routes[i].n_frames ? longest : routes[i].n_frames;
  }
  return longest;
}
