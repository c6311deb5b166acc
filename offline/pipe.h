// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file pipe.h The head of a WAV or AU that comes through a pipe

#ifndef FAL_OFFLINE_PIPE_H
#define FAL_OFFLINE_PIPE_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/sound.h"

#include <stddef.h>
#include <stdint.h>

/**
   Read up to the first sample.

   Taken are WAV, RF64 and AU with integers or floating point: what can be read
   without seeking. Writers that do not know the length put 0, 0xFFFFFFFF or
   a number near 2^31 (sox, arecord) in its place; then `n_frames` is
   #FAL_FRAMES_UNKNOWN, and the sound goes on to the end of the pipe.

   @param sound Set on success.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_pipe_read_head(FalSound* sound, int fd,
                                           const char* name, FalError* error);

/**
   Read as much as comes, up to n_bytes.

   @param n_read Set on success; less than n_bytes at the end only.
*/
FAL_NODISCARD FalStatus fal_pipe_read(int fd, void* bytes, size_t n_bytes,
                                      size_t* n_read, const char* name,
                                      FalError* error);

#endif // FAL_OFFLINE_PIPE_H
