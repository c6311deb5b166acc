// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file convolve_options.h The command line of `convolve`

#ifndef FAL_OFFLINE_CONVOLVE_OPTIONS_H
#define FAL_OFFLINE_CONVOLVE_OPTIONS_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/settings.h"

#include <popt.h>

#include <stdbool.h>

/// Room for the table of options
#define FAL_CONVOLVE_MAX_OPTIONS 48U

/// The options as popt stores them; strings are owned
typedef struct {
  char*     output;
  char**    irs; ///< Ended by null; null: none
  char*     manifest;
  char*     container;
  char*     subtype;
  char*     mode;
  char*     order;
  char*     matrix;
  char*     precision;
  char*     shard;
  char*     normalise;
  char*     channels;
  int       match_level;
  int       force;
  int       mono;
  int       resume;
  int       no_dither;
  int       strict;
  int       fail_on_clip;
  int       align;
  int       json;
  int       quiet;
  int       n_threads; ///< 0: two for a single file, one in lists
  int       n_jobs;    ///< 0: as many as there are processors
  long long choose;    ///< Seed of the choice; below 0: none
  double    gain_db;
  double    wet_db;
  double    dry_db;
  double    predelay_ms;
  double    start_s;
  double    duration_s;
  double    tail_db; ///< Minus infinity: none
} FalConvolveOptions;

/// Set the defaults, and fill a table that stores into the options
void
fal_convolve_options_init(FalConvolveOptions* options,
                          struct poptOption   table[FAL_CONVOLVE_MAX_OPTIONS]);

/// Free what popt has stored
void fal_convolve_options_clear(FalConvolveOptions* options);

/**
   Make settings of the options.

   @return #FAL_EXIT_DONE, or #FAL_EXIT_USAGE with a sentence.
*/
FAL_NODISCARD FalExit fal_convolve_options_settle(
  FalRenderSettings* settings, const FalConvolveOptions* options,
  const FalUsage* usage, FalError* error);

#endif // FAL_OFFLINE_CONVOLVE_OPTIONS_H
