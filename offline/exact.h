// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file exact.h A convolution in double precision, between blocks of floats

#ifndef FAL_OFFLINE_EXACT_H
#define FAL_OFFLINE_EXACT_H

#include "core/attributes.h"
#include "core/ola.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

/// A FalOlaDouble with blocks of its own
typedef struct FalExact FalExact;

/// As fal_ola_new()
FAL_NODISCARD FalStatus fal_exact_new(FalExact**          exact,
                                      const FalOlaConfig* config,
                                      const FalRoute*     routes,
                                      uint32_t            n_routes);

/// Free it; null is fine
void fal_exact_free(FalExact* exact);

/// Frames in each block
uint32_t fal_exact_block(const FalExact* exact);

/// Convolve the next block, as fal_ola_process(); the output is rounded once
void fal_exact_process(FalExact* exact, const float* const* in,
                       float* const* out);

/// Forget what was played
void fal_exact_reset(FalExact* exact);

#endif // FAL_OFFLINE_EXACT_H
