// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file kernel_build.h What a kernel is built from, and its spectra

#ifndef FAL_CORE_KERNEL_BUILD_H
#define FAL_CORE_KERNEL_BUILD_H

#include "core/attributes.h"
#include "core/engine.h"
#include "core/engine_state.h"
#include "core/kernel_layout.h"
#include "core/plan.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

/// A sink while it is built: all of its partitions, and what they hold
typedef struct {
  uint32_t n_partitions;
  double*  energies; ///< Of the older ones: [blocks in a group][n_terms][n]
} FalDraft;

/// What a kernel is built from
typedef struct {
  const FalEngine* engine;
  const FalRoute*  routes;
  uint32_t         n_routes;
  uint32_t         n_frames;                        ///< Of the longest
  uint64_t         inputs[FAL_ENGINE_MAX_CHANNELS]; ///< Bit set, per output
  FalDraft         drafts[FAL_MAX_LEVELS][FAL_ENGINE_MAX_CHANNELS]; ///< Sinks
  double           energy;  ///< Of all responses
  double           skipped; ///< Energy that a column of blocks may lose
} FalParts;

/**
   Build the spectra of all levels and sinks, then cut what is not heard.

   @param kernel Its sinks are laid out, without spectra; what was built until
   a failure stays there for fal_kernel_free().
   @return #FAL_OK, #FAL_ERR_BAD_ARG (not finite) or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_kernel_build_spectra(FalKernel* kernel,
                                                 FalParts*  parts,
                                                 double     skip_db);

#endif // FAL_CORE_KERNEL_BUILD_H
