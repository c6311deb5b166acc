// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file wav_output.h What stands around the samples of a WAV of our own

#ifndef FAL_OFFLINE_WAV_OUTPUT_H
#define FAL_OFFLINE_WAV_OUTPUT_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/sound.h"
#include "offline/wav.h"

#include <stdbool.h>
#include <stdint.h>

/// Whether wav.h writes this format, rather than libsndfile
bool fal_wav_output_can(int format);

/**
   Write all up to the first sample.

   @param head Set on success, for fal_wav_output_finish().
   @param sound `n_frames` may be a guess, or unknown.
   @param metadata Its chunks are written; null is fine.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_wav_output_start(FalWavHead*        head,
                                             FalOutput*         output,
                                             const FalSound*    sound,
                                             const FalMetadata* metadata,
                                             FalError*          error);

/**
   Pad the samples, and correct the head if there are others than were told.

   @param n_told The `n_frames` at the start.
   @param n_frames Written.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_wav_output_finish(const FalWavHead* head,
                                              FalOutput*        output,
                                              uint64_t          n_told,
                                              uint64_t          n_frames,
                                              FalError*         error);

#endif // FAL_OFFLINE_WAV_OUTPUT_H
