// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file comparison.h Two files are compared: what `delay` and `align` share

#ifndef FAL_OFFLINE_COMPARISON_H
#define FAL_OFFLINE_COMPARISON_H

#include "core/attributes.h"
#include "core/delay.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/compared.h"

#include <popt.h>

#include <stdbool.h>

/// How to compare, as the command line says it; not to be copied
typedef struct {
  char*        method; ///< Null: auto
  char*        window; ///< Null: all of A
  double       low_hz;
  double       high_hz;
  double       min_s; ///< Of B; infinite: no bound
  double       max_s;
  int          channel_a; ///< From 1; INT_MIN: any
  int          channel_b;
  FalDelayPair pair;    ///< What follows for the core, but the recordings
  double       start_s; ///< Of the part of A that is compared
  double       end_s;   ///< 0: up to its end
  bool         track;   ///< Follow the delay, too
  bool         pieces;  ///< Part it where it jumps, too
  double       reach_s; ///< How far jumps are sought; 0: as candidates tell
  struct poptOption table[9];
} FalComparison;

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

#endif // FAL_OFFLINE_COMPARISON_H
