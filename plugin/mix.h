// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file mix.h The dry and the wet signal, each on its ramp

#ifndef FAL_PLUGIN_MIX_H
#define FAL_PLUGIN_MIX_H

#include "core/attributes.h"
#include "plugin/ramp.h"

#include <stdint.h>

/// What the mix heads for
typedef struct {
  float dry;   ///< Gain of the input
  float wet;   ///< Gain of the convolved signal
  float width; ///< Of two outputs: 0 mono, 1 as it is, 2 all side
} FalMixTarget;

/// A mixer on its way
typedef struct {
  uint32_t n_inputs;
  uint32_t n_outputs; ///< The same number, or more if there is one input
  FalRamp  dry;
  FalRamp  wet;
  FalRamp  width;
  float*   dry_gains; ///< [n_max]
  float*   wet_gains; ///< [n_max]
  float*   widths;    ///< [n_max]
} FalMix;

/// Return a level as a gain: 0 at #FAL_SILENCE_DB
FAL_RT float fal_mix_gain(float level_db);

/// Be there at once
FAL_RT void fal_mix_jump(FalMix* mix, const FalMixTarget* target);

/**
   Mix a block: out[o] = dry * in[i] + wet * convolved[o].

   @param in [n_inputs][n_frames]
   @param convolved [n_outputs][n_frames]; with two outputs it comes back in
   its new width.
   @param out [n_outputs][n_frames], overwritten; null channels are left out.
   @param n_frames At most `n_max`.
*/
FAL_RT void fal_mix_run(FalMix* mix, const FalRampCurve* curve,
                        const FalMixTarget* target, const float* const* in,
                        float* const* convolved, float* const* out,
                        uint32_t n_frames);

#endif // FAL_PLUGIN_MIX_H
