// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ola.h Streaming convolution by FFT overlap-add, one block size.

   The offline path: n inputs to m outputs, uniform partitions, no latency
   beyond the block that is given. Memory depends on the responses only.
*/

#ifndef FAL_CORE_OLA_H
#define FAL_CORE_OLA_H

#include "core/attributes.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

/// A streaming convolution
typedef struct FalOla FalOla;

/// What it is made for
typedef struct {
  uint32_t n_inputs;  ///< At least 1
  uint32_t n_outputs; ///< At least 1
  uint32_t block;     ///< Power of two, 256 to 2^20, or 0 for the fastest
  uint64_t n_frames;  ///< Length of the stream if known, or 0: only for speed
  uint32_t n_workers; ///< Threads that share a block's work; 0 is 1
} FalOlaConfig;

/**
   The fastest block size, after the model that bench/convolve measures.

   @param n_frames Length of the stream, or 0 if it is long or unknown.
   @param longest Length of the longest response, at least 1.
*/
uint32_t fal_ola_fastest_block(uint64_t n_frames, uint32_t longest);

/**
   Make a streaming convolution.

   Every run on a machine gives the same bits.

   @param routes Read during the call only, with their responses.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_ola_new(FalOla** ola, const FalOlaConfig* config,
                                    const FalRoute* routes, uint32_t n_routes);

/// Free it; null is fine
void fal_ola_free(FalOla* ola);

/// Frames in each call of fal_ola_process()
uint32_t fal_ola_block(const FalOla* ola);

/**
   Convolve the next block.

   The output of a stream of n frames has n + longest response - 1 frames: go on
   with null as input until they are there.

   @param in [n_inputs][block], or null for silence. Finite.
   @param out [n_outputs][block], overwritten; may be the inputs.
*/
void fal_ola_process(FalOla* ola, const float* const* in, float* const* out);

/**
   Begin the next block: as fal_ola_process(), but for several threads.

   Each of the other threads calls fal_ola_help() at any time, also when there
   is nothing to do; the caller calls fal_ola_finish(). The bits of the result
   do not depend on who does what.

   @param in As for fal_ola_process(); both belong to the workers until the
   block is finished.
*/
void fal_ola_start(FalOla* ola, const float* const* in, float* const* out);

/**
   Help with the present block until all of its work is begun.

   @param worker From 1 to n_workers - 1, a different one for each thread.
*/
void fal_ola_help(FalOla* ola, uint32_t worker);

/// Do what is left of the block as worker 0, and wait for the others
void fal_ola_finish(FalOla* ola);

/// Forget what was played
void fal_ola_reset(FalOla* ola);

#endif // FAL_CORE_OLA_H
