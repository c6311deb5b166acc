// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay.h Time-delay estimation between two recordings.

   The generalised cross-correlation (Knapp and Carter 1976), refined on the
   phase of the aligned cross-spectrum.
*/

#ifndef FAL_CORE_DELAY_H
#define FAL_CORE_DELAY_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Two recordings at one sample rate
typedef struct {
  const float* const* a;            ///< [n_channels_a][n_a]
  const float* const* b;            ///< [n_channels_b][n_b]
  uint32_t            n_channels_a; ///< At least 1
  uint32_t            n_channels_b; ///< At least 1
  size_t              n_a;          ///< Frames, at least 1
  size_t              n_b;          ///< Frames, at least 1
  double              rate_hz;      ///< Of both
  double              min_s;        ///< Least delay considered
  double              max_s;        ///< Largest; both 0: any delay with overlap
} FalDelayPair;

/// What was found
typedef struct {
  double   seconds;    ///< At the start of the common part; positive: b is late
  double   drift_ppm;  ///< Positive: the delay grows with time
  bool     inverted;   ///< The polarity of b is the opposite of a's
  double   confidence; ///< 0 to 1: the chance that `seconds` is right
  bool     no_match;   ///< The recordings have nothing in common
  uint32_t channel_a;  ///< The channels that were compared
  uint32_t channel_b;
} FalDelay;

/**
   Estimate by how much b is later than a.

   Content at time t of a stands at t + seconds + drift_ppm * 1e-6 * t of b.

   @return #FAL_OK (also when there is no match), #FAL_ERR_BAD_ARG or
   #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_delay_estimate(FalDelay*           delay,
                                           const FalDelayPair* pair);

#endif // FAL_CORE_DELAY_H
