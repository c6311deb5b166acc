// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/recipe.h"
#include "ir/factory/response.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/**
   Write as WAV of 32-bit floats; nothing is left if it fails.

   Integers of 24 bits would leave a floor of noise under the tail, and a
   convolver that skips what is silent could not skip it.
*/
static FalStatus
write_wav(const FalResponse* const response, const char* const path)
{
  SF_INFO        info = {.samplerate = (int)FAL_FACTORY_RATE_HZ,
                         .channels   = (int)response->n_channels,
                         .format     = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file) {
    return FAL_ERR_OPEN;
  }

  // The peak chunk holds the time of day
  bool written = sf_command(file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE) == 0;
  for (uint32_t t = 0U; written && t < response->n_frames; ++t) {
    float frame[4] = {0.0F, 0.0F, 0.0F, 0.0F};
    for (uint32_t c = 0U; c < response->n_channels; ++c) {
      frame[c] = (float)fal_response_channel(response, c)[t];
    }
    written = sf_writef_float(file, frame, 1) == 1;
  }
  written = !sf_close(file) && written;
  if (!written) {
    remove(path);
  }
  return written ? FAL_OK : FAL_ERR_WRITE;
}

int
main(const int argc, char** const argv)
{
  const FalRecipe* const recipe = argc == 3 ? fal_recipe_find(argv[1]) : NULL;
  if (!recipe) {
    fprintf(stderr, "Usage: %s RECIPE OUT.wav\n", argv[0]);
    return 2;
  }

  FalResponse response;
  FalStatus   st = fal_recipe_make(&response, recipe);
  if (!st) {
    st = write_wav(&response, argv[2]);
    fal_response_clear(&response);
  }
  if (st) {
    fprintf(stderr, "%s: %s\n", argv[2], fal_strerror(st));
  }
  return st ? 1 : 0;
}
