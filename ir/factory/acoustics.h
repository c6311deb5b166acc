// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file acoustics.h The physics that recipes are written in

#ifndef FAL_IR_FACTORY_ACOUSTICS_H
#define FAL_IR_FACTORY_ACOUSTICS_H

#include <stdint.h>

/// Rate of all factory responses
#define FAL_FACTORY_RATE_HZ 48000.0

/// Octave bands of a recipe: 63, 125 … 16000 Hz
#define FAL_N_OCTAVES 9U

/// Speed of sound in air of 20 degrees, m/s
#define FAL_SOUND_SPEED 343.2

/// Time in which a level falls by 60 dB, times the decay rate of the amplitude
#define FAL_LN_1000 6.907755278982137

/// Return the centre of an octave band, Hz
double fal_octave_hz(uint32_t octave);

/**
   Read a curve that is given by octaves at any frequency.

   Between the bands it is straight over the logarithm of frequency, below and
   above them it is level.
*/
double fal_octaves_at(const double octaves[FAL_N_OCTAVES], double frequency_hz);

/// Return what air of 20 degrees and 50 % humidity absorbs at sea level, dB/m
/// (ISO 9613-1)
double fal_air_db_per_m(double frequency_hz);

/// Return what microphones lose above 16 kHz, dB: the top ends gently, and
/// fractions of a frame do not ring
double fal_top_db(double frequency_hz);

/// Return the K-weighting of a power spectrum (ITU-R BS.1770-4)
double fal_k_weight(double frequency_hz);

#endif // FAL_IR_FACTORY_ACOUSTICS_H
