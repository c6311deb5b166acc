// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_parts.h The steps of delay estimation (private to core/delay*)

#ifndef FAL_CORE_DELAY_PARTS_H
#define FAL_CORE_DELAY_PARTS_H

#include "core/attributes.h"
#include "core/delay.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// Steepest drift that is looked for, frames a frame
#define FAL_MAX_SLOPE 300e-6

/// Most candidates that are kept from one step to the next
#define FAL_MAX_CANDIDATES 16U

/// Candidates closer than this are one
#define FAL_SAME_DELAY_S 0.003

/// How a cross-spectrum is weighted
typedef struct {
  FalDelayMethod method;
  double beta;    ///< Of #FAL_DELAY_PHAT
  double high_hz; ///< Frequencies above are left out; 0: none
} FalWeighting;

/// A peak of a generalised cross-correlation
typedef struct {
  double lag;         ///< Frames; positive: b is late
  double z;           ///< Height over the deviation of the noise floor
  double score;       ///< z * z / (height of the best other peak)
  uint32_t channel_a; ///< Where it was found
  uint32_t channel_b;
  bool inverted; ///< The peak is negative
} FalPeak;

/// Peaks, best first
typedef struct {
  uint32_t n;
  FalPeak at[FAL_MAX_CANDIDATES];
} FalPeaks;

/**
   A straight line of delay over time.

   Content at frame t of a stands at t + lag + slope * (t - origin) of b.
*/
typedef struct {
  double origin; ///< Frame of a: the middle of the common part
  double lag;    ///< Frames
  double slope;  ///< Frames a frame; 1e-6 is 1 ppm
  double z;      ///< Height of the slant stack over its deviation
  uint32_t channel_a;
  uint32_t channel_b;
  bool inverted;
} FalLine;

/// How sure a refined line is
typedef struct {
  double deviation; ///< Of the lag, frames (Cramér–Rao, from coherence)
  double coherent;  ///< Bins that agree, over the deviation of chance
  double bandwidth; ///< Effective width of the agreeing bins, of all
} FalFit;

/// Return the delay of a line at frame t of a, in frames
double fal_line_at(const FalLine* line, double t);

/// Find the part of a, in frames, that a line has in b; false if there is none
bool fal_line_overlap(const FalLine* line, const FalDelayPair* pair,
                      double* start, double* end);

/// Find the bins low … high - 1 that a weighting uses; `bins_hz` is bins a
/// hertz
void fal_weighting_band(const FalWeighting* weighting, const FalDelayPair* pair,
                        double bins_hz, uint32_t n_bins, uint32_t* low,
                        uint32_t* high);

/// Weigh the cross-spectrum conj(a) * b in bins low … high - 1 of g
void fal_weigh(float* g, const float* a, const float* b, uint32_t low,
               uint32_t high, const FalWeighting* weighting);

/// Add a peak to the list, or merge it with one of the same delay
void fal_peaks_add(FalPeaks* peaks, const FalPeak* peak, double rate_hz);

/// Find peaks of the cross-correlations of whole recordings
FAL_NODISCARD FalStatus fal_delay_find(FalPeaks* peaks,
                                       const FalDelayPair* pair);

/// Fit a line to windows along the common part, around a peak
FAL_NODISCARD FalStatus fal_delay_trace(FalLine* line, const FalPeak* peak,
                                        const FalDelayPair* pair);

/// Refine a line on the phase of the aligned cross-spectrum
FAL_NODISCARD FalStatus fal_delay_refine(FalLine* line, FalFit* fit,
                                         const FalDelayPair* pair);

#endif // FAL_CORE_DELAY_PARTS_H
