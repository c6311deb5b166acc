// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file source.h Sound from a file or a pipe, in order, read with suspicion

#ifndef FAL_OFFLINE_SOURCE_H
#define FAL_OFFLINE_SOURCE_H

#include "core/attributes.h"
#include "ir/error.h"
#include "ir/file.h"
#include "offline/pick.h"
#include "offline/planes.h"
#include "offline/sound.h"

#include <stddef.h>
#include <stdint.h>

/// Where sound comes from
typedef struct FalSource FalSource;

/**
   Open a file, or standard input for "-".

   @param source Set on success; fal_source_close() ends it.
   @param path Kept by reference.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_source_open(FalSource** source, const char* path,
                                        FalError* error);

/**
   Take some of the channels only, or their mean; before the first frame is
   read.

   @return #FAL_OK, or the status that `error` explains: a channel that is not
   there.
*/
FAL_NODISCARD FalStatus fal_source_pick(FalSource* source, const FalPick* pick,
                                        FalError* error);

/// What it is, with the channels that are taken; `n_frames` is a promise, or
/// #FAL_FRAMES_UNKNOWN
const FalSound* fal_source_sound(const FalSource* source);

/// The open file; null for a pipe
const FalFile* fal_source_file(const FalSource* source);

/// The path, or "standard input"
const char* fal_source_name(const FalSource* source);

/**
   Read the next frames; what is not finite becomes 0, and is counted.

   @param planar [n_channels][n_frames], overwritten.
   @param n_read Set on success; less than n_frames at the end only.
   @return #FAL_OK, or the status that `error` explains: also if a file ends
   before its promise.
*/
FAL_NODISCARD FalStatus fal_source_read(FalSource* source, float* const* planar,
                                        size_t n_frames, size_t* n_read,
                                        FalError* error);

/// As fal_source_read(), in the precision of the planes
FAL_NODISCARD FalStatus fal_source_read_planes(FalSource*       source,
                                               const FalPlanes* planes,
                                               size_t n_frames, size_t* n_read,
                                               FalError* error);

/// Pass over frames; as many as there are
FAL_NODISCARD FalStatus fal_source_skip(FalSource* source, uint64_t n_frames,
                                        FalError* error);

/// Frames that are promised after those read, or #FAL_FRAMES_UNKNOWN
uint64_t fal_source_n_left(const FalSource* source);

/// How many samples were not finite until now
uint64_t fal_source_n_non_finite(const FalSource* source);

/// Close; null is fine
void fal_source_close(FalSource* source);

#endif // FAL_OFFLINE_SOURCE_H
