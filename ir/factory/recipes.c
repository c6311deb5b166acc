// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/recipe.h"

/// A shoebox in the manner of Vienna's and Boston's halls
static const FalRoom concert_hall = {
  .size_m      = { 47.0, 20.0, 18.0 },
  .sources     = { { { 6.0, 12.6, 1.6 }, 0.0, 0.62 },
                   { { 6.3, 7.2, 1.6 }, 0.0, 0.62 } },
  .microphones = { { { 15.5, 11.1, 3.6 }, 145.0, 0.7 },
                   { { 15.5, 8.9, 3.6 }, 215.0, 0.7 } },
  //              63   125  250  500  1k    2k   4k    8k    16k
  .rt60_s     = { 2.5, 2.4, 2.2, 2.1, 2.05, 1.9, 1.55, 0.95, 0.42 },
  .level_db   = { 0.0, 0.0, 0.0, 0.0, 0.0, -0.5, -1.0, -2.5, -5.0 },
  .scattering = 0.35,
  .jitter_m   = 0.25,
};

const FalRecipe fal_recipes[] = {
  { "concert-hall", 4U, 3.2, 0.6, 25.0, 0x1001U, &concert_hall },
  { .name = 0 },
};
