// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file tone.h Low cut and high cut, 12 dB an octave

#ifndef FAL_PLUGIN_TONE_H
#define FAL_PLUGIN_TONE_H

#include "core/attributes.h"
#include "plugin/ramp.h"

#include <stdbool.h>
#include <stdint.h>

/**
   A Butterworth filter of second order that may be moved while it runs.

   A state-variable filter with trapezoidal integration (Simper 2013, after
   Zavalishin): it stays stable, and its state stays meaningful, whatever its
   frequency does. It comes and goes by a crossfade.
*/
typedef struct {
  bool    is_high_pass;
  FalRamp amount;  ///< 0: off, 1: on
  FalRamp warp;    ///< tan(pi f / rate)
  float   s[2][2]; ///< [channel][integrator]
} FalCut;

/**
   Be where the control is at once, with nothing in the filter.

   @param warp See fal_cut_warp().
   @param is_on Whether the filter is to be heard.
*/
FAL_RT void fal_cut_jump(FalCut* cut, bool is_on, float warp);

/// Return tan(pi f / rate), for frequencies up to 0.49 rate
FAL_RT float fal_cut_warp(float frequency_hz, float rate_hz);

/**
   Filter a block in place.

   @param x [n_channels][n_frames], at most two channels.
   @param scratch Two buffers of [n_frames].
*/
FAL_RT void fal_cut_run(FalCut* cut, const FalRampCurve* curve, bool is_on,
                        float warp, float* const* x, uint32_t n_channels,
                        uint32_t n_frames, float* const* scratch);

#endif // FAL_PLUGIN_TONE_H
