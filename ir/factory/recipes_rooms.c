// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/recipe.h"

// Octave bands:    63   125  250  500  1k   2k   4k   8k   16k

static const FalRoom large_hall = {
  .size_m      = {60.0, 31.0, 21.0},
  .sources     = {{{8.0, 22.5, 1.6}, 0.0, 0.62}, {{8.4, 9.1, 1.6}, 0.0, 0.62}},
  .microphones = {{{22.0, 17.1, 4.5}, 120.0, 0.55},
                  {{22.0, 14.1, 4.5}, 240.0, 0.55}},
  .rt60_s      = {3.5, 3.4, 3.2, 3.0, 2.8, 2.5, 1.9, 1.05, 0.43},
  .level_db    = {-1.0, 0.0, 0.0, 0.0, 0.0, -0.5, -1.5, -3.5, -6.0},
  .scattering  = 0.4,
  .relief      = 0.5,
  .floor_db    = 14.0,
  .jitter_m    = 0.35,
};

/// A shoebox in the manner of Vienna's and Boston's halls
static const FalRoom concert_hall = {
  .size_m      = {47.0, 20.0, 18.0},
  .sources     = {{{6.0, 14.6, 1.6}, 0.0, 0.62}, {{6.3, 5.6, 1.6}, 0.0, 0.62}},
  .microphones = {{{15.5, 11.3, 3.6}, 120.0, 0.55},
                  {{15.5, 8.7, 3.6}, 240.0, 0.55}},
  .rt60_s      = {2.4, 2.35, 2.2, 2.1, 2.05, 1.9, 1.55, 0.95, 0.42},
  .level_db    = {-1.0, 0.0, 0.0, 0.0, 0.0, -0.5, -1.0, -2.5, -5.0},
  .scattering  = 0.4,
  .relief      = 0.5,
  .floor_db    = 14.0,
  .jitter_m    = 0.25,
};

static const FalRoom small_hall = {
  .size_m      = {23.0, 13.5, 9.2},
  .sources     = {{{4.2, 7.1, 1.5}, 0.0, 0.65}},
  .microphones = {{{10.5, 7.6, 3.0}, 130.0, 0.7},
                  {{10.5, 6.2, 3.0}, 230.0, 0.7}},
  .rt60_s      = {1.4, 1.4, 1.35, 1.3, 1.3, 1.25, 1.1, 0.78, 0.4},
  .level_db    = {-1.5, -0.5, 0.0, 0.0, 0.0, 0.0, -0.5, -2.0, -4.0},
  .scattering  = 0.4,
  .relief      = 0.5,
  .floor_db    = 12.0,
  .jitter_m    = 0.2,
};

/// Lean below, airy above: a voice sits on it and stays clear
static const FalRoom vocal_hall = {
  .size_m      = {33.0, 18.5, 12.5},
  .sources     = {{{5.5, 9.6, 1.6}, 0.0, 0.75}},
  .microphones = {{{12.5, 10.6, 3.2}, 120.0, 0.6},
                  {{12.5, 8.2, 3.2}, 240.0, 0.6}},
  .rt60_s      = {1.2, 1.35, 1.55, 1.7, 1.8, 1.8, 1.65, 1.15, 0.45},
  .level_db    = {-7.0, -4.5, -2.0, -0.5, 0.0, 0.5, 1.5, 1.5, -0.5},
  .scattering  = 0.45,
  .relief      = 0.55,
  .floor_db    = 14.0,
  .jitter_m    = 0.25,
};

static const FalRoom cathedral = {
  .size_m  = {92.0, 31.0, 27.0},
  .sources = {{{14.0, 22.0, 1.7}, 0.0, 0.65}, {{14.5, 9.4, 1.7}, 0.0, 0.65}},
  .microphones = {{{29.0, 17.3, 5.0}, 120.0, 0.6},
                  {{29.0, 13.5, 5.0}, 240.0, 0.6}},
  .rt60_s      = {7.0, 7.0, 6.8, 6.5, 6.0, 4.9, 3.1, 1.35, 0.45},
  .level_db    = {-2.0, -1.0, 0.0, 0.0, 0.0, -0.5, -1.5, -4.0, -7.0},
  .scattering  = 0.45,
  .relief      = 0.5,
  .floor_db    = 10.0,
  .jitter_m    = 0.5,
};

static const FalRoom church = {
  .size_m      = {34.0, 14.5, 12.8},
  .sources     = {{{5.0, 7.6, 1.7}, 0.0, 0.65}},
  .microphones = {{{13.0, 8.3, 3.5}, 140.0, 0.8},
                  {{13.0, 6.4, 3.5}, 220.0, 0.8}},
  .rt60_s      = {3.6, 3.5, 3.4, 3.2, 3.0, 2.6, 1.9, 1.05, 0.43},
  .level_db    = {-2.0, -1.0, 0.0, 0.0, 0.0, -0.5, -1.0, -3.0, -6.0},
  .scattering  = 0.4,
  .relief      = 0.5,
  .floor_db    = 7.0,
  .jitter_m    = 0.25,
};

/// A tiled cellar with a loudspeaker turned to the wall
static const FalRoom chamber = {
  .size_m      = {6.7, 4.3, 3.4},
  .sources     = {{{1.3, 1.1, 1.2}, 215.0, 0.6}},
  .microphones = {{{4.6, 3.3, 1.9}, 20.0, 0.6}, {{5.3, 1.7, 1.7}, -20.0, 0.6}},
  .rt60_s      = {2.2, 2.2, 2.1, 2.0, 1.9, 1.75, 1.5, 1.0, 0.42},
  .level_db    = {-7.0, -4.0, -1.5, 0.0, 0.0, 0.5, 0.5, -0.5, -3.0},
  .scattering  = 0.3,
  .relief      = 0.4,
  .floor_db    = 0.0,
  .jitter_m    = 0.12,
};

static const FalRoom scoring_stage = {
  .size_m      = {29.0, 19.5, 11.5},
  .sources     = {{{9.0, 14.2, 1.5}, 0.0, 0.7}, {{9.2, 5.5, 1.5}, 0.0, 0.7}},
  .microphones = {{{14.5, 11.0, 3.4}, 110.0, 0.6},
                  {{14.5, 8.5, 3.4}, 250.0, 0.6}},
  .rt60_s      = {1.35, 1.3, 1.2, 1.15, 1.15, 1.1, 1.0, 0.75, 0.4},
  .level_db    = {-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.5, -2.0, -4.0},
  .scattering  = 0.5,
  .relief      = 0.55,
  .floor_db    = 9.0,
  .jitter_m    = 0.2,
};

/// Wooden floor, stone wall, microphones up in the far corners
static const FalRoom drum_room = {
  .size_m      = {9.4, 7.1, 4.6},
  .sources     = {{{2.6, 3.4, 0.8}, 0.0, 0.8}},
  .microphones = {{{6.6, 5.6, 2.4}, -145.0, 0.7},
                  {{6.8, 1.6, 2.4}, 145.0, 0.7}},
  .rt60_s      = {0.75, 0.8, 0.8, 0.8, 0.8, 0.8, 0.72, 0.58, 0.36},
  .level_db    = {0.0, 1.0, 0.5, 0.0, 0.0, 0.5, 1.0, 0.0, -2.0},
  .scattering  = 0.35,
  .relief      = 0.4,
  .floor_db    = 1.0,
  .jitter_m    = 0.1,
};

static const FalRoom live_room = {
  .size_m      = {8.2, 6.3, 3.6},
  .sources     = {{{2.2, 4.8, 1.3}, 0.0, 0.75}, {{2.3, 1.6, 1.3}, 0.0, 0.75}},
  .microphones = {{{4.9, 3.9, 1.9}, 115.0, 0.55},
                  {{4.9, 2.5, 1.9}, 245.0, 0.55}},
  .rt60_s      = {0.55, 0.5, 0.45, 0.45, 0.45, 0.43, 0.4, 0.35, 0.27},
  .level_db    = {-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.5, -1.5, -3.0},
  .scattering  = 0.45,
  .relief      = 0.5,
  .floor_db    = 7.0,
  .jitter_m    = 0.08,
};

static const FalRoom small_room = {
  .size_m      = {4.7, 3.7, 2.6},
  .sources     = {{{1.2, 1.9, 1.3}, 0.0, 0.75}},
  .microphones = {{{3.0, 2.2, 1.5}, 115.0, 0.6}, {{3.0, 1.6, 1.5}, 245.0, 0.6}},
  .rt60_s      = {0.42, 0.36, 0.31, 0.29, 0.28, 0.27, 0.26, 0.24, 0.2},
  .level_db    = {-3.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, -2.5},
  .scattering  = 0.4,
  .relief      = 0.5,
  .floor_db    = 9.0,
  .jitter_m    = 0.06,
};

/// Hardly a tail: space around a sound rather than behind it
static const FalRoom ambience = {
  .size_m      = {13.5, 10.2, 5.6},
  .sources     = {{{3.0, 7.6, 1.5}, 0.0, 0.75}, {{3.2, 2.8, 1.5}, 0.0, 0.75}},
  .microphones = {{{6.4, 7.0, 2.6}, 105.0, 0.5},
                  {{6.5, 3.3, 2.6}, -105.0, 0.5}},
  .rt60_s      = {0.5, 0.5, 0.55, 0.6, 0.6, 0.6, 0.57, 0.48, 0.32},
  .level_db    = {-5.0, -2.5, -1.0, 0.0, 0.0, 0.5, 0.5, 0.0, -2.0},
  .scattering  = 0.6,
  .relief      = 0.5,
  .floor_db    = 12.0,
  .jitter_m    = 0.15,
};

/// A stone room whose tail a gate will cut
static const FalRoom stone_room = {
  .size_m      = {8.1, 6.2, 4.1},
  .sources     = {{{2.3, 3.2, 0.9}, 0.0, 0.8}},
  .microphones = {{{5.9, 4.9, 2.2}, 45.0, 0.6}, {{6.1, 1.4, 2.2}, -45.0, 0.6}},
  .rt60_s      = {2.2, 2.6, 3.0, 3.0, 3.0, 2.8, 2.2, 1.2, 0.44},
  .level_db    = {-3.0, 0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 0.5, -1.0},
  .scattering  = 0.6,
  .relief      = 0.5,
  .floor_db    = 7.0,
  .jitter_m    = 0.12,
};

// clang-format off
const FalRecipe fal_room_recipes[] = {
  { "concert-hall",  4U, false, 3.0, 0.50, 25.0, 0x1001U, .room = &concert_hall },
  { "large-hall",    4U, false, 4.2, 0.70, 25.0, 0x1002U, .room = &large_hall },
  { "vocal-hall",    2U, false, 2.3, 0.40, 40.0, 0x1003U, .room = &vocal_hall },
  { "small-hall",    2U, false, 1.8, 0.30, 30.0, 0x1004U, .room = &small_hall },
  { "cathedral",     4U, false, 8.0, 1.50, 25.0, 0x1005U, .room = &cathedral },
  { "church",        2U, false, 4.3, 0.70, 25.0, 0x1006U, .room = &church },
  { "chamber",       2U, false, 2.7, 0.50, 40.0, 0x1007U, .room = &chamber },
  { "scoring-stage", 4U, false, 1.7, 0.30, 25.0, 0x1008U, .room = &scoring_stage },
  { "drum-room",     2U, false, 1.0, 0.20, 30.0, 0x1009U, .room = &drum_room },
  { "live-room",     4U, false, 0.7, 0.12, 30.0, 0x100AU, .room = &live_room },
  { "small-room",    2U, false, 0.5, 0.10, 35.0, 0x100BU, .room = &small_room },
  { "ambience",      4U, false, 0.8, 0.15, 35.0, 0x100CU, .room = &ambience },
  { "gated-room",    2U, false, 0.33, 0.06, 35.0, 0x100DU, .room = &stone_room },
  { "reverse-hall",  2U, true, 1.5, 0.30, 35.0, 0x100EU, .room = &vocal_hall },
  { .name = 0 },
};
// clang-format on
