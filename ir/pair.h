// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file pair.h Files that hold the left and the right of one response

#ifndef FAL_IR_PAIR_H
#define FAL_IR_PAIR_H

#include "core/attributes.h"
#include "core/status.h"

/**
   Find the partner of a file by its name.

   A name whose stem ends in L or R, left or right (in small, capital or
   capitalised letters) after a `-`, `_`, `.` or a space has the partner in
   which that word is the other one, if there is such a file.

   @param left The left file's path, for the caller to free; null if `path` has
   no partner.
   @param right The right file's path, likewise.
   @return #FAL_OK or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_pair_find(char** left, char** right,
                                      const char* path);

#endif // FAL_IR_PAIR_H
