// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file network.h Files that are each compared with each

#ifndef FAL_OFFLINE_NETWORK_H
#define FAL_OFFLINE_NETWORK_H

#include "ir/error.h"
#include "offline/command.h"
#include "offline/comparison.h"

#include <stdbool.h>
#include <stdint.h>

/**
   Compare all pairs of files, and print when each of them starts.

   @param names [n_files], at least two.
   @param json One object in place of sentences.
   @return #FAL_EXIT_DONE; #FAL_EXIT_NOTHING if not all of them hang together;
   #FAL_EXIT_FAILED, which `error` explains.
*/
FalExit fal_network_run(const FalComparison* comparison,
                        const char* const* names, uint32_t n_files, bool json,
                        FalError* error);

#endif // FAL_OFFLINE_NETWORK_H
