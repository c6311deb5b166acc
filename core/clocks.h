// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file clocks.h The clocks of several recordings, from the delays of pairs.

   Recording i shows p_i + (1 + d_i) t at time t. A delay between two recordings
   says that two times of theirs are one, which is linear in p / (1 + d) once
   the drifts are known, and so are the logarithms of 1 + d: two weighted least
   squares over a graph, of which each group of recordings that hang together
   has a solution, but for where time begins. Its first recording keeps the
   time.

   Delays that contradict all others must not pull at the rest: at first the sum
   of magnitudes is least (by weights that follow the residuals: Schlossmacher
   1973), which leaves the contradiction where it is; those delays are named,
   and left out.
*/

#ifndef FAL_CORE_CLOCKS_H
#define FAL_CORE_CLOCKS_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Delays that are further off than this contradict
#define FAL_CLOCKS_TOLERANCE_S 0.002

/// The delay of a pair
typedef struct {
  uint32_t a;
  uint32_t b;
  double   time_s;  ///< A time of a, best in the middle of the common part
  double   seconds; ///< The same content is so much later in b
  double   drift;   ///< Seconds a second: how the delay grows
  double   weight;  ///< Above 0: how far to trust it

  double residual_s; ///< Set: how much later than in the solution
  bool   is_outlier; ///< Set: it contradicts, and was left out
} FalLink;

/// The clock of a recording
typedef struct {
  double   seconds; ///< What it shows when the group's first one starts
  double   drift;   ///< How much faster it runs, seconds a second
  uint32_t group; ///< Index of the first recording that it hangs together with
} FalClock;

/**
   Solve.

   @param clocks [n_clocks], set on success.
   @param links [n_links], between clocks that are there; results are set.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_clocks_solve(FalClock* clocks, uint32_t n_clocks,
                                         FalLink* links, size_t n_links);

#endif // FAL_CORE_CLOCKS_H
