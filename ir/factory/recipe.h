// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file recipe.h What the factory responses are made of

#ifndef FAL_IR_FACTORY_RECIPE_H
#define FAL_IR_FACTORY_RECIPE_H

#include "ir/factory/room.h"

#include <stdbool.h>
#include <stdint.h>

/// One response; its label and description are in index.tsv
typedef struct {
  const char* name; ///< The file's, without .wav
  uint32_t n_channels;
  double length_s;
  double fade_s;       ///< At the end
  double high_pass_hz; ///< What is below belongs to no microphone
  uint64_t seed;
  const FalRoom* room;
} FalRecipe;

/// All recipes, ended by one without a name
extern const FalRecipe fal_recipes[];

#endif // FAL_IR_FACTORY_RECIPE_H
