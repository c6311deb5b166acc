// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/recipe.h"

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
