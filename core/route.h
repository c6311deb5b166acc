// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_CORE_ROUTE_H
#define FAL_CORE_ROUTE_H

#include <stdint.h>

/**
   One impulse response between an input and an output.

   A list of routes is a matrix of responses: y[output] += x[input] * ir, summed
   over the list. Pairs that are not listed are silent, and cost nothing.
   Several routes may join the same pair; their responses add.
*/
typedef struct {
  uint32_t     input;    ///< Index of the input channel
  uint32_t     output;   ///< Index of the output channel
  uint32_t     n_frames; ///< Length of `ir`, at least 1
  const float* ir;       ///< [n_frames], finite
} FalRoute;

#endif // FAL_CORE_ROUTE_H
