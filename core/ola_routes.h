// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ola_routes.h Questions about the routes of an overlap-add convolution

#ifndef FAL_CORE_OLA_ROUTES_H
#define FAL_CORE_OLA_ROUTES_H

#include "core/ola.h"
#include "core/route.h"

#include <stdbool.h>
#include <stdint.h>

/// Whether the contract of fal_ola_new() is kept
bool fal_ola_routes_are_valid(const FalOlaConfig* config,
                              const FalRoute* routes, uint32_t n_routes);

/// The longest response, at least 1
uint32_t fal_ola_longest(const FalRoute* routes, uint32_t n_routes);

/// The longest response between two channels, 0 if there is none
uint32_t fal_ola_longest_between(const FalRoute* routes, uint32_t n_routes,
                                 uint32_t input, uint32_t output);

/// Partitions of a response
static inline uint32_t
fal_ola_n_partitions(const uint32_t n_frames, const uint32_t block)
{
  return n_frames / block + (n_frames % block != 0U);
}

#endif // FAL_CORE_OLA_ROUTES_H
