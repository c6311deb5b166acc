// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file kept.h The last few responses, for runs that choose among them

#ifndef FAL_OFFLINE_KEPT_H
#define FAL_OFFLINE_KEPT_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/response.h"

#include <stdint.h>

#define FAL_N_KEPT 4U

/// Zeroed: none
typedef struct {
  struct {
    FalResponse response;
    char*       key; ///< What it was made for, in words; null: none
  } places[FAL_N_KEPT];
  uint32_t next; ///< To be replaced
} FalKept;

/**
   Get a response: one that is kept, or made in the place of the oldest.

   @param response Set on success; belongs to `kept`, until it is replaced.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_kept_get(FalKept*                  kept,
                                     const FalResponseRequest* request,
                                     FalResponse** response, FalError* error);

/// Free all
void fal_kept_clear(FalKept* kept);

#endif // FAL_OFFLINE_KEPT_H
