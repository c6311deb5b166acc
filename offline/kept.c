// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/kept.h"

#include <stdlib.h>
#include <string.h>

FalStatus
fal_kept_get(FalKept* const kept, const FalResponseRequest* const request,
             FalResponse** const response, FalError* const error)
{
  char* const key = fal_response_key(request);
  if (!key) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         request->paths[0]);
  }
  for (uint32_t k = 0U; k < FAL_N_KEPT; ++k) {
    if (kept->places[k].key && !strcmp(kept->places[k].key, key)) {
      free(key);
      *response = &kept->places[k].response;
      return FAL_OK;
    }
  }

  const uint32_t k = kept->next;
  fal_response_clear(&kept->places[k].response);
  free(kept->places[k].key);
  kept->places[k].key = NULL;
  const FalStatus st =
    fal_response_make(&kept->places[k].response, request, error);
  if (st) {
    free(key);
    return st;
  }
  kept->places[k].key = key;
  kept->next          = (k + 1U) % FAL_N_KEPT;
  *response           = &kept->places[k].response;
  return FAL_OK;
}

void
fal_kept_clear(FalKept* const kept)
{
  for (uint32_t k = 0U; k < FAL_N_KEPT; ++k) {
    fal_response_clear(&kept->places[k].response);
    free(kept->places[k].key);
  }
  *kept = (FalKept){.next = 0U};
}
