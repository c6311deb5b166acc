// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_window.h Where single windows of a are heard in b.

   Private to core/delay*.
*/

#ifndef FAL_CORE_DELAY_WINDOW_H
#define FAL_CORE_DELAY_WINDOW_H

#include "core/attributes.h"
#include "core/delay_parts.h"
#include "core/real_fft.h"
#include "core/status.h"

#include <stdint.h>

/// Peaks that are kept of a window
#define FAL_WINDOW_PEAKS 6U

/// A peak of a window's correlation
typedef struct {
  float lag; ///< From the line, frames
  float z;   ///< Height over the deviation of chance; 0: none; signed
} FalWindowPeak;

/// What correlating windows needs
typedef struct {
  FalRealFft   fft;
  FalWeighting weighting;
  uint32_t     length;  ///< Of a window of a, frames
  uint32_t     reach;   ///< Lags -reach … reach from the line
  uint32_t     apart;   ///< Least distance of two peaks, frames
  float*       a;       ///< [2 * n_bins]
  float*       b;       ///< [2 * n_bins]
  float*       samples; ///< [size]: correlations at last
  float*       taper;   ///< [length]
  void*        memory;
} FalDelayWindow;

/// Lay out for windows of a length, and for lags up to a reach
FAL_NODISCARD FalStatus fal_delay_window_init(FalDelayWindow* window,
                                              uint32_t length, uint32_t reach,
                                              double rate_hz);

/**
   Correlate the window around frame `middle` of a with b around a line.

   @param peaks [FAL_WINDOW_PEAKS], the highest first.
*/
FAL_NODISCARD FalStatus fal_delay_window_compare(FalDelayWindow*     window,
                                                 FalWindowPeak*      peaks,
                                                 const FalDelayPair* pair,
                                                 const FalLine*      line,
                                                 double              middle);

/**
   Choose the weighting under which some windows along the line peak higher.

   Whitening helps most where the band is full, and least where it is not.
*/
FAL_NODISCARD FalStatus fal_delay_window_weigh(FalDelayWindow*     window,
                                               const FalDelayPair* pair,
                                               const FalLine*      line,
                                               double start, double end);

/// Free all; a zeroed struct is fine
void fal_delay_window_clear(FalDelayWindow* window);

#endif // FAL_CORE_DELAY_WINDOW_H
