// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/host.h"

#include "tests/host/parts.h"

#include <lv2/buf-size/buf-size.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/worker/worker.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Thread_local volatile char host_is_in_run = 0;

static bool
is_a(const Host* const host, const LilvPort* const port, const char* const uri)
{
  LilvNode* const node   = lilv_new_uri(host->world, uri);
  const bool      result = lilv_port_is_a(host->plugin, port, node);
  lilv_node_free(node);
  return result;
}

static void
connect_ports(Host* const host)
{
  lilv_plugin_get_port_ranges_float(host->plugin, NULL, NULL, host->values);
  for (uint32_t p = 0U; p < host->n_ports; ++p) {
    const LilvPort* const port = lilv_plugin_get_port_by_index(host->plugin, p);
    const bool            is_input = is_a(host, port, LV2_CORE__InputPort);
    if (is_a(host, port, LV2_CORE__ControlPort)) {
      lilv_instance_connect_port(host->instance, p, &host->values[p]);
    } else if (is_a(host, port, LV2_CORE__AudioPort)) {
      if (is_input) {
        host->audio_in[host->n_inputs++] = p;
      } else {
        host->audio_out[host->n_outputs++] = p;
      }
    } else if (!host->config.is_bare) {
      lilv_instance_connect_port(host->instance, p,
                                 is_input ? (void*)&host->control
                                          : (void*)&host->notify);
    }
  }
}

static int
print_log(const LV2_Log_Handle handle, const LV2_URID type,
          const char* const format, va_list arguments)
{
  Host* const host = (Host*)handle;
  (void)type;
  return vsnprintf(host->log, sizeof(host->log), format, arguments);
}

static int
print_to_log(const LV2_Log_Handle handle, const LV2_URID type,
             const char* const format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int st = print_log(handle, type, format, arguments);
  va_end(arguments);
  return st;
}

static LilvInstance*
instantiate(Host* const host)
{
  const HostConfig* const  config = &host->config;
  const LV2_URID           type   = host_map(LV2_ATOM__Int);
  const LV2_Options_Option all[]  = {
     {LV2_OPTIONS_INSTANCE, 0U, host_map(LV2_BUF_SIZE__nominalBlockLength),
      sizeof(int32_t), type, &config->nominal_block},
     {LV2_OPTIONS_INSTANCE, 0U, host_map(LV2_BUF_SIZE__maxBlockLength),
      sizeof(int32_t), type, &config->max_block},
     {LV2_OPTIONS_INSTANCE, 0U, 0U, 0U, 0U, NULL},
  };

  host->schedule               = (LV2_Worker_Schedule){host, host_schedule};
  host->logger                 = (LV2_Log_Log){host, print_to_log, print_log};
  const LV2_Feature features[] = {
    {LV2_URID__map, &host_urid_map},
    {LV2_URID__unmap, &host_urid_unmap},
    {LV2_LOG__log, &host->logger},
    {LV2_OPTIONS__options, (void*)all},
    {LV2_WORKER__schedule, &host->schedule},
  };

  const bool         has_worker = config->worker != HOST_WORKER_NONE;
  const LV2_Feature* list[6]    = {NULL};
  for (uint32_t f = 0U; f < (config->is_bare ? 1U
                             : has_worker    ? 5U
                                             : 4U);
       ++f) {
    list[f] = &features[f];
  }
  return lilv_plugin_instantiate(host->plugin, config->rate_hz, list);
}

/// Find the plugin in the bundle: one thread at a time, since lilv numbers the
/// files that it reads in a buffer that all worlds share
static void
find_plugin(Host* const host)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  host->world = lilv_world_new();

  LilvNode* const uri = lilv_new_uri(host->world, host->config.uri);
  LilvNode* const bundle =
    lilv_new_file_uri(host->world, NULL, getenv("FALTUNG_BUNDLE"));
  lilv_world_load_bundle(host->world, bundle);
  host->plugin =
    lilv_plugins_get_by_uri(lilv_world_get_all_plugins(host->world), uri);
  lilv_node_free(bundle);
  lilv_node_free(uri);
  host->n_ports = lilv_plugin_get_num_ports(host->plugin); // Reads its files
  pthread_mutex_unlock(&lock);
}

Host*
host_new(const HostConfig* const config)
{
  Host* const host = (Host*)calloc(1U, sizeof(Host));
  host->config     = *config;
  if (host->config.rate_hz == 0.0) {
    host->config.rate_hz = 48000.0;
  }
  host->notify_capacity = sizeof(host->notify.sequence.body) + HOST_EVENT_BYTES;
  find_plugin(host);

  host->instance = instantiate(host);
  if (!host->instance) {
    lilv_world_free(host->world);
    free(host);
    return NULL;
  }
  connect_ports(host);
  host_start_worker(host);
  return host;
}

void
host_free(Host* const host)
{
  if (!host) {
    return;
  }
  host_wait(host);
  host_stop_worker(host);
  host_deactivate(host);
  lilv_instance_free(host->instance);
  lilv_world_free(host->world);
  free(host);
}

void
host_activate(Host* const host)
{
  if (!host->is_active) {
    lilv_instance_activate(host->instance);
    host->is_active = true;
  }
}

void
host_deactivate(Host* const host)
{
  if (host->is_active) {
    lilv_instance_deactivate(host->instance);
    host->is_active = false;
  }
}

float*
host_value(Host* const host, const char* const symbol)
{
  LilvNode* const       name = lilv_new_string(host->world, symbol);
  const LilvPort* const port =
    lilv_plugin_get_port_by_symbol(host->plugin, name);
  lilv_node_free(name);
  if (!port) {
    fprintf(stderr, "%s: no such port\n", symbol);
    abort();
  }
  return &host->values[lilv_port_get_index(host->plugin, port)];
}

void
host_run(Host* const host, float* const* const in, float* const* const out,
         const uint32_t n)
{
  host_activate(host);
  for (uint32_t i = 0U; i < host->n_inputs; ++i) {
    lilv_instance_connect_port(host->instance, host->audio_in[i], in[i]);
  }
  for (uint32_t o = 0U; o < host->n_outputs; ++o) {
    lilv_instance_connect_port(host->instance, host->audio_out[o], out[o]);
  }

  host_begin_events(host);
  host_is_in_run = 1;
  lilv_instance_run(host->instance, n);
  host_is_in_run = 0;
  host_end_events(host);
}
