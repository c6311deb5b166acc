// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file engine_state.h What is inside an engine

#ifndef FAL_CORE_ENGINE_STATE_H
#define FAL_CORE_ENGINE_STATE_H

#include "core/engine.h"
#include "core/fade.h"
#include "core/kernel_layout.h"
#include "core/level.h"
#include "core/plan.h"
#include "core/simd.h"

#include <stdbool.h>
#include <stdint.h>

/// How far a level has come in an exchange of kernels
typedef struct {
  uint32_t voice;  ///< The one that is heard
  bool     active; ///< The other one is coming
  uint64_t start;  ///< Frame at which it starts to fade in
  FalFade  fade;
} FalExchange;

struct FalEngine {
  // Never changed after setup: kernels are built from these on other threads
  FalEngineConfig config;
  FalPlan         plan;
  const FalFft*   ffts[FAL_MAX_LEVELS];
  const FalSimd*  simd;

  // The audio thread's
  FalLevel    levels[FAL_MAX_LEVELS];
  uint64_t    position; ///< Frames played
  float*      input;    ///< [n_inputs][n_input]: a ring of the last frames
  uint32_t    n_input;  ///< Two blocks of the largest level
  float*      sums[FAL_N_VOICES];  ///< [n_outputs][block]: what level 0 answers
  float*      early[FAL_N_VOICES]; ///< [n_outputs][block]: older blocks' part
  float*      spill;               ///< [block]: an overlap that nobody wants
  float*      gains;               ///< [block]: of a fade
  FalKernel*  kernels[FAL_N_VOICES];
  uint32_t    voice; ///< The present one, until all levels have the other
  FalExchange exchanges[FAL_MAX_LEVELS];
  FalKernel*  retired;
  void*       memory;
};

/// Add what the levels answer to the next frames, fades included
FAL_RT void fal_engine_add_levels(FalEngine* engine, float* const* out,
                                  uint32_t from, uint32_t n_frames);

#endif // FAL_CORE_ENGINE_STATE_H
