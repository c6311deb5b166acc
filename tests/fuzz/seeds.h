// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file seeds.h Whole files to start from: one of each kind that is read

#ifndef FAL_TESTS_FUZZ_SEEDS_H
#define FAL_TESTS_FUZZ_SEEDS_H

#include <stddef.h>
#include <stdint.h>

/// Room that any seed needs
#define FAL_SEED_BYTES 16384U

/// Write a seed; return its size, or 0 past the last one
size_t fal_seed(uint8_t* bytes, size_t index);

#endif // FAL_TESTS_FUZZ_SEEDS_H
