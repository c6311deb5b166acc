// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file sound.h What a sound file is: format, channels, rate, length

#ifndef FAL_OFFLINE_SOUND_H
#define FAL_OFFLINE_SOUND_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/samples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A length that nobody knows yet: of a pipe
#define FAL_FRAMES_UNKNOWN UINT64_MAX

/// Description of a sound file
typedef struct {
  int      format; ///< libsndfile's: container | subtype | order of bytes
  uint32_t n_channels;
  uint32_t rate_hz;
  uint64_t n_frames; ///< Or #FAL_FRAMES_UNKNOWN
} FalSound;

/// "wav", "flac", …, of a format
const char* fal_sound_container(int format);

/// "pcm16", "float", "vorbis", …, of a format
const char* fal_sound_subtype(int format);

/// The extension of files of a named container; null for null
const char* fal_sound_extension(const char* container);

/// Whether a path ends in the extension of a sound file
bool fal_sound_is_known(const char* path);

/// How its samples are stored, #FAL_SAMPLE_NONE if not linear
FalEncoding fal_sound_encoding(int format);

/**
   Choose the format of an output.

   The container is the named one, or that of the path's extension, or the
   input's. The subtype is the named one, or the input's where the container can
   hold it, or else the best that it can hold.

   @param format Set on success.
   @param container A name or null.
   @param subtype A name or null.
   @param input The input's, with the channels and the rate of the output.
   @return #FAL_OK, or #FAL_ERR_FORMAT with a sentence.
*/
FAL_NODISCARD FalStatus fal_sound_choose(int* format, const char* path,
                                         const char*     container,
                                         const char*     subtype,
                                         const FalSound* input,
                                         FalError*       error);

#endif // FAL_OFFLINE_SOUND_H
