// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file engine_state.h What is inside an engine

#ifndef FAL_CORE_ENGINE_STATE_H
#define FAL_CORE_ENGINE_STATE_H

#include "core/engine.h"
#include "core/kernel_layout.h"
#include "core/level.h"
#include "core/plan.h"
#include "core/simd.h"

#include <stdbool.h>
#include <stdint.h>

/// An exchange of kernels under way: from the present voice to the other
typedef struct {
  bool active;
  uint64_t start;  ///< Frame at which the fade starts
  uint32_t n_fade; ///< Its length in frames
  double turn[2];  ///< exp(i pi u) at the next frame of the fade
  double step[2];  ///< What a frame multiplies it by
} FalExchange;

struct FalEngine {
  // Never changed after setup: kernels are built from these on other threads
  FalEngineConfig config;
  FalPlan plan;
  const FalFft* ffts[FAL_MAX_LEVELS];
  const FalSimd* simd;

  // The audio thread's
  FalLevel levels[FAL_MAX_LEVELS];
  uint64_t position;         ///< Frames played
  float* input;              ///< [n_inputs][n_input]: a ring of the last frames
  uint32_t n_input;          ///< Two blocks of the largest level
  float* sums[FAL_N_VOICES]; ///< [n_outputs][block]: what is to be heard
  float* early[FAL_N_VOICES]; ///< [n_outputs][block]: older blocks' part
  float* spill;               ///< [block]: an overlap that nobody wants
  FalKernel* kernels[FAL_N_VOICES];
  uint32_t voice; ///< The present one
  FalExchange exchange;
  FalKernel* retired;
  void* memory;
};

#endif // FAL_CORE_ENGINE_STATE_H
