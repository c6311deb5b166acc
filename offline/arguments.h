// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file arguments.h The command line of a subcommand, read by popt

#ifndef FAL_OFFLINE_ARGUMENTS_H
#define FAL_OFFLINE_ARGUMENTS_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/command.h"

#include <popt.h>

#include <stdbool.h>
#include <stdint.h>

/// What a subcommand takes, and what its --help says
typedef struct {
  const char* name;     ///< "convolve"
  const char* synopsis; ///< "[OPTION...] IN IR -o OUT"
  const char* purpose;  ///< A sentence or more, each line ended
  const char* examples; ///< Lines that work, each indented by two and ended
  const struct poptOption* options; ///< Ended by POPT_TABLEEND; each option
                                    ///< stores its value (`val` is 0)
  uint32_t min_args;                ///< Least number of other arguments
  uint32_t max_args;                ///< Most
} FalUsage;

/// The arguments that are not options
typedef struct {
  const char* const* args; ///< [n_args], until fal_arguments_clear()
  uint32_t           n_args;
  poptContext        context;
} FalArguments;

/**
   Read options and arguments; print the help if that is what is asked for.

   @param code Set where the result is false: what the subcommand ends with.
   @return Whether the subcommand shall go on. Call fal_arguments_clear() in
   either case.
*/
FAL_NODISCARD bool fal_arguments_read(FalArguments*   arguments,
                                      const FalUsage* usage, int argc,
                                      const char** argv, FalExit* code,
                                      FalError* error);

/**
   Write down a mistake in the command line, as "command: sentence (see …)".

   @return #FAL_EXIT_USAGE, so that it can be returned at once.
*/
FalExit fal_arguments_refuse(const FalUsage* usage, FalError* error,
                             const char* format, ...) FAL_PRINTF(3, 4);

/// Free what was read
void fal_arguments_clear(FalArguments* arguments);

#endif // FAL_OFFLINE_ARGUMENTS_H
