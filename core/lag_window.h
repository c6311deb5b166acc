// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file lag_window.h Correlation of long sequences at few lags

#ifndef FAL_CORE_LAG_WINDOW_H
#define FAL_CORE_LAG_WINDOW_H

#include "core/attributes.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/**
   Correlate: r[k - min_lag] = sum over t of a[t] * b[t + k], for n_lags lags.

   Both sequences are cut into blocks of N frames, each transformed once. The
   product of the spectra of a's block j, reversed, and b's block j + d belongs
   to the lags from (d - 1) N + 1 to (d + 1) N - 1. The products are summed over
   j in double precision, and each of the few d is transformed back once. So
   memory depends on the number of lags only.
*/
FAL_NODISCARD FalStatus fal_correlate_window(float* r, int64_t min_lag,
                                             size_t n_lags, const float* a,
                                             size_t n_a, const float* b,
                                             size_t n_b);

#endif // FAL_CORE_LAG_WINDOW_H
