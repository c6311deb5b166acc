// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file chance.h How high scores of normalised correlation get by chance.

   If the n degrees of freedom of a clip were independent, one score would
   exceed s with a probability of about (1 - s^2)^((n - 2) / 2), up to factors
   that vary slowly (Fisher 1915). Those of speech and music are not:
   neighbours depend on each other, the more so the more clip and recording
   resemble each other in spectrum and rhythm, and now more, now less. What
   remains is the form: u = -ln(1 - s^2) has an exponential tail.

   So the tail is measured. The highest score of each of many stretches is kept;
   of u beyond a quantile, the mean excess is the tail's scale (Hill 1975, of
   1 / (1 - s^2), whose logarithm u is). A scale that k excesses tell is
   uncertain, and turns exp(-e) into (1 + e / k)^-k.

   What is measured has no occurrences in it, or else they would be what is
   expected. The clip *played backwards* does not occur, and has the same
   spectrum, level and rhythm; but what begins hard and dies away, as a period
   of a voice or a blow on a drum, is unlike its own turning, and such scores
   are too low: among speech, ten times as many were exceeded as they foretold.
   Hence they tell what is an occurrence beyond doubt; from what is left, the
   clip as it is tells the tail, too, and the heavier one counts.
*/

#ifndef FAL_CORE_CHANCE_H
#define FAL_CORE_CHANCE_H

#include <stddef.h>

/// The tail of scores without a match
typedef struct {
  double start;   ///< Of the tail: -ln(1 - s^2)
  double scale;   ///< Mean excess over that
  double rate;    ///< At which the start is exceeded, a frame
  double n_above; ///< Scores that tell the scale
} FalChance;

/**
   Fit the tail.

   @param highest [n], the highest |score| of each stretch; sorted afterwards.
   @param n_stretch Frames in a stretch.
*/
void fal_chance_fit(FalChance* chance, double* highest, size_t n,
                    double n_stretch);

/// Return the score, 0 to 1, so many mean excesses beyond the tail's start
double fal_chance_score(const FalChance* chance, double n_scales);

/// Return the score, 0 to 1, that is exceeded by chance `rate` times a frame
double fal_chance_threshold(const FalChance* chance, double rate);

/// Return how often a frame a score is exceeded by chance
double fal_chance_rate(const FalChance* chance, double score);

#endif // FAL_CORE_CHANCE_H
