// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file encoder.h What libsndfile writes, with every write checked

#ifndef FAL_OFFLINE_ENCODER_H
#define FAL_OFFLINE_ENCODER_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/sound.h"

#include <stddef.h>

/// libsndfile on an output
typedef struct FalEncoder FalEncoder;

/**
   Start a file in a format of libsndfile.

   @param encoder Set on success; ended by fal_encoder_close().
   @param output A regular file, used until the end of the encoder.
*/
FAL_NODISCARD FalStatus fal_encoder_open(FalEncoder**    encoder,
                                         FalOutput*      output,
                                         const FalSound* sound,
                                         FalError*       error);

/**
   Say title, artist and the like, before the first sample.

   What the format has no place for is left out.
*/
void fal_encoder_describe(FalEncoder* encoder, const FalMetadata* metadata);

/// Append linear samples in the bytes of the file's encoding
FAL_NODISCARD FalStatus fal_encoder_write_raw(FalEncoder* encoder,
                                              const void* bytes, size_t n_bytes,
                                              FalError* error);

/// Append [n_frames][n_channels] integers, full scale 2^31
FAL_NODISCARD FalStatus fal_encoder_write_ints(FalEncoder* encoder,
                                               const int*  frames,
                                               size_t      n_frames,
                                               FalError*   error);

/// Append [n_frames][n_channels] floats, full scale 1.0
FAL_NODISCARD FalStatus fal_encoder_write_floats(FalEncoder*  encoder,
                                                 const float* frames,
                                                 size_t       n_frames,
                                                 FalError*    error);

/// Finish the file and free the encoder; null is fine
FalStatus fal_encoder_close(FalEncoder* encoder, FalError* error);

#endif // FAL_OFFLINE_ENCODER_H
