// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file tape.h A sound file that is read in any order, at any rate.

   Short ones and pipes are held in memory; of long ones a few blocks are.
*/

#ifndef FAL_OFFLINE_TAPE_H
#define FAL_OFFLINE_TAPE_H

#include "core/attributes.h"
#include "core/recording.h"
#include "ir/error.h"
#include "offline/sound.h"

/// An open recording
typedef struct FalTape FalTape;

/**
   Open a file, or standard input for "-".

   @param tape Set on success; fal_tape_close() ends it.
   @param path Kept by reference.
   @return #FAL_OK, or the status that `error` explains: also if there is not a
   single frame.
*/
FAL_NODISCARD FalStatus fal_tape_open(FalTape** tape, const char* path,
                                      FalError* error);

/// What the file is; `n_frames` is known
const FalSound* fal_tape_sound(const FalTape* tape);

/// The path, or "standard input"
const char* fal_tape_name(const FalTape* tape);

/// Read it at another rate from now on; frames count at that rate
FAL_NODISCARD FalStatus fal_tape_convert(FalTape* tape, double rate_hz,
                                         FalError* error);

/**
   The recording, at the rate it was last converted to.

   A failure to read is explained in the `error` of fal_tape_open(), which has
   to live as long as the tape.
*/
FalRecording fal_tape_recording(FalTape* tape);

/// Close; null is fine
void fal_tape_close(FalTape* tape);

#endif // FAL_OFFLINE_TAPE_H
