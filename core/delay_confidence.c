// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_confidence.c The chance that a delay is right.

   A logistic model over logarithms: of the height of the line over chance; of
   that over the best other line's, far off (what else may match) and near
   (reflections); and of the information along the line over that along the best
   contender's. Fitted on pairs with known delays, unrelated ones among them;
   right means within a millisecond. How even the windows are along the line,
   and the information in all, were tried as well, and add little. The
   constants: bench/delay/fit.py over what score.py --keep wrote, see
   bench/delay/README.md.
*/

#include "core/delay_parts.h"

#include <math.h>

/// How much each piece of evidence weighs
static const double weights[FAL_DELAY_N_EVIDENCE] = {2.0166, 0.9810, 2.1884,
                                                     1.3779};

/// What speaks against a match before anything is known
#define OFFSET (-12.0708)

/// Logarithms beyond this say no more
#define MOST 3.0

double
fal_delay_confidence(const double* const evidence)
{
  double sum = OFFSET;
  for (uint32_t i = 0U; i < FAL_DELAY_N_EVIDENCE; ++i) {
    const double value = log(fmax(evidence[i], 1.0));
    sum += weights[i] * (i == FAL_EVIDENCE_LINE ? value : fmin(value, MOST));
  }
  return 1.0 / (1.0 + exp(-sum));
}
