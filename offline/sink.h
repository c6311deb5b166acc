// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file sink.h Sound into a file or a pipe: the whole of it, or nothing

#ifndef FAL_OFFLINE_SINK_H
#define FAL_OFFLINE_SINK_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/planes.h"
#include "offline/sound.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where sound goes
typedef struct FalSink FalSink;

/// What to make
typedef struct {
  FalOutputRequest   output; ///< Where to, and what may be replaced
  FalSound           sound;  ///< `n_frames` may be a guess: a pipe is told it
  bool               no_dither; ///< Round only
  const FalMetadata* metadata;  ///< To be kept; null is fine
} FalSinkRequest;

/// What has become of the samples
typedef struct {
  uint64_t n_frames;
  uint64_t n_clipped; ///< Samples beyond full scale, limited to it
  float    peak;      ///< Largest magnitude before that
} FalSinkReport;

/**
   Open a file for writing.

   WAV goes to files and pipes, and becomes RF64 by itself where it has to; all
   else is written by libsndfile, to files only.

   @param sink Set on success; ended by fal_sink_commit() or fal_sink_discard().
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_sink_open(FalSink**             sink,
                                      const FalSinkRequest* request,
                                      FalError*             error);

/**
   Append frames.

   @param planar [n_channels][n_frames], full scale 1.0.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_sink_write(FalSink*            sink,
                                       const float* const* planar,
                                       size_t n_frames, FalError* error);

/// As fal_sink_write(), in the precision of the planes
FAL_NODISCARD FalStatus fal_sink_write_planes(FalSink*         sink,
                                              const FalPlanes* planes,
                                              size_t n_frames, FalError* error);

/**
   Finish the file, bring it to the disk and under its name, and free the sink.

   @param report Set on success; null is fine.
   @return #FAL_OK, or the status that `error` explains: nothing is left then.
*/
FAL_NODISCARD FalStatus fal_sink_commit(FalSink* sink, FalSinkReport* report,
                                        FalError* error);

/**
   Finish the file, and free the sink, but leave it to the caller to publish.

   @param output Set on success: for fal_output_commit() and its like.
*/
FAL_NODISCARD FalStatus fal_sink_finish(FalSink* sink, FalOutput** output,
                                        FalError* error);

/// Channels that are written
uint32_t fal_sink_n_channels(const FalSink* sink);

/// What has become of the samples until now
FalSinkReport fal_sink_report(const FalSink* sink);

/// Remove what was written, and free the sink; null is fine
void fal_sink_discard(FalSink* sink);

#endif // FAL_OFFLINE_SINK_H
