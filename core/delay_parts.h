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
  double         beta;    ///< Of #FAL_DELAY_PHAT
  double         high_hz; ///< Frequencies above are left out; 0: none
} FalWeighting;

/// A peak of a generalised cross-correlation, or a line of them
typedef struct {
  double   lag;         ///< Frames, at the origin; positive: b is late
  double   origin;      ///< Frame of a
  double   slope;       ///< Frames a frame
  double   slope_error; ///< How far off the slope may be
  double   z;           ///< Height over the deviation of the noise floor
  double   score;       ///< z * z / (height of the best other peak)
  uint32_t channel_a;   ///< Where it was found
  uint32_t channel_b;
  bool     inverted; ///< The peak is negative
} FalPeak;

/// Peaks, best first
typedef struct {
  uint32_t n;
  FalPeak  at[FAL_MAX_CANDIDATES];
} FalPeaks;

/// Where a piece of a is heard in b
typedef struct {
  double   time; ///< Middle of the piece, frame of a
  double   lag;  ///< Frames
  double   z;    ///< Height over the deviation of the noise floor
  uint32_t piece;
  bool     inverted;
} FalPoint;

/**
   A straight line of delay over time.

   Content at frame t of a stands at t + lag + slope * (t - origin) of b.
*/
typedef struct {
  double   origin; ///< Frame of a: the middle of the common part
  double   lag;    ///< Frames
  double   slope;  ///< Frames a frame; 1e-6 is 1 ppm
  double   z;      ///< Height of the slant stack over its deviation
  uint32_t channel_a;
  uint32_t channel_b;
  bool     inverted;
} FalLine;

/// Lines, the best first
typedef struct {
  uint32_t n;
  FalLine  at[FAL_MAX_CANDIDATES];
} FalLines;

/// What is known of a refined line
typedef struct {
  double deviation;   ///< Of the lag, frames (Cramér–Rao, from coherence)
  double information; ///< That one recording has of the other, nats a frame
  double change;      ///< Frame of a from which another line holds; 0: none
} FalFit;

/// Indices of the evidence that the confidence follows from
enum {
  FAL_EVIDENCE_LINE,       ///< Height of the line over chance
  FAL_EVIDENCE_FAR,        ///< … over that of the best line far from it
  FAL_EVIDENCE_NEAR,       ///< … over that of the best other line
  FAL_EVIDENCE_INFORMATION ///< Information over that along the best contender
};

/// Return the chance that a delay with this evidence is right
double fal_delay_confidence(const double* evidence);

/// Return the delay of a line at frame t of a, in frames
double fal_line_at(const FalLine* line, double t);

/// Return whether a line is within the bounds, in the middle; a step may have
/// moved it out
bool fal_line_is_within(const FalLine* line, const FalDelayPair* pair);

/// Find the part of a, in frames, that a line has in b; false if there is none
bool fal_line_overlap(const FalLine* line, const FalDelayPair* pair,
                      double* start, double* end);

/// Find the bins low … high - 1 that a weighting uses; `bins_hz` is bins a
/// hertz
void fal_weighting_band(const FalWeighting* weighting, const FalDelayPair* pair,
                        double bins_hz, uint32_t n_bins, uint32_t* low,
                        uint32_t* high);

/// Weigh the cross-spectrum conj(a) * b in bins low … high - 1 of g, which may
/// be b unless the weighting is SCOT or Roth
void fal_weigh(float* g, const float* a, const float* b, uint32_t low,
               uint32_t high, const FalWeighting* weighting);

/// Add a peak to the list, or merge it with one of the same delay
void fal_peaks_add(FalPeaks* peaks, const FalPeak* peak, double rate_hz);

/// Return whether channel `c` is the one that is wanted, or any is
bool fal_is_wanted(uint32_t wanted, uint32_t c);

/**
   Find peaks of the cross-correlations of whole recordings.

   @param is_levelled What is soft counts as much as what is loud: else a soft
   part that both have drowns in loud ones that only one has.
*/
FAL_NODISCARD FalStatus fal_delay_find_whole(FalPeaks*           peaks,
                                             const FalDelayPair* pair,
                                             bool                is_levelled);

/// Return the memory that fal_delay_find_whole() takes, in bytes
double fal_delay_whole_bytes(const FalDelayPair* pair);

/// Find lines of peaks of pieces of a in b; for recordings of any length
FAL_NODISCARD FalStatus fal_delay_find_pieces(FalPeaks*           peaks,
                                              const FalDelayPair* pair);

/**
   Add the lines that points lie on.

   @param points [n], those of a piece one after the other.
   @return Whether several pieces agree beyond doubt.
*/
bool fal_delay_vote(FalPeaks* peaks, const FalPoint* points, uint32_t n,
                    double rate_hz, uint32_t channel_a, uint32_t channel_b);

/// Fit a line to windows along the common part, around a peak
FAL_NODISCARD FalStatus fal_delay_trace(FalLine* line, const FalPeak* peak,
                                        const FalDelayPair* pair);

/// Trace peaks and keep the lines in order: `n_least` of them, and up to
/// `n_most` unless they are much lower than the first
FAL_NODISCARD FalStatus fal_delay_trace_peaks(FalLines*           lines,
                                              const FalPeaks*     peaks,
                                              const FalDelayPair* pair,
                                              uint32_t            n_least,
                                              uint32_t            n_most);

/// Return how much higher the first line is than the best one, or chance, that
/// is farther from it than `distance`, frames
double fal_lines_ratio(const FalLines* lines, double distance);

/// Refine a line on the phase of the aligned cross-spectrum
FAL_NODISCARD FalStatus fal_delay_refine(FalLine* line, FalFit* fit,
                                         const FalDelayPair* pair);

/**
   Choose the line that a pair has.

   @param lines Set: the first is refined, and the one that holds at the start;
   the others were considered. None if nothing was found.
   @param evidence [#FAL_DELAY_N_EVIDENCE], what speaks for the match.
*/
FAL_NODISCARD FalStatus fal_delay_choose(FalLines* lines, FalFit* fit,
                                         double*             evidence,
                                         const FalDelayPair* pair);

/**
   Find out whether one line holds up to a time, and another one from it on.

   @param change Set to the frame of a where `before` gives way to `after`; NAN
   if they do not follow each other.
*/
FAL_NODISCARD FalStatus fal_delay_change(double* change, const FalLine* before,
                                         const FalLine*      after,
                                         const FalDelayPair* pair);

#endif // FAL_CORE_DELAY_PARTS_H
