// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/instance.h"
#include "plugin/session.h"
#include "plugin/wish.h"

#include <lv2/core/lv2_util.h>
#include <lv2/state/state.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
free_path(const LV2_Feature* const* const features, char* const path)
{
  const LV2_State_Free_Path* const freer =
    (const LV2_State_Free_Path*)lv2_features_data(features,
                                                  LV2_STATE__freePath);
  if (path && freer) {
    freer->free_path(freer->handle, path);
  } else {
    free(path);
  }
}

typedef struct {
  const FalUris*            uris;
  LV2_State_Store_Function  store;
  LV2_State_Handle          state;
  const LV2_Feature* const* features;
} Saver;

/**
   Store a path.

   A file that is there is mapped, so that the host can take it along. One that
   is missing keeps the path that it was last known by: what a host makes of it
   would lead nowhere.
*/
static LV2_State_Status
store_path(const Saver* const saver, const LV2_URID key, const char* const path)
{
  const LV2_State_Map_Path* const map =
    (const LV2_State_Map_Path*)lv2_features_data(saver->features,
                                                 LV2_STATE__mapPath);
  char* const mapped =
    map && !access(path, F_OK) ? map->abstract_path(map->handle, path) : NULL;

  const char* const stored = mapped ? mapped : path;
  const uint32_t    flags =
    LV2_STATE_IS_POD | (mapped ? LV2_STATE_IS_PORTABLE : 0U);
  const LV2_State_Status st =
    saver->store(saver->state, key, stored, strlen(stored) + 1U,
                 saver->uris->atom_Path, flags);
  free_path(saver->features, mapped);
  return st;
}

static LV2_State_Status
store_number(const Saver* const saver, const LV2_URID key,
             const uint64_t number)
{
  return saver->store(saver->state, key, &number, sizeof(number),
                      saver->uris->atom_Long,
                      LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
}

static LV2_State_Status
save(const LV2_Handle handle, const LV2_State_Store_Function store,
     const LV2_State_Handle state, const uint32_t flags,
     const LV2_Feature* const* const features)
{
  FalInstance* const self    = (FalInstance*)handle;
  const Saver        saver   = {&self->uris, store, state, features};
  FalSession         session = {NULL, NULL, 0U, 0U};
  (void)flags;

  if (fal_loader_copy_session(&self->loader, &session)) {
    return LV2_STATE_ERR_UNKNOWN;
  }

  LV2_State_Status st = LV2_STATE_SUCCESS;
  if (session.path) {
    st = store_path(&saver, self->uris.ir, session.path);
  }
  if (!st && session.right_path) {
    st = store_path(&saver, self->uris.irRight, session.right_path);
  }
  if (!st && session.n_bytes) {
    st = store_number(&saver, self->uris.irSize, session.n_bytes);
  }
  if (!st && session.n_bytes) {
    st = store_number(&saver, self->uris.irHash, session.hash);
  }
  fal_session_clear(&session);
  return st;
}

typedef struct {
  const FalUris*              uris;
  LV2_State_Retrieve_Function retrieve;
  LV2_State_Handle            state;
  const LV2_Feature* const*   features;
} Restorer;

/// Return a stored path, to be freed, or null
static char*
retrieve_path(const Restorer* const restorer, const LV2_URID key)
{
  size_t      size  = 0U;
  uint32_t    type  = 0U;
  uint32_t    flags = 0U;
  const void* value =
    restorer->retrieve(restorer->state, key, &size, &type, &flags);
  if (!value || (type != restorer->uris->atom_Path &&
                 type != restorer->uris->atom_String)) {
    return NULL;
  }

  const size_t                    length = strnlen((const char*)value, size);
  char* const                     stored = length && length < FAL_PATH_MAX
                                             ? strndup((const char*)value, length)
                                             : NULL;
  const LV2_State_Map_Path* const map =
    (const LV2_State_Map_Path*)lv2_features_data(restorer->features,
                                                 LV2_STATE__mapPath);
  if (!stored || !map) {
    return stored;
  }

  char* const mapped = map->absolute_path(map->handle, stored);
  char* const path   = mapped && strnlen(mapped, FAL_PATH_MAX) < FAL_PATH_MAX
                         ? strdup(mapped)
                         : NULL;
  free_path(restorer->features, mapped);
  free(stored);
  return path;
}

static uint64_t
retrieve_number(const Restorer* const restorer, const LV2_URID key)
{
  size_t      size   = 0U;
  uint32_t    type   = 0U;
  uint32_t    flags  = 0U;
  uint64_t    number = 0U;
  const void* value =
    restorer->retrieve(restorer->state, key, &size, &type, &flags);
  if (value && type == restorer->uris->atom_Long && size == sizeof(number)) {
    memcpy(&number, value, sizeof(number));
  }
  return number;
}

/**
   Load what was saved, in the calling thread.

   That thread may wait, and run() may go on meanwhile: so it is safe at any
   time, needs no worker, and what plays next is what was restored.
*/
static LV2_State_Status
restore(const LV2_Handle handle, const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle state, const uint32_t flags,
        const LV2_Feature* const* const features)
{
  FalInstance* const self     = (FalInstance*)handle;
  const Restorer     restorer = {&self->uris, retrieve, state, features};
  (void)flags;

  FalSession session = {.path = retrieve_path(&restorer, self->uris.ir)};
  if (session.path) {
    session.right_path = retrieve_path(&restorer, self->uris.irRight);
    session.n_bytes    = retrieve_number(&restorer, self->uris.irSize);
    session.hash       = retrieve_number(&restorer, self->uris.irHash);
    fal_loader_restore(&self->loader, &session);
  }
  return LV2_STATE_SUCCESS;
}

const void*
fal_instance_state(void)
{
  static const LV2_State_Interface interface = {save, restore};
  return &interface;
}
