// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file shelf.h The responses of the last files, kept for the next

#ifndef FAL_OFFLINE_SHELF_H
#define FAL_OFFLINE_SHELF_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/response.h"

#include <stdint.h>

/// How many are kept
#define FAL_SHELF_ROOM 4U

/// Responses, and in words what they were made for
typedef struct {
  struct {
    FalResponse response;
    char*       key; ///< Null: none
  } kept[FAL_SHELF_ROOM];
  uint32_t next; ///< To be replaced
} FalShelf;

/**
   Get a response: one that is kept, or made in the place of another.

   @param response Set on success; the shelf's, until the next call.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_shelf_get(FalShelf* shelf, FalResponse** response,
                                      const FalResponseRequest* request,
                                      FalError*                 error);

/// Free all; a zeroed shelf is fine
void fal_shelf_clear(FalShelf* shelf);

#endif // FAL_OFFLINE_SHELF_H
