// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file thin.h How much of a long sweep is done where processors are emulated

#ifndef FAL_TESTS_THIN_H
#define FAL_TESTS_THIN_H

#include <stdint.h>
#include <stdlib.h>

/// Return one in how many is to be tried: FALTUNG_TEST_THIN, or 1
static inline uint32_t
thin_factor(void)
{
  const char* const thin = getenv("FALTUNG_TEST_THIN");
  const uint32_t    some = thin ? (uint32_t)strtoul(thin, NULL, 10) : 1U;
  return some ? some : 1U;
}

/// Return how many of `n` are tried: at least `least`
static inline uint32_t
thin_count(const uint32_t n, const uint32_t least)
{
  const uint32_t some = n / thin_factor();
  return some > least ? some : least;
}

#endif // FAL_TESTS_THIN_H
