// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file recipe.h What the factory responses are made of

#ifndef FAL_IR_FACTORY_RECIPE_H
#define FAL_IR_FACTORY_RECIPE_H

#include "ir/factory/cabinet.h"
#include "ir/factory/plate.h"
#include "ir/factory/room.h"
#include "ir/factory/spring.h"

#include <stdbool.h>
#include <stdint.h>

/// One response; its label and description are in index.tsv
typedef struct {
  const char* name;       ///< The file's, without .wav
  uint32_t    n_channels; ///< 1, 2 (left, right) or 4 (LL LR RL RR)
  bool        reversed;   ///< In time, once it is made
  double      length_s;
  double      fade_s;       ///< At the end
  double      high_pass_hz; ///< What is below belongs to no microphone
  uint64_t    seed;

  const FalRoom*    room; ///< One of these four makes it
  const FalPlate*   plate;
  const FalTank*    tank;
  const FalCabinet* cabinet;
} FalRecipe;

/// Recipes, each list ended by one without a name
extern const FalRecipe fal_room_recipes[];
extern const FalRecipe fal_device_recipes[];

/// Return the recipe of that name, or null
const FalRecipe* fal_recipe_find(const char* name);

/**
   Make a response: render, filter, fade, turn round, bring to its level.

   @param response Set on success; fal_response_clear() frees it.
   @return #FAL_OK, #FAL_ERR_NO_MEM, or #FAL_ERR_BAD_ARG if the recipe does not
   fit together or comes out over full scale.
*/
FAL_NODISCARD FalStatus fal_recipe_make(FalResponse*     response,
                                        const FalRecipe* recipe);

#endif // FAL_IR_FACTORY_RECIPE_H
