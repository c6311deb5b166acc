// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/random.h"
#include "ir/factory/recipe.h"
#include "ir/factory/response.h"

#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/// Write as WAV of 24 bits; nothing is left if it fails
static FalStatus
write_wav(const FalResponse* const response, const char* const path)
{
  const uint32_t n_channels = response->n_channels;
  int* const     frames =
    calloc((size_t)n_channels * response->n_frames, sizeof(*frames));
  if (!frames) {
    return FAL_ERR_NO_MEM;
  }

  for (uint32_t c = 0U; c < n_channels; ++c) {
    const double* const samples = fal_response_channel(response, c);
    for (uint32_t t = 0U; t < response->n_frames; ++t) {
      // libsndfile takes the upper 24 of 32 bits
      frames[(size_t)t * n_channels + c] =
        (int)lrint(samples[t] * 0x1p23) * 256;
    }
  }

  SF_INFO        info = {.samplerate = (int)FAL_FACTORY_RATE_HZ,
                         .channels   = (int)n_channels,
                         .format     = SF_FORMAT_WAV | SF_FORMAT_PCM_24};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  bool written = file && sf_writef_int(file, frames, response->n_frames) ==
                           (sf_count_t)response->n_frames;
  written = file && !sf_close(file) && written;
  free(frames);
  if (!written) {
    remove(path);
    return FAL_ERR_WRITE;
  }
  return FAL_OK;
}

static double
find_peak(const FalResponse* const response)
{
  double peak = 0.0;
  for (size_t i = 0U; i < (size_t)response->n_channels * response->n_frames;
       ++i) {
    peak = fmax(peak, fabs(response->samples[i]));
  }
  return peak;
}

static FalStatus
render(FalResponse* const response, const FalRecipe* const recipe,
       FalRandom* const random)
{
  return recipe->room    ? fal_room_render(response, recipe->room, random)
         : recipe->plate ? fal_plate_render(response, recipe->plate, random)
         : recipe->tank  ? fal_tank_render(response, recipe->tank, random)
                         : fal_cabinet_render(response, recipe->cabinet);
}

static FalStatus
make(const FalRecipe* const recipe, const char* const path)
{
  const uint32_t n_frames =
    (uint32_t)lrint(recipe->length_s * FAL_FACTORY_RATE_HZ);
  const uint32_t n_fade = (uint32_t)lrint(recipe->fade_s * FAL_FACTORY_RATE_HZ);

  FalRandom   random = {recipe->seed};
  FalResponse response;
  FalStatus   st = fal_response_init(&response, recipe->n_channels, n_frames);
  if (st) {
    return st;
  }

  if ((st = render(&response, recipe, &random))) {
    goto done;
  }
  fal_response_high_pass(&response, recipe->high_pass_hz);
  fal_response_fade_out(&response, n_fade);
  if (recipe->reversed) {
    fal_response_reverse(&response);
  }
  if ((st = fal_response_normalise(&response))) {
    goto done;
  }
  if (find_peak(&response) >= 1.0) {
    st = FAL_ERR_BAD_DATA; // The recipe does not fit the measure of loudness
    goto done;
  }
  st = write_wav(&response, path);

done:
  fal_response_clear(&response);
  return st;
}

int
main(const int argc, char** const argv)
{
  if (argc != 3) {
    fprintf(stderr, "Usage: %s RECIPE OUT.wav\n", argv[0]);
    return 2;
  }

  const FalRecipe* const recipe = fal_recipe_find(argv[1]);
  if (!recipe) {
    fprintf(stderr, "%s: no such recipe\n", argv[1]);
    return 2;
  }

  const FalStatus st = make(recipe, argv[2]);
  if (st) {
    fprintf(stderr, "%s: %s\n", argv[2], fal_strerror(st));
  }
  return st ? 1 : 0;
}
