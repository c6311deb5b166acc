// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file convolve.h One-shot convolution of two sequences

#ifndef FAL_CORE_CONVOLVE_H
#define FAL_CORE_CONVOLVE_H

#include "core/attributes.h"
#include "core/status.h"

#include <stddef.h>

/// Which part of the full result is wanted; n and m are the two lengths
typedef enum {
  FAL_FULL, ///< All n + m - 1 frames
  FAL_SAME, ///< The central n (of the first sequence), from (m - 1) / 2 on
  FAL_VALID ///< The max(n, m) - min(n, m) + 1 where one lies within the other
} FalMode;

/// How it is computed
typedef enum {
  FAL_METHOD_AUTO,   ///< The cheaper one after a measured cost model
  FAL_METHOD_DIRECT, ///< The sum itself: min(n, m) products a frame
  FAL_METHOD_FFT     ///< By transforms
} FalMethod;

/// Frames that a mode gives for sequences of n and m frames, both at least 1
size_t fal_mode_frames(FalMode mode, size_t n, size_t m);

/// The method that #FAL_METHOD_AUTO stands for, for n_y frames of a result
FalMethod fal_convolve_method(size_t n_y, size_t n, size_t m);

/**
   Convolve: y[t] = sum over s of x[s] h[t - s], cut to the mode.

   @param y [fal_mode_frames(mode, n_x, n_h)], overwritten; not x or h.
   @param x [n_x], at least 1 frame.
   @param h [n_h], at least 1 frame.
   @return #FAL_OK, #FAL_ERR_BAD_ARG, #FAL_ERR_TOO_LARGE (the shorter sequence
   has 2^31 frames or more) or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_convolve(float* y, const float* x, size_t n_x,
                                     const float* h, size_t n_h, FalMode mode,
                                     FalMethod method);

/**
   Convolve, and give any part of the result: y[t] = full[start + t].

   @param y [n_y], overwritten; silence beyond the full result. Not x or h.
   @return As fal_convolve(). Memory depends on the shorter sequence only.
*/
FAL_NODISCARD FalStatus fal_convolve_part(float* y, size_t start, size_t n_y,
                                          const float* x, size_t n_x,
                                          const float* h, size_t n_h,
                                          FalMethod method);

#endif // FAL_CORE_CONVOLVE_H
