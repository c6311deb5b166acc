// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file comparison.h Two files are compared: what `delay` and `align` share

#ifndef FAL_OFFLINE_COMPARISON_H
#define FAL_OFFLINE_COMPARISON_H

#include "core/attributes.h"
#include "core/delay.h"
#include "core/delay_steps.h"
#include "core/delay_track.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"

#include <jansson.h>
#include <popt.h>

#include <stdbool.h>

/// How to compare, as the command line says it; not to be copied
typedef struct {
  char*        method; ///< Null: auto
  char*        window; ///< Null: all of A
  double       low_hz;
  double       high_hz;
  double       min_s; ///< NaN: no bound
  double       max_s;
  int          channel_a; ///< From 1; 0: any
  int          channel_b;
  FalDelayPair pair;    ///< What follows for the core, but the recordings
  double       start_s; ///< Of the part of A that is compared
  double       end_s;   ///< 0: up to its end
  bool         track;   ///< Follow the delay, too
  bool         pieces;  ///< Part it where it jumps, too
  double       reach_s; ///< How far jumps are sought; 0: as candidates tell
  struct poptOption table[9];
} FalComparison;

/// What was found about a pair; cleared by fal_compared_clear()
typedef struct {
  FalDelay      delay;
  double        rate_hz; ///< Of the comparison
  FalDelayTrack track;   ///< Empty unless it was asked for
  FalDelaySteps pieces;  ///< Empty unless they were asked for
} FalCompared;

/// Set what holds without options, and lay out the options' table
void fal_comparison_init(FalComparison* comparison);

/// Free what the options hold
void fal_comparison_clear(FalComparison* comparison);

/// Check the options once they are read; #FAL_EXIT_DONE or #FAL_EXIT_USAGE
FAL_NODISCARD FalExit fal_comparison_check(FalComparison*  comparison,
                                           const FalUsage* usage,
                                           FalError*       error);

/**
   Estimate the delay of the file B against the file A.

   Files of different rates are compared at the higher one.

   @param compared Set on success.
*/
FAL_NODISCARD FalStatus fal_comparison_run(FalCompared*         compared,
                                           const FalComparison* comparison,
                                           const char*          path_a,
                                           const char* path_b, FalError* error);

/// Why there is no match, in words
const char* fal_comparison_reason(const FalDelay* delay);

/// A result as an object, null if memory ran out
json_t* fal_comparison_json(const char* name_a, const char* name_b,
                            const FalCompared* compared);

/// Free what was found; a zeroed struct is fine
void fal_compared_clear(FalCompared* compared);

#endif // FAL_OFFLINE_COMPARISON_H
