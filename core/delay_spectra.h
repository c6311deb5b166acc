// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_spectra.h Welch-averaged spectra of two recordings along a line.

   Private to core/delay*. Blocks of b are read where the line points to; by
   what is left of its delay, a fraction of a frame, the taper is shifted and
   the phases are turned.
*/

#ifndef FAL_CORE_DELAY_SPECTRA_H
#define FAL_CORE_DELAY_SPECTRA_H

#include "core/attributes.h"
#include "core/delay_parts.h"
#include "core/real_fft.h"
#include "core/status.h"

#include <stdint.h>

/// Most groups of consecutive blocks whose cross-spectra are kept apart
#define FAL_MAX_GROUPS 64U

/// Spectra of the common part
typedef struct {
  FalRealFft fft;
  uint32_t   low;                   ///< First bin that is used
  uint32_t   high;                  ///< Behind the last
  uint32_t   n_groups;              ///< At least 1
  uint32_t   n_blocks;              ///< At least 1
  double     n_frames;              ///< Frames that the blocks cover
  double     n_averages;            ///< Independent blocks that they are worth
  double     times[FAL_MAX_GROUPS]; ///< Middle of each group, from the origin
  double*    aa;                    ///< [n_bins] auto-spectrum of a
  double*    bb;                    ///< [n_bins]
  double*    ab;                    ///< [2 * n_bins] cross-spectrum conj(a) b
  float*     groups;                ///< [n_groups][2 * n_bins], sums up to ab
  float*     a;                     ///< [2 * n_bins], scratch
  float*     b;                     ///< [2 * n_bins], scratch
  float*     cosine;                ///< [size], of the taper
  float*     sine;                  ///< [size], a quarter later: to shift it
  float*     samples;               ///< [size], scratch
  void*      memory;
} FalSpectra;

/// Lay out spectra for the common part that a line has
FAL_NODISCARD FalStatus fal_spectra_init(FalSpectra*         spectra,
                                         const FalLine*      line,
                                         const FalDelayPair* pair);

/// Read and average along a line; what was there is overwritten
FAL_NODISCARD FalStatus fal_spectra_read(FalSpectra*         spectra,
                                         const FalLine*      line,
                                         const FalDelayPair* pair);

/// Free all; a zeroed struct is fine
void fal_spectra_clear(FalSpectra* spectra);

#endif // FAL_CORE_DELAY_SPECTRA_H
