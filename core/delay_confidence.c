// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_confidence.c The chance that a delay is right.

   A logistic model over the logarithms of two numbers: the height of the line
   over chance, and that over the best other line's. Fitted on pairs with known
   delays, unrelated ones among them; right means within a millisecond. The
   agreement of phases and the height of the peak in the whole correlation were
   tried as well, and add nothing. The constants: bench/delay/generate.py --seed
   2 --count 20 --unrelated 250, score.py --keep, fit.py, in this order.
*/

#include "core/delay_parts.h"

#include <math.h>

/// How much the logarithm of the height weighs
#define LINE_WEIGHT 1.4348

/// How much that of the ratio weighs
#define RATIO_WEIGHT 1.7899

/// What speaks against a match before anything is known
#define OFFSET (-7.9807)

/// A rival that is lower by more is none; a logarithm
#define MOST_RATIO 3.0

double
fal_delay_confidence(const double* const evidence)
{
  const double line  = log(fmax(evidence[FAL_EVIDENCE_LINE], 1.0));
  const double ratio = log(fmax(evidence[FAL_EVIDENCE_RATIO], 1.0));

  return 1.0 / (1.0 + exp(-(OFFSET + LINE_WEIGHT * line +
                            RATIO_WEIGHT * fmin(ratio, MOST_RATIO))));
}
