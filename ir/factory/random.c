// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/random.h"

#include <math.h>

double
fal_random_uniform(FalRandom* const random)
{
  random->state += 0x9E3779B97F4A7C15U;
  uint64_t z = random->state;
  z          = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z          = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  z          = z ^ (z >> 31U);
  return (double)(z >> 11U) * 0x1p-53;
}

double
fal_random_normal(FalRandom* const random)
{
  const double u = 1.0 - fal_random_uniform(random); // Never 0
  const double v = fal_random_uniform(random);
  return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v);
}
