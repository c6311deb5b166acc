// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/recipe.h"

// Octave bands:    63   125  250  500  1k   2k   4k   8k   16k

/// The studio classic of 1957: 2 m by 1 m of steel, half a millimetre thick
static const FalPlate plate = {
  .length_m    = 2.0,
  .width_m     = 0.986,
  .thickness_m = 5e-4,
  .driver_m    = {0.83, 0.54},
  .pickups_m   = {{0.31, 0.37}, {1.64, 0.41}},
  .rt60_s      = {2.9, 3.0, 2.8, 2.5, 2.2, 1.8, 1.3, 0.85, 0.55},
  .level_db    = {-8.0, -4.0, -1.0, 0.0, 0.0, 0.5, 0.5, -3.0, -24.0},
  .highest_hz  = 16000.0,
  .detuning    = 0.002,
};

/// The same with the damper close, and more top
static const FalPlate bright_plate = {
  .length_m    = 2.0,
  .width_m     = 0.986,
  .thickness_m = 5e-4,
  .driver_m    = {0.77, 0.41},
  .pickups_m   = {{0.36, 0.58}, {1.58, 0.63}},
  .rt60_s      = {1.2, 1.3, 1.4, 1.4, 1.4, 1.3, 1.1, 0.8, 0.55},
  .level_db    = {-16.0, -9.0, -4.0, -1.0, 0.0, 1.0, 2.0, 1.0, -22.0},
  .highest_hz  = 16500.0,
  .detuning    = 0.002,
};

/// Three springs, as in a guitar amplifier
static const FalTank guitar_tank = {
  .springs   = {{0.0310, 4300.0, {1.0, 0.0}},
                {0.0367, 4550.0, {-0.9, 0.0}},
                {0.0413, 4100.0, {0.8, 0.0}}},
  .n_springs = 3U,
  .rt60_s    = {2.3, 2.4, 2.4, 2.3, 2.1, 1.8, 1.4, 1.0, 1.0},
  .level_db  = {-18.0, -8.0, -2.0, 0.0, 0.0, 0.0, -3.0, -6.0, -6.0},
  .blur_s    = 0.010,
  .blur      = 0.35,
};

/// Four longer springs of finer wire, two for each side
static const FalTank studio_tank = {
  .springs   = {{0.0390, 8200.0, {1.0, 0.35}},
                {0.0443, 7700.0, {0.35, 1.0}},
                {0.0517, 8600.0, {-0.9, 0.3}},
                {0.0482, 7300.0, {0.3, -0.9}}},
  .n_springs = 4U,
  .rt60_s    = {2.8, 3.0, 3.0, 2.8, 2.6, 2.2, 1.7, 1.2, 1.2},
  .level_db  = {-14.0, -6.0, -2.0, 0.0, 0.0, 0.5, -1.0, -6.0, -6.0},
  .blur_s    = 0.012,
  .blur      = 0.7,
};

static const FalCabinet open_1x12 = {
  .resonance_hz  = 98.0,
  .q             = 1.3,
  .open          = true,
  .baffle_m      = 0.52,
  .cone_m        = 0.128,
  .cone_speed    = 1500.0,
  .edge          = 0.12,
  .decoupling_hz = 14000.0,
  .inductance_hz = 12000.0,
  .cutoff_hz     = 6300.0,
  .peaks         = {{520.0, 1.0, -6.0},
                    {1250.0, 3.0, 2.5},
                    {2650.0, 1.6, 6.0},
                    {3900.0, 1.8, 9.0},
                    {5400.0, 4.0, 7.0},
                    {780.0, 7.0, 2.0},
                    {960.0, 9.0, -2.5},
                    {1720.0, 8.0, -3.5},
                    {2080.0, 9.0, 3.0},
                    {3250.0, 10.0, -2.5},
                    {4600.0, 9.0, -3.0}},
  .n_peaks       = 11U,
  .distance_m    = 0.08,
  .offset_m      = 0.03,
  .floor_m       = 0.35,
};

static const FalCabinet closed_4x12 = {
  .resonance_hz  = 115.0,
  .q             = 0.95,
  .baffle_m      = 0.75,
  .cone_m        = 0.128,
  .cone_speed    = 1300.0,
  .edge          = 0.15,
  .decoupling_hz = 12000.0,
  .inductance_hz = 12000.0,
  .cutoff_hz     = 5900.0,
  .peaks         = {{420.0, 0.8, -8.0},
                    {1150.0, 3.5, 2.0},
                    {2300.0, 1.6, 7.0},
                    {3500.0, 1.8, 8.0},
                    {4900.0, 3.5, 8.0},
                    {170.0, 4.0, 1.5},
                    {690.0, 6.0, 2.0},
                    {880.0, 8.0, -2.5},
                    {1650.0, 9.0, -3.0},
                    {1980.0, 9.0, 2.5},
                    {2850.0, 9.0, -3.0},
                    {4200.0, 9.0, -3.0}},
  .n_peaks       = 12U,
  .pitch_m       = 0.32,
  .distance_m    = 0.05,
  .offset_m      = 0.04,
};

static const FalCabinet bass_4x10 = {
  .resonance_hz  = 58.0,
  .q             = 0.85,
  .baffle_m      = 0.60,
  .cone_m        = 0.104,
  .cone_speed    = 1400.0,
  .edge          = 0.12,
  .decoupling_hz = 12000.0,
  .inductance_hz = 7000.0,
  .cutoff_hz     = 5400.0,
  .peaks         = {{450.0, 0.8, -6.0},
                    {1900.0, 1.4, 6.0},
                    {3300.0, 2.0, 7.0},
                    {150.0, 3.0, -1.5},
                    {820.0, 6.0, 2.0},
                    {1080.0, 8.0, -2.5},
                    {1500.0, 8.0, 2.0},
                    {2450.0, 9.0, -3.0},
                    {4100.0, 8.0, -4.0}},
  .n_peaks       = 9U,
  .pitch_m       = 0.28,
  .distance_m    = 0.15,
  .offset_m      = 0.04,
};

// clang-format off
const FalRecipe fal_device_recipes[] = {
  { "plate",        2U, false, 3.2, 0.60, 30.0, 0x2001U, .plate = &plate },
  { "bright-plate", 2U, false, 1.7, 0.30, 60.0, 0x2002U, .plate = &bright_plate },
  { "guitar-spring", 1U, false, 2.8, 0.50, 40.0, 0x2003U, .tank = &guitar_tank },
  { "studio-spring", 2U, false, 3.4, 0.60, 40.0, 0x2004U, .tank = &studio_tank },
  { "cab-1x12-open",   1U, false, 0.12, 0.03, 62.0, 0x2005U, .cabinet = &open_1x12 },
  { "cab-4x12-closed", 1U, false, 0.12, 0.03, 70.0, 0x2006U, .cabinet = &closed_4x12 },
  { "cab-bass-4x10",   1U, false, 0.12, 0.03, 32.0, 0x2007U, .cabinet = &bass_4x10 },
  { .name = 0 },
};
// clang-format on
