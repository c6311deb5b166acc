// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file container.h A strict walk over an audio file's headers.

   The list of chunks is followed from the first to the last byte, by this
   module's own arithmetic in 64 bits. Every chunk must lie within the file, and
   the description of the samples must be whole, on the allow-list and within
   the limits. (Decoders have been led into endless loops and past the ends of
   buffers by sizes and counts that nobody had checked.)
*/

#ifndef FAL_IR_CONTAINER_H
#define FAL_IR_CONTAINER_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdint.h>

/// Limits of what is read at all
#define FAL_AUDIO_MAX_CHANNELS 64U
#define FAL_AUDIO_MIN_RATE_HZ 1000U
#define FAL_AUDIO_MAX_RATE_HZ 1536000U

/// Most metadata chunks that are noted
#define FAL_MAX_CHUNKS 32U

/// Which formats are allowed
typedef enum {
  FAL_FORMATS_RESPONSE, ///< Those of impulse responses
  FAL_FORMATS_WIDE      ///< Those of the tool's own inputs: these, and more
} FalFormats;

/// Where a chunk of metadata is
typedef struct {
  char    id[5];   ///< "bext", "iXML", "LIST", "cue " …, terminated
  int64_t start;   ///< Offset of its payload
  int64_t n_bytes; ///< Size of its payload
} FalChunk;

/// What a file says that it is
typedef struct {
  int      format;     ///< Type, subtype and endianness as in SF_INFO
  int      raw_format; ///< The plain numbers as SF_FORMAT_RAW; 0: compressed
  uint32_t n_channels; ///< 1 to #FAL_AUDIO_MAX_CHANNELS
  uint32_t rate_hz;    ///< #FAL_AUDIO_MIN_RATE_HZ to #FAL_AUDIO_MAX_RATE_HZ
  int64_t  n_frames;   ///< Promised, not to be believed; -1 if not said
  int64_t  data_start; ///< Offset of the plain numbers; 0 if compressed
  int64_t  data_bytes; ///< Their size in bytes; the whole file if compressed
  uint32_t n_chunks;   ///< In `chunks`
  FalChunk chunks[FAL_MAX_CHUNKS]; ///< Metadata in the order of the file
} FalContainer;

/**
   Walk over a file.

   @param fd A regular file, read with pread() only.
   @param path For messages.
   @return #FAL_OK, #FAL_ERR_READ, #FAL_ERR_FORMAT (not allowed),
   #FAL_ERR_BAD_DATA (damaged or lying) or #FAL_ERR_TOO_LARGE.
*/
FAL_NODISCARD FalStatus fal_container_walk(FalContainer* container, int fd,
                                           const char* path, FalFormats formats,
                                           FalError* error);

#endif // FAL_IR_CONTAINER_H
