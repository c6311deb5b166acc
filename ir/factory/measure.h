// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file measure.h What the tests see in a response

#ifndef FAL_IR_FACTORY_MEASURE_H
#define FAL_IR_FACTORY_MEASURE_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/acoustics.h"

#include <stdint.h>

/// A signal, or an octave of it at a rate that is just high enough
typedef struct {
  double*  samples;
  uint32_t n_frames;
  double   rate_hz;
} FalBand;

/// Return how much of a frequency belongs to an octave: 1 in it, 0 beyond, with
/// a raised cosine of a fifth of an octave at both edges
double fal_octave_share(uint32_t octave, double frequency_hz);

/// Split x into octaves without a change of phase; free each one's samples
FAL_NODISCARD FalStatus fal_bands_split(FalBand       bands[FAL_N_OCTAVES],
                                        const double* x, uint32_t n_frames);

/// Undo a decay of 60 dB in some time, so that the band goes on as it started
void fal_band_flatten(FalBand* band, double rt60_s);

/// Return the reverberation time by which the backward integral falls between
/// two levels (negative, dB), by least squares (ISO 3382-1); 0 if it never does
double fal_measure_rt60(const FalBand* band, double from_db, double to_db);

/// Return the reverberation time that an octave of noise would show between
/// two levels, each of its frequencies decaying by the curve
double fal_expect_rt60(const double rt60_s[FAL_N_OCTAVES],
                       const double level_db[FAL_N_OCTAVES], uint32_t octave,
                       double from_db, double to_db);

/// Return the normalised echo density around a frame (Abel & Huang 2006): 1
/// for normal noise, less where single echoes stand out
double fal_measure_echo_density(const double* x, uint32_t n_frames,
                                uint32_t frame);

/// Return the normalised product of two signals, between -1 and 1
double fal_measure_coherence(const double* a, const double* b,
                             uint32_t n_frames);

/**
   Return how far the highest bin of a spectrum rises over its neighbours, dB.

   Under a Hann window, the power of each bin between two frequencies is
   compared with the mean of the hundred bins around it; 0 if there are not that
   many.
*/
double fal_measure_peakiness(const double* x, uint32_t n_frames, double rate_hz,
                             double low_hz, double high_hz);

/// Return the power with which x leaves a K-weighting filter (BS.1770-4, in
/// time) while it loops
double fal_measure_k_power(const double* x, uint32_t n_frames);

#endif // FAL_IR_FACTORY_MEASURE_H
