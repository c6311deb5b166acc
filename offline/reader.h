// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file reader.h Samples out of the bytes of a file or of a pipe

#ifndef FAL_OFFLINE_READER_H
#define FAL_OFFLINE_READER_H

#include "core/attributes.h"
#include "ir/error.h"
#include "ir/file.h"
#include "offline/planes.h"
#include "offline/sound.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most frames that are read at once
#define FAL_READER_FRAMES 16384U

/// An open file or pipe
typedef struct FalReader FalReader;

/**
   Open a file, or standard input for "-".

   @param reader Set on success; fal_reader_close() ends it.
   @param path Kept by reference.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_reader_open(FalReader** reader, const char* path,
                                        FalError* error);

/// What it is
const FalSound* fal_reader_sound(const FalReader* reader);

/// The open file; null for a pipe
const FalFile* fal_reader_file(const FalReader* reader);

/// The path, or "standard input"
const char* fal_reader_name(const FalReader* reader);

/// Whether samples may be other than numbers from -1 to 1
bool fal_reader_may_be_odd(const FalReader* reader);

/**
   Read the next frames.

   @param planes [n_channels][n_frames], overwritten.
   @param n_frames At most #FAL_READER_FRAMES.
   @param n_read Set on success; less than n_frames at the end only.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_reader_read(FalReader*       reader,
                                        const FalPlanes* planes,
                                        size_t n_frames, size_t* n_read,
                                        FalError* error);

/// Pass over frames that are there; false if they have to be read
bool fal_reader_skip(FalReader* reader, uint64_t n_frames);

/// Go on with a frame; #FAL_ERR_READ if only what follows can be read
FAL_NODISCARD FalStatus fal_reader_seek(FalReader* reader, uint64_t frame,
                                        FalError* error);

/// Close; null is fine
void fal_reader_close(FalReader* reader);

#endif // FAL_OFFLINE_READER_H
