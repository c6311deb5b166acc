// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file shelf.h The responses that were built, with their recipes

#ifndef FAL_IR_FACTORY_SHELF_H
#define FAL_IR_FACTORY_SHELF_H

#include "ir/factory/recipe.h"
#include "ir/factory/response.h"

#include <stdbool.h>
#include <stdint.h>

#define FAL_SHELF_MAX 64U

/// A line of index.tsv and what was built for it
typedef struct {
  char             file[64];
  char             label[64];
  char             category[64];
  uint32_t         n_channels; ///< As the line says
  const FalRecipe* recipe;
  int              rate_hz;  ///< Of the file
  int              format;   ///< libsndfile's
  FalResponse      response; ///< Reversed ones turned round again
} FalShelfItem;

/// All of them
typedef struct {
  FalShelfItem items[FAL_SHELF_MAX];
  uint32_t     n_items;
} FalShelf;

/// Read the index and the files it lists, or print why not and return false
bool fal_shelf_read(FalShelf* shelf, const char* index, const char* folder);

/// Free all responses
void fal_shelf_clear(FalShelf* shelf);

/// Return an item's decay and colour by octaves, or null if its kind has none;
/// a gated one's is unknown as well
const double* fal_shelf_rt60(const FalShelfItem* item);
const double* fal_shelf_level(const FalShelfItem* item);

/// Return the time from which an item is a diffuse field, s
double fal_shelf_mixing_s(const FalShelfItem* item);

#endif // FAL_IR_FACTORY_SHELF_H
