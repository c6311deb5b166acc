// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/recipe.h"

#include "ir/factory/random.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const FalRecipe*
fal_recipe_find(const char* const name)
{
  const FalRecipe* const lists[] = {fal_room_recipes, fal_device_recipes};
  for (uint32_t i = 0U; i < 2U; ++i) {
    for (const FalRecipe* recipe = lists[i]; recipe->name; ++recipe) {
      if (!strcmp(recipe->name, name)) {
        return recipe;
      }
    }
  }
  return NULL;
}

/// Round to steps of -217 dB: small samples as floats would show the last bits
/// of sums in which machines differ
static void
round_off(const FalResponse* const response)
{
  for (size_t i = 0U; i < (size_t)response->n_channels * response->n_frames;
       ++i) {
    response->samples[i] = rint(response->samples[i] * 0x1p36) * 0x1p-36;
  }
}

/// Return the largest magnitude, infinite if any sample is not finite
static double
find_peak(const FalResponse* const response)
{
  double peak = 0.0;
  for (size_t i = 0U; i < (size_t)response->n_channels * response->n_frames;
       ++i) {
    const double size = fabs(response->samples[i]);
    peak              = isfinite(size) ? fmax(peak, size) : HUGE_VAL;
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

FalStatus
fal_recipe_make(FalResponse* const response, const FalRecipe* const recipe)
{
  const uint32_t n_frames =
    (uint32_t)lrint(recipe->length_s * FAL_FACTORY_RATE_HZ);
  const uint32_t n_fade = (uint32_t)lrint(recipe->fade_s * FAL_FACTORY_RATE_HZ);

  FalRandom   random = {recipe->seed};
  FalResponse made;
  FalStatus   st = fal_response_init(&made, recipe->n_channels, n_frames);
  if (st) {
    return st;
  }

  if (!(st = render(&made, recipe, &random))) {
    fal_response_high_pass(&made, recipe->high_pass_hz);
    fal_response_fade_out(&made, n_fade);
    if (recipe->reversed) {
      fal_response_reverse(&made);
    }
    st = fal_response_normalise(&made);
    round_off(&made);
  }
  if (!st && find_peak(&made) >= 1.0) {
    st = FAL_ERR_BAD_ARG;
  }

  if (st) {
    fal_response_clear(&made);
  } else {
    *response = made;
  }
  return st;
}
