// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file command.h The subcommands of the program

#ifndef FAL_OFFLINE_COMMAND_H
#define FAL_OFFLINE_COMMAND_H

#include "ir/error.h"

/// What the program ends with
typedef enum {
  FAL_EXIT_DONE,   ///< All is done
  FAL_EXIT_FAILED, ///< Something failed
  FAL_EXIT_USAGE,  ///< The command line makes no sense
  FAL_EXIT_NOTHING ///< Nothing was found (delay, find)
} FalExit;

/**
   A subcommand.

   @param argc Number of arguments, with the subcommand's name.
   @param argv [argc], argv[0] is the subcommand's name.
   @param error What main() prints if the result is #FAL_EXIT_FAILED or
   #FAL_EXIT_USAGE, or (if there is a sentence) #FAL_EXIT_NOTHING.
*/
typedef FalExit (*FalCommand)(int argc, const char** argv, FalError* error);

FalExit fal_command_align(int argc, const char** argv, FalError* error);
FalExit fal_command_convolve(int argc, const char** argv, FalError* error);
FalExit fal_command_correlate(int argc, const char** argv, FalError* error);
FalExit fal_command_delay(int argc, const char** argv, FalError* error);
FalExit fal_command_find(int argc, const char** argv, FalError* error);
FalExit fal_command_info(int argc, const char** argv, FalError* error);
FalExit fal_command_ir(int argc, const char** argv, FalError* error);

#endif // FAL_OFFLINE_COMMAND_H
