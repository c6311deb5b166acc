// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_PLUGIN_SOUND_H
#define FAL_PLUGIN_SOUND_H

#include "core/kernel.h"
#include "plugin/ports.h"

#include <stdint.h>

/**
   The answer to a wish: a response ready to be heard, or why there is none.

   It is made by the loader, travels to the audio thread, and back to be freed.
*/
typedef struct FalSound {
  struct FalSound* next;    ///< In a list of what is to be freed
  FalKernel*       kernel;  ///< Null in a failure, or while the engine has it
  FalSoundStatus   status;  ///< What became of the wish
  uint32_t         serial;  ///< The last wish that this answers
  float            gain_db; ///< What matching levels has applied
  char*            path;    ///< What was wished for
  char* right_path;         ///< Second file of a pair; empty if there is none
} FalSound;

/// Make a sound without a kernel; the paths are copied, null is empty
FalSound* fal_sound_new(const char* path, const char* right_path);

/// Free a list of sounds with their kernels; null is fine
void fal_sound_free(FalSound* sound);

#endif // FAL_PLUGIN_SOUND_H
