// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file response.h Impulse responses made ready for a recording

#ifndef FAL_OFFLINE_RESPONSE_H
#define FAL_OFFLINE_RESPONSE_H

#include "core/attributes.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/crew.h"
#include "offline/matrix.h"

#include <stdbool.h>
#include <stdint.h>

/// Longest response that is taken, in seconds
#define FAL_RESPONSE_MAX_S 600.0

/// What a recording is to be convolved with
typedef struct {
  const char* const* paths;   ///< [n_paths] files, one after the other
  uint32_t           n_paths; ///< At least 1
  bool     is_matrix;   ///< The first path is a text for fal_matrix_read()
  FalOrder order;       ///< Of the channels of matrices
  uint32_t rate_hz;     ///< The recording's
  uint32_t n_inputs;    ///< The recording's channels
  bool     match_level; ///< Noise keeps its loudness, see ir/loudness.h
  double   wet;         ///< Gain of the responses
  double   dry;         ///< Gain of the recording itself beside them, or 0
  uint32_t n_predelay;  ///< Frames of silence before the responses
} FalResponseRequest;

/// A convolution that is ready to run, once it has been fitted
typedef struct {
  FalMatrix matrix;
  FalCrew*  crew;      ///< Null until it is fitted
  uint32_t  n_longest; ///< Frames of the longest response
  uint32_t  n_onset;   ///< Frames before the direct sound
} FalResponse;

/**
   Load responses, and lay them between channels.

   A file of one channel goes to every channel, of two from a mono recording to
   two outputs, of four through stereo as true stereo; see fal_ir_route(). What
   is not the plain case is said on standard error, and so is resampling.

   @param response Set on success; fal_response_clear() frees it.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_response_make(FalResponse*              response,
                                          const FalResponseRequest* request,
                                          FalError*                 error);

/**
   Make the convolution for a recording, or make it ready again.

   How it is cut in blocks depends on the response and on `n_frames` alone, and
   so does every bit of the result.

   @param n_frames Of the recording; 0 if not known.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_response_fit(FalResponse* response,
                                         uint64_t     n_frames,
                                         FalPrecision precision,
                                         uint32_t     n_threads);

/**
   Everything that the response depends on, in words: equal if equal.

   @return A string for free(), or null if there is no memory.
*/
char* fal_response_key(const FalResponseRequest* request);

/// Free all; a cleared or zeroed struct is fine
void fal_response_clear(FalResponse* response);

#endif // FAL_OFFLINE_RESPONSE_H
