// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file fade.h A raised cosine, counted in frames

#ifndef FAL_CORE_FADE_H
#define FAL_CORE_FADE_H

#include "core/attributes.h"

#include <math.h>
#include <stdint.h>

/**
   A fade from 0 to 1: (1 - cos(pi u)) / 2 with u = t / n at its frame t.

   The cosine is turned on from frame to frame, so that a fade gives the same
   gains whatever the pieces that it is run in.
*/
typedef struct {
  double   turn[2]; ///< exp(i pi u)
  double   step[2]; ///< exp(i pi / n)
  uint32_t n_left;  ///< Frames until it stays at 1
} FalFade;

/// Start a fade of n frames; 0 for one that is over
FAL_RT static inline void
fal_fade_begin(FalFade* const fade, const uint32_t n_frames)
{
  const double angle = n_frames ? M_PI / n_frames : 0.0;
  *fade = (FalFade){{1.0, 0.0}, {cos(angle), sin(angle)}, n_frames};
}

/// Write the gains of the next n frames
FAL_RT static inline void
fal_fade_run(FalFade* const fade, float* const gains, const uint32_t n_frames)
{
  for (uint32_t t = 0U; t < n_frames; ++t) {
    if (fade->n_left) {
      const double c = fade->turn[0];
      const double s = fade->turn[1];
      gains[t]       = (float)(0.5 - 0.5 * c);
      fade->turn[0]  = c * fade->step[0] - s * fade->step[1];
      fade->turn[1]  = c * fade->step[1] + s * fade->step[0];
      --fade->n_left;
    } else {
      gains[t] = 1.0f;
    }
  }
}

#endif // FAL_CORE_FADE_H
