// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file correlate.h Cross-correlation over a window of lags

#ifndef FAL_CORE_CORRELATE_H
#define FAL_CORE_CORRELATE_H

#include "core/attributes.h"
#include "core/convolve.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Two sequences, and the lags at which they are compared
typedef struct {
  const float* a;          ///< [n_a]
  const float* b;          ///< [n_b]
  size_t       n_a;        ///< At least 1
  size_t       n_b;        ///< At least 1
  int64_t      min_lag;    ///< First lag
  int64_t      max_lag;    ///< Last lag, at least min_lag
  bool         normalised; ///< Divide by sqrt(energy of a * energy of b)
} FalPair;

/**
   The lags of a mode: full -(n_a - 1) … n_b - 1, same and valid as the flipped
   convolution of `b` (first) with `a` (kernel).
*/
void fal_pair_set_lags(FalPair* pair, FalMode mode);

/**
   Cross-correlate: r[k - min_lag] = sum over t of a[t] * b[t + k].

   A peak at a positive lag k means that `b` is k frames late. Frames outside of
   the sequences count as zero; any lags are allowed. Work and memory beyond
   the sequences depend on the shorter sequence and the number of lags.

   @param r [max_lag - min_lag + 1], overwritten.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_correlate(float* r, const FalPair* pair);

#endif // FAL_CORE_CORRELATE_H
