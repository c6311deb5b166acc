// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file stream.h A source through a convolution, block by block

#ifndef FAL_OFFLINE_STREAM_H
#define FAL_OFFLINE_STREAM_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/crew.h"
#include "offline/planes.h"
#include "offline/progress.h"
#include "offline/source.h"

#include <stddef.h>
#include <stdint.h>

/// Take frames of the result; they may be changed in place
typedef FalStatus (*FalConsume)(void* handle, const FalPlanes* planes,
                                size_t n_frames, FalError* error);

/// What is read, and which part of the result is written
typedef struct {
  FalSource* source;
  uint32_t   n_inputs;  ///< Channels of the source
  uint32_t   n_outputs; ///< Channels of the result
  uint64_t   n_in;      ///< Most frames that are read from the source
  uint32_t   n_tail;    ///< Frames of the longest response, less one
  int64_t    first;     ///< Frame of the full result that is written first;
                        ///< before 0 there is silence
  uint64_t n_out;       ///< Frames that are written; #FAL_FRAMES_UNKNOWN: up to
                        ///< the end of the tail
  FalProgress* progress; ///< Told of the frames read; null is fine
  FalConsume   consume;  ///< Takes the result
  void*        handle;   ///< Given to `consume`
} FalStream;

/**
   Read, convolve and write all of it.

   While one block is transformed, the one before is written, and the next
   is read. Memory is that of the crew and of two blocks.

   @param n_read Set on success: frames read.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_stream_run(const FalStream* stream, FalCrew* crew,
                                       uint64_t* n_read, FalError* error);

#endif // FAL_OFFLINE_STREAM_H
