// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file recording.h A recording that is read piece by piece, in any order

#ifndef FAL_CORE_RECORDING_H
#define FAL_CORE_RECORDING_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/**
   Read frames `start` … `start + n_frames - 1` of a channel into x.

   The frames lie within the recording.
*/
typedef FalStatus (*FalReadFunc)(void* handle, uint32_t channel, float* x,
                                 uint64_t start, uint32_t n_frames);

/// Where samples come from; hours need not be in memory
typedef struct {
  FalReadFunc read;
  void*       handle;     ///< First argument of `read`
  uint32_t    n_channels; ///< At least 1
  uint64_t    n_frames;   ///< At least 1
} FalRecording;

/**
   Describe samples in memory.

   @param channels [n_channels][n_frames], to be kept while the recording is
   used.
*/
FalRecording fal_recording_in_memory(const float* const* channels,
                                     uint32_t n_channels, uint64_t n_frames);

/// A part of a recording
typedef struct {
  FalRecording whole;
  uint64_t     start; ///< Frame of the whole
} FalRecordingPart;

/**
   Describe frames `start` … `end` - 1, as far as they are there.

   @param part Set; to be kept while the recording is used.
   @return With at least one frame, even if none is there.
*/
FalRecording fal_recording_part(FalRecordingPart*   part,
                                const FalRecording* whole, double start,
                                double end);

/**
   Read frames that may lie outside of the recording: those are zero.

   Samples that are not finite become zero too.
*/
FAL_NODISCARD FalStatus fal_recording_read(const FalRecording* recording,
                                           uint32_t channel, float* x,
                                           int64_t start, uint32_t n_frames);

#endif // FAL_CORE_RECORDING_H
