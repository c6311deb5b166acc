// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file audio.h Whole audio files in memory, read with suspicion

#ifndef FAL_IR_AUDIO_H
#define FAL_IR_AUDIO_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdbool.h>
#include <stdint.h>

/// Limits of what is read as an impulse response
#define FAL_AUDIO_MAX_CHANNELS 64U
#define FAL_AUDIO_MIN_RATE_HZ 1000.0
#define FAL_AUDIO_MAX_RATE_HZ 1536000.0

/// Planar audio
typedef struct {
  float* samples;      ///< [n_channels][n_frames], full scale 1.0
  uint32_t n_channels; ///< At least 1
  uint32_t n_frames;   ///< At least 1
  double rate_hz;      ///< Frames a second
} FalAudio;

/**
   Read a whole file.

   The file is untrusted: regular files only, formats on an allow-list, headers
   walked before libsndfile sees them, lengths never believed, every sample
   finite.

   @param audio Set on success; fal_audio_clear() frees it.
   @param max_frames More are refused with #FAL_ERR_TOO_LARGE.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_audio_read(FalAudio* audio, const char* path,
                                       uint32_t max_frames, FalError* error);

/// Resample to another rate; tones keep their level; does nothing if it is the
/// same
FAL_NODISCARD FalStatus fal_audio_resample(FalAudio* audio, double rate_hz);

/// Free the samples and forget all; a cleared or zeroed struct is fine
void fal_audio_clear(FalAudio* audio);

#endif // FAL_IR_AUDIO_H
