// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay.h Time-delay estimation between two recordings.

   The way of a pair:
   - candidates: peaks of the generalised cross-correlation (Knapp and Carter,
     "The generalized correlation method for estimation of time delay", IEEE
     ASSP-24, 1976) under several weightings, of the whole recordings if they
     are short, else of pieces of `a` against all of `b`. Levels are evened out
     first, for soft parts to count; if that leaves doubt, the recordings are
     searched as they are, too;
   - lines: windows along the common part are correlated by themselves and
     summed along lines of delay over time (a slant stack, known from
     seismology), which gives offset and clock drift, and how significant the
     match is. Lines that contend, as among repetitions, are told apart by the
     information that the recordings have in common along them (Gelfand and
     Yaglom 1957);
   - refinement: the phase of the aligned, Welch-averaged cross-spectrum,
   weighted for maximum likelihood by coherence (Hannan and Thomson 1973; Knapp
   and Carter 1976, eq. 37), Newton's method for the fraction of a frame;
   - confidence: a logistic model of what the steps found, fitted on pairs whose
     delay is known (bench/delay).
*/

#ifndef FAL_CORE_DELAY_H
#define FAL_CORE_DELAY_H

#include "core/attributes.h"
#include "core/recording.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// Most candidates that are reported
#define FAL_DELAY_MAX_CANDIDATES 16U

/// Numbers that the confidence follows from
#define FAL_DELAY_N_EVIDENCE 4U

/// Names any channel
#define FAL_ANY_CHANNEL UINT32_MAX

/// The weighting of the cross-spectrum G, with auto-spectra Gaa and Gbb
typedef enum {
  FAL_DELAY_AUTO,  ///< Several to find the delay, maximum likelihood to refine
  FAL_DELAY_XCORR, ///< 1: plain cross-correlation
  FAL_DELAY_PHAT,  ///< 1 / |G|^beta
  FAL_DELAY_SCOT,  ///< 1 / sqrt(Gaa Gbb)
  FAL_DELAY_ROTH,  ///< 1 / Gaa
  FAL_DELAY_ML     ///< Coherence² / (1 - coherence²) / |G|; found as by AUTO
} FalDelayMethod;

/// Two recordings at one sample rate, and what is wanted of them
typedef struct {
  FalRecording   a;
  FalRecording   b;
  double         rate_hz;   ///< Of both
  double         min_s;     ///< Least delay considered
  double         max_s;     ///< Largest; both 0: any delay with overlap
  double         low_hz;    ///< Lowest frequency that is used
  double         high_hz;   ///< Highest; 0: up to half the rate
  FalDelayMethod method;    ///< How spectra are weighted
  double         beta;      ///< Exponent of #FAL_DELAY_PHAT, 0 to 1
  uint32_t       channel_a; ///< The one to compare, or #FAL_ANY_CHANNEL
  uint32_t       channel_b; ///< The one to compare, or #FAL_ANY_CHANNEL
  uint32_t n_candidates;    ///< At least as many are considered, if there are
} FalDelayPair;

/// A delay that was considered
typedef struct {
  double seconds;  ///< In the middle of the common part
  double score;    ///< Height in standard deviations of chance
  bool   inverted; ///< The polarity is opposite
} FalDelayCandidate;

/// What was found
typedef struct {
  double   seconds;    ///< At the start of a; positive: b is late
  double   drift_ppm;  ///< Positive: the delay grows with time
  bool     inverted;   ///< The polarity of b is the opposite of a's
  double   confidence; ///< 0 to 1: the chance that `seconds` is right
  bool     no_match;   ///< The recordings have nothing in common
  uint32_t channel_a;  ///< The channels that were compared
  uint32_t channel_b;
  double   start_s; ///< Of the common part, in a's time
  double   end_s;
  double deviation_s; ///< Standard deviation of `seconds`, if there is a match
  double change_s; ///< From when in a another delay holds (frames were dropped
                   ///< or put in); 0 if that was not seen
  double   evidence[FAL_DELAY_N_EVIDENCE]; ///< See core/delay_confidence.c
  uint32_t n_candidates;
  FalDelayCandidate candidates[FAL_DELAY_MAX_CANDIDATES]; ///< Best first
} FalDelay;

/**
   Estimate by how much b is later than a.

   Content at time t of a stands at t + seconds + drift_ppm * 1e-6 * t of b.
   Drift is exactly 0 unless it is significant. Exchanging a and b gives exactly
   the negative delay; with drift, the inverse line. At most about 200 MB are
   used, however long the recordings are.

   @param delay Set on success.
   @return #FAL_OK (also when there is no match), #FAL_ERR_BAD_ARG,
   #FAL_ERR_NO_MEM, or what reading a recording returned.
*/
FAL_NODISCARD FalStatus fal_delay_estimate(FalDelay*           delay,
                                           const FalDelayPair* pair);

#endif // FAL_CORE_DELAY_H
