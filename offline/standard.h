// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file standard.h Standard input, output and error, also where they are
/// closed

#ifndef FAL_OFFLINE_STANDARD_H
#define FAL_OFFLINE_STANDARD_H

#include "ir/error.h"
#include "offline/command.h"

/**
   Occupy those of the descriptors 0 to 2 that are closed.

   Otherwise the next file to be opened would get the number, and messages
   would be written into it. What is read from or written to them later fails
   as it does on a closed one.
*/
void fal_standard_open(void);

/**
   Flush standard output at the end.

   @return #FAL_EXIT_DONE, or #FAL_EXIT_FAILED with a sentence if something
   printed could not be written.
*/
FalExit fal_standard_close(FalError* error);

#endif // FAL_OFFLINE_STANDARD_H
