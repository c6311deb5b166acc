// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_IR_FACTORY_DIFFUSE_H
#define FAL_IR_FACTORY_DIFFUSE_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/acoustics.h"
#include "ir/factory/random.h"

#include <stdint.h>

/// A diffuse sound field at one or two microphones
typedef struct {
  double   rt60_s[FAL_N_OCTAVES]; ///< Decay, negative: rise
  double   level_db[FAL_N_OCTAVES];
  double   power;          ///< Of a sample at the time of emission
  double   start_s;        ///< Time since the emission at the first frame
  double   onset_s;        ///< Time from the first frame in which it comes up
  double   mixing_s;       ///< Time since the emission at which echoes overlap
  double   dissolve_per_s; ///< Rate at which reflections turn into it
  double   spacing_m;      ///< Between the microphones
  double   coherence; ///< Between the two, were they in one place (-1 to 1)
  uint32_t frame;     ///< Time over which the spectrum changes, a power of two
} FalDiffuse;

/**
   Add a decaying diffuse field to one channel or to two.

   Normal noise, at first sparse (the density of echoes grows with the square of
   time up to the mixing time), shaped in short overlapping
   spectra: each bin decays by its own reverberation time (Moorer 1979, refined
   to a continuous curve), and two channels are as coherent as a diffuse field
   leaves them, coherence * sin(k d) / (k d) (Cook et al. 1955).

   @param left [n_frames], added to.
   @param right [n_frames], or null.
*/
FAL_NODISCARD FalStatus fal_diffuse_add(double* left, double* right,
                                        uint32_t          n_frames,
                                        const FalDiffuse* diffuse,
                                        FalRandom*        random);

#endif // FAL_IR_FACTORY_DIFFUSE_H
