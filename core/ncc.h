// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ncc.h A clip's normalised cross-correlation with a recording, streamed.

   The score of place p is the correlation coefficient of the clip c and the n
   frames of the recording x that begin there, both without their means:

       sum over t of (c[t] - mean c) (x[p + t] - mean x) / (|c| |x|),

   from -1 (a copy of opposite polarity) over 0 to 1 (a copy, at any level).
   (Lewis, "Fast normalized cross-correlation", 1995, in one dimension.) The
   sums along x slide in twice double precision: what was loud an hour ago
   leaves no trace. A window 120 dB below what was heard shortly before, or
   constant to 120 dB, scores 0.
*/

#ifndef FAL_CORE_NCC_H
#define FAL_CORE_NCC_H

#include "core/attributes.h"
#include "core/recording.h"
#include "core/status.h"

#include <stdint.h>

/// A stream of scores
typedef struct FalNcc FalNcc;

/// Scores of consecutive places
typedef struct {
  int64_t      first;  ///< Place of the first; frame of the recording
  uint32_t     n;      ///< How many
  const float* scores; ///< [n], until the next call
} FalNccBlock;

/**
   Make a stream for a clip.

   @param clip [n_clip], at least 2 frames; read during the call only.
   @param n_frames Length of what is to be read: only for speed.
   @return #FAL_OK, #FAL_ERR_BAD_ARG, #FAL_ERR_BAD_DATA (the clip is constant or
   not finite) or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_ncc_new(FalNcc** ncc, const float* clip,
                                    uint32_t n_clip, uint64_t n_frames);

/// Free it; null is fine
void fal_ncc_free(FalNcc* ncc);

/// Go on with `place` of a channel; what lies outside of the recording is zero
void fal_ncc_seek(FalNcc* ncc, const FalRecording* recording, uint32_t channel,
                  int64_t place);

/**
   Compute the next scores.

   After fal_ncc_seek(), those before the wanted place come first: they miss the
   beginnings of their windows.

   @return #FAL_OK, or what reading the recording returned.
*/
FAL_NODISCARD FalStatus fal_ncc_next(FalNcc* ncc, FalNccBlock* block);

#endif // FAL_CORE_NCC_H
