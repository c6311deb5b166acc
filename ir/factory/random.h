// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_IR_FACTORY_RANDOM_H
#define FAL_IR_FACTORY_RANDOM_H

#include <stdint.h>

/// A stream of random numbers, the same on every machine (SplitMix64: Steele,
/// Lea & Flood 2014); any state is a good seed
typedef struct {
  uint64_t state;
} FalRandom;

/// Return the next number, evenly spread over [0, 1)
double fal_random_uniform(FalRandom* random);

/// Return the next number of a normal distribution with variance 1 (Box &
/// Muller 1958, of which one of each pair is used)
double fal_random_normal(FalRandom* random);

#endif // FAL_IR_FACTORY_RANDOM_H
