// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file tone_gain.h How loud a response lets a tone through, by the definition

#ifndef FAL_TESTS_TONE_GAIN_H
#define FAL_TESTS_TONE_GAIN_H

#include "ir/audio.h"

#include <math.h>
#include <stdint.h>

/// The gain that a tone gets from channel 0 of a response
static inline double
tone_gain(const FalAudio* const audio, const double f_hz)
{
  double re = 0.0;
  double im = 0.0;
  for (uint32_t t = 0U; t < audio->n_frames; ++t) {
    const double phase = 2.0 * M_PI * f_hz * t / audio->rate_hz;
    re += audio->samples[t] * cos(phase);
    im += audio->samples[t] * sin(phase);
  }
  return sqrt(re * re + im * im);
}

#endif // FAL_TESTS_TONE_GAIN_H
