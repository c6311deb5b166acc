// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file file.h Audio files opened for reading, with suspicion.

   A file is opened without waiting for anybody (no FIFO, device, directory or
   socket gets further than fstat()), and its container is walked (container.h)
   before libsndfile sees it. Where the samples are plain numbers libsndfile is
   given the samples alone, so that no header reaches its parsers: a `LIST`
   chunk of 97 bytes makes libsndfile 1.2.0 loop for ever.
*/

#ifndef FAL_IR_FILE_H
#define FAL_IR_FILE_H

#include "core/attributes.h"
#include "ir/container.h"
#include "ir/error.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/// An open file
typedef struct {
  SNDFILE*     handle;    ///< For sf_readf_*() and sf_seek()
  int          fd;        ///< For fstat(); do not read or close
  FalContainer container; ///< Format, channels, rate and length
  const char*  path;      ///< As it was given; the caller's
  int64_t      position; ///< Of libsndfile, in bytes from the start of the data
  int64_t      n_frames_read; ///< By fal_file_read()
  bool         failed;        ///< The system could not read
} FalFile;

/**
   Open a file.

   Formats: #FAL_FORMATS_RESPONSE takes WAV, WAVEX, RIFX, RF64, W64, AIFF, AIFC
   and CAF with integers of 8 to 32 bits or floating point, FLAC, and Ogg with
   Vorbis or Opus. #FAL_FORMATS_WIDE takes AU, mu-law and A-law as well.
   Metadata are where `container.chunks` says; read them with pread().

   @param file Set on success; fal_file_close() ends it.
   @param path Kept by reference.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_file_open(FalFile** file, const char* path,
                                      FalFormats formats, FalError* error);

/**
   Open what is open already, such as standard input.

   @param fd A regular file, opened for reading; read with pread() from its
   start. Closed by fal_file_close(), and on failure.
   @param name For messages.
*/
FAL_NODISCARD FalStatus fal_file_open_fd(FalFile** file, int fd,
                                         const char* name, FalFormats formats,
                                         FalError* error);

/**
   Read the next frames.

   The end of the file is where fewer frames come than were asked for. A file
   that ends before the frames that its header promises is #FAL_ERR_BAD_DATA.
   Samples may be infinite or not a number: it is for the caller to look.

   @param frames [n_frames][n_channels], interleaved, full scale 1.0.
   @param n_read Set on success.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_file_read(FalFile* file, float* frames,
                                      uint32_t n_frames, uint32_t* n_read,
                                      FalError* error);

/// What the hash of nothing is
#define FAL_HASH_START 0xCBF29CE484222325U

/**
   Go on with a hash over the file's content, start to end: FNV-1a, 64 bits.

   @param hash #FAL_HASH_START, or the hash of what comes before.
   @param n_bytes Increased by the size of the file.
*/
FAL_NODISCARD FalStatus fal_file_hash(const FalFile* file, uint64_t* hash,
                                      uint64_t* n_bytes, FalError* error);

/// Close; null is fine
void fal_file_close(FalFile* file);

#endif // FAL_IR_FILE_H
