// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/host.h"
#include "tests/host/parts.h"

#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char*           uris[HOST_MAX_URIS];
static uint32_t        n_uris = 0U;

LV2_URID
host_map(const char* const uri)
{
  pthread_mutex_lock(&lock);
  uint32_t u = 0U;
  while (u < n_uris && strcmp(uris[u], uri)) {
    ++u;
  }
  if (u == n_uris) {
    if (n_uris == HOST_MAX_URIS) {
      abort();
    }
    uris[n_uris++] = strdup(uri);
  }
  pthread_mutex_unlock(&lock);
  return u + 1U;
}

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  return host_map(uri);
}

static const char*
unmap_uri(const LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  (void)handle;
  pthread_mutex_lock(&lock);
  const char* const uri = urid && urid <= n_uris ? uris[urid - 1U] : NULL;
  pthread_mutex_unlock(&lock);
  return uri;
}

LV2_URID_Map   host_urid_map   = {NULL, map_uri};
LV2_URID_Unmap host_urid_unmap = {NULL, unmap_uri};
