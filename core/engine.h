// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file engine.h Convolution in real time, without added latency.

   An engine owns the history of its inputs; a kernel holds the spectra of one
   set of impulse responses. Kernels are built on any thread, travel to the
   audio thread by message, and are exchanged there with a crossfade. Since the
   history is the engine's, a new kernel answers what was played before it came.
*/

#ifndef FAL_CORE_ENGINE_H
#define FAL_CORE_ENGINE_H

#include "core/attributes.h"
#include "core/kernel.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// Most input or output channels of an engine
#define FAL_ENGINE_MAX_CHANNELS 64U

/// Real-time convolution of n inputs to m outputs
typedef struct FalEngine FalEngine;

/// What an engine is made for
typedef struct {
  uint32_t n_inputs;  ///< 1 to #FAL_ENGINE_MAX_CHANNELS
  uint32_t n_outputs; ///< 1 to #FAL_ENGINE_MAX_CHANNELS

  /**
     The number of frames in a typical call, or 0 if unknown.

     Calls of this size are the fastest. Any other size stays correct, and
     without latency.
  */
  uint32_t nominal_block;

  /**
     Length in frames of the longest response expected, at least 1.

     Responses up to this length answer all that was played before they came.
     A longer kernel can be exchanged as well: it brings memory for a longer
     history with it, which fills from then on.
  */
  uint32_t longest;
} FalEngineConfig;

/**
   Make an engine without a kernel: its output is silence.

   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_engine_new(FalEngine**            engine,
                                       const FalEngineConfig* config);

/// Free an engine and the kernels that it holds; null is fine
void fal_engine_free(FalEngine* engine);

/**
   Start to fade from the present kernel to another.

   Before the first frame (after making or resetting the engine) the kernel
   sounds at once. Otherwise each level of partitions fades as soon as the next
   kernel's answer at that level is whole: the first part of the response within
   three blocks, later parts later, in time for nobody to miss them: partitions
   of B frames start 2B frames into the response, and follow after 2B to 3B.
   Both kernels answer the whole history of the input. A fade is a raised cosine
   counted in frames, y = y_old (1 + cos(pi u)) / 2 + y_next (1 - cos(pi u)) / 2
   with u from 0 to 1. All of this is the same whatever the sizes of the calls.

   @param next Made for this engine. Owned by the engine if the call succeeds;
   null fades to silence.
   @param n_fade Length of the fades in frames, 0 for hard changes.
   @return False, and nothing changed, while another exchange is under way or an
   old kernel waits for fal_engine_retired().
*/
FAL_RT FAL_NODISCARD bool fal_engine_exchange(FalEngine* engine,
                                              FalKernel* next, uint32_t n_fade);

/**
   Take back the kernel that an exchange has replaced.

   @return The old kernel, now the caller's, or null if there is none (yet).
*/
FAL_RT FAL_NODISCARD FalKernel* fal_engine_retired(FalEngine* engine);

/// Return whether a call of fal_engine_exchange() would succeed
FAL_RT bool fal_engine_is_settled(const FalEngine* engine);

/**
   Convolve: out[o] = sum over the routes to o of in[i] * ir.

   The first frame of the response to an input frame is in the same place of the
   same call. Input must be finite.

   @param in [n_inputs][n_frames].
   @param out [n_outputs][n_frames], overwritten. Any of them may be any of the
   inputs.
   @param n_frames Any number, also 0.
*/
FAL_RT void fal_engine_process(FalEngine* engine, const float* const* in,
                               float* const* out, uint32_t n_frames);

/**
   Forget the input's history, as if nothing had been played.

   An exchange under way is finished at once. The kernel stays.
*/
FAL_RT void fal_engine_reset(FalEngine* engine);

#endif // FAL_CORE_ENGINE_H
