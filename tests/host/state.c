// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/parts.h"

#include <lv2/atom/atom.h>
#include <lv2/state/state.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
set_value(const char* const symbol, void* const data, const void* const value,
          const uint32_t size, const uint32_t type)
{
  if (size == sizeof(float) && type == host_map(LV2_ATOM__Float)) {
    memcpy(host_value((Host*)data, symbol), value, sizeof(float));
  }
}

static const void*
get_value(const char* const symbol, void* const data, uint32_t* const size,
          uint32_t* const type)
{
  *size = sizeof(float);
  *type = host_map(LV2_ATOM__Float);
  return host_value((Host*)data, symbol);
}

void
host_save(Host* const host, const char* const directory)
{
  char links[1024];
  char command[4096];
  snprintf(links, sizeof(links), "%s.links", directory);
  snprintf(command, sizeof(command), "cp -rL -- '%s' '%s' && rm -r -- '%s'",
           links, directory, links);

  LilvState* const state = lilv_state_new_from_instance(
    host->plugin, host->instance, &host_urid_map, links, links, links, links,
    get_value, host, LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE, NULL);
  if (!state ||
      lilv_state_save(host->world, &host_urid_map, &host_urid_unmap, state,
                      NULL, links, "state.ttl") ||
      system(command)) {
    abort();
  }
  lilv_state_free(state);
}

static void
restore(Host* const host, LilvState* const state)
{
  const LV2_Feature        schedule  = {LV2_WORKER__schedule, &host->schedule};
  const LV2_Feature* const list[]    = {&schedule, NULL};
  const LV2_Feature* const nothing[] = {NULL};
  if (!state) {
    abort();
  }
  lilv_state_restore(state, host->instance, set_value, host, 0U,
                     host->config.worker == HOST_WORKER_NONE ? nothing : list);
  lilv_state_free(state);
}

void
host_restore(Host* const host, const char* const directory)
{
  char path[4096];
  snprintf(path, sizeof(path), "%s/state.ttl", directory);
  restore(host,
          lilv_state_new_from_file(host->world, &host_urid_map, NULL, path));
}

void
host_apply_preset(Host* const host, const char* const uri)
{
  LilvNode* const preset = lilv_new_uri(host->world, uri);
  lilv_world_load_resource(host->world, preset);
  restore(host, lilv_state_new_from_world(host->world, &host_urid_map, preset));
  lilv_node_free(preset);
}
