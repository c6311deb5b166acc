// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file resample.h Sample rate conversion: soxr's best quality

#ifndef FAL_CORE_RESAMPLE_H
#define FAL_CORE_RESAMPLE_H

#include "core/attributes.h"
#include "core/status.h"

#include <stddef.h>

/// Frames that n frames become: ceil(n * to_hz / from_hz)
size_t fal_resampled_frames(size_t n_frames, double from_hz, double to_hz);

/**
   Resample one whole channel, band-limited, zero phase, gain 1 for a tone.

   @param y [fal_resampled_frames()], overwritten: y[t] stands at the same time
   t / to_hz as x at t / from_hz; the edges are faded by the filter alone.
   @param x [n_frames], at least 1.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_resample(float* y, const float* x, size_t n_frames,
                                     double from_hz, double to_hz);

#endif // FAL_CORE_RESAMPLE_H
