// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file audio.h Whole audio files in memory, read with suspicion

#ifndef FAL_IR_AUDIO_H
#define FAL_IR_AUDIO_H

#include "core/attributes.h"
#include "ir/error.h"
#include "ir/file.h"

#include <stdbool.h>
#include <stdint.h>

/// Most samples, of all channels together, that are held in memory: 1 GiB
#define FAL_AUDIO_MAX_SAMPLES (1U << 28U)

/// Largest magnitude of a sample: +200 dB; beyond it is damage
#define FAL_AUDIO_MAX_LEVEL 1e10F

/// Planar audio
typedef struct {
  float*   samples;    ///< [n_channels][n_frames], full scale 1.0
  uint32_t n_channels; ///< At least 1
  uint32_t n_frames;   ///< At least 1
  double   rate_hz;    ///< Frames a second
} FalAudio;

/**
   Read what is left of an open file.

   The file is untrusted (file.h has looked at its headers only): lengths are
   never believed, and every sample has to be finite.

   @param audio Set on success; fal_audio_clear() frees it.
   @param max_frames More are refused with #FAL_ERR_TOO_LARGE.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_audio_read(FalAudio* audio, FalFile* file,
                                       uint32_t max_frames, FalError* error);

/**
   Resample to another rate; tones keep their level.

   Does nothing if it is the same rate.

   @return #FAL_OK, #FAL_ERR_TOO_LARGE or #FAL_ERR_NO_MEM; the audio is as it
   was then.
*/
FAL_NODISCARD FalStatus fal_audio_resample(FalAudio* audio, double rate_hz);

/// Multiply every sample
void fal_audio_scale(FalAudio* audio, double gain);

/// Free the samples and forget all; a cleared or zeroed struct is fine
void fal_audio_clear(FalAudio* audio);

#endif // FAL_IR_AUDIO_H
