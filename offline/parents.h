// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file parents.h The folders that an output is to lie in

#ifndef FAL_OFFLINE_PARENTS_H
#define FAL_OFFLINE_PARENTS_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/error.h"

/**
   Make the folders above a path that are not there.

   @return #FAL_OK, #FAL_ERR_WRITE or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_parents_make(const char* path, FalError* error);

#endif // FAL_OFFLINE_PARENTS_H
