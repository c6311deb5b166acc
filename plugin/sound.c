// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/sound.h"

#include <stdlib.h>
#include <string.h>

FalSound*
fal_sound_new(const char* const path, const char* const right_path)
{
  FalSound* const sound = (FalSound*)calloc(1U, sizeof(FalSound));
  if (!sound) {
    return NULL;
  }

  sound->path       = strdup(path ? path : "");
  sound->right_path = strdup(right_path ? right_path : "");
  if (!sound->path || !sound->right_path) {
    fal_sound_free(sound);
    return NULL;
  }
  return sound;
}

void
fal_sound_free(FalSound* const sound)
{
  for (FalSound* s = sound; s;) {
    FalSound* const next = s->next;
    fal_kernel_free(s->kernel);
    free(s->path);
    free(s->right_path);
    free(s);
    s = next;
  }
}
