// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/shelf.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/response.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

FalStatus
fal_shelf_get(FalShelf* const shelf, FalResponse** const response,
              const FalResponseRequest* const request, FalError* const error)
{
  char* const key = fal_response_key(request);
  if (!key) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         request->paths[0]);
  }
  for (uint32_t k = 0U; k < FAL_SHELF_ROOM; ++k) {
    if (shelf->kept[k].key && !strcmp(shelf->kept[k].key, key)) {
      free(key);
      *response = &shelf->kept[k].response;
      return FAL_OK;
    }
  }
  const uint32_t k = shelf->next;
  fal_response_clear(&shelf->kept[k].response);
  free(shelf->kept[k].key);
  shelf->kept[k].key = NULL;
  const FalStatus st =
    fal_response_make(&shelf->kept[k].response, request, error);
  if (st) {
    free(key);
    return st;
  }
  shelf->kept[k].key = key;
  shelf->next        = (k + 1U) % FAL_SHELF_ROOM;
  *response          = &shelf->kept[k].response;
  return FAL_OK;
}

void
fal_shelf_clear(FalShelf* const shelf)
{
  for (uint32_t k = 0U; k < FAL_SHELF_ROOM; ++k) {
    fal_response_clear(&shelf->kept[k].response);
    free(shelf->kept[k].key);
  }
  memset(shelf, 0, sizeof(*shelf));
}
