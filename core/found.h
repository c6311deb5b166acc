// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file found.h A place of a recording where a clip is heard

#ifndef FAL_CORE_FOUND_H
#define FAL_CORE_FOUND_H

#include "core/attributes.h"
#include "core/recording.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// A place and how well it fits
typedef struct {
  double   frame;   ///< Of the recording: where the clip's first frame is
  double   score;   ///< Normalised correlation, -1 to 1; see core/ncc.h
  uint32_t channel; ///< Of the recording
  double   rate; ///< At which chance brings such a score, a frame; 0: unknown
} FalFound;

/**
   Keep of places that are closer than `distance` the one that fits best.

   The best of all stays, what is too close to it goes, and so on with the rest.

   @param found [n], any order; afterwards in order of time.
   @return How many are left, at the beginning of `found`; 0 also if memory runs
   out.
*/
size_t fal_found_merge(FalFound* found, size_t n, double distance);

/**
   Refine a place to a fraction of a frame, and its score to double precision.

   The scores of the frames around it are summed up directly, and interpolated
   by core/sinc.h.

   @param found Its frame is whole, and right to within one.
   @return #FAL_OK, #FAL_ERR_NO_MEM, or what reading the recording returned.
*/
FAL_NODISCARD FalStatus fal_found_refine(FalFound* found, const float* clip,
                                         uint32_t            n_clip,
                                         const FalRecording* recording);

#endif // FAL_CORE_FOUND_H
