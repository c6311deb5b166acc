// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file metadata.h What a sound file says beside its sound, to be kept

#ifndef FAL_OFFLINE_METADATA_H
#define FAL_OFFLINE_METADATA_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/source.h"

#include <stddef.h>
#include <stdint.h>

/// Kinds of text that libsndfile knows, from SF_STR_FIRST on
#define FAL_METADATA_N_STRINGS 16U

/// Chunks of a WAV, and texts of any format
typedef struct {
  uint8_t* chunks;  ///< One after the other, as they are in the file, padded
  size_t   n_bytes; ///< Of the chunks, even
  char*    strings[FAL_METADATA_N_STRINGS]; ///< Owned; null: not there
} FalMetadata;

/**
   Read what is kept: of a WAV or RF64 file the chunks bext, iXML, axml, cart,
   LIST, cue, smpl and inst; of any file title, artist and the like.

   Pipes have none.

   @param metadata Set on success; fal_metadata_clear() frees it.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_metadata_read(FalMetadata*     metadata,
                                          const FalSource* source,
                                          FalError*        error);

/**
   Correct times for a sound that begins later.

   The time reference of bext grows, cue points and loops come nearer to the
   start, but not before it. So do the times in iXML; a text that cannot be read
   is dropped.

   @param n_frames By how much later the output begins than the recording;
   negative: earlier.
   @param rate_hz Of both.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_metadata_shift(FalMetadata* metadata,
                                           int64_t n_frames, uint32_t rate_hz);

/// Free all; a cleared or zeroed struct is fine
void fal_metadata_clear(FalMetadata* metadata);

#endif // FAL_OFFLINE_METADATA_H
