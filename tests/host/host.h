// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file host.h A small LV2 host, with the habits of the best and the worst.

   It finds ports by what the bundle says, runs blocks of any length, and
   carries messages, work and state.
*/

#ifndef FAL_TESTS_HOST_HOST_H
#define FAL_TESTS_HOST_HOST_H

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HOST_MAX_PORTS 64U
#define HOST_MAX_URIS 256U
#define HOST_EVENT_BYTES 16384U
#define HOST_QUEUE 64U

/// Where the plugin's work is done
typedef enum {
  HOST_WORKER_NONE,
  HOST_WORKER_IN_PLACE, ///< At once, inside of run(), as when freewheeling
  HOST_WORKER_THREAD
} HostWorker;

/// How to host
typedef struct {
  const char* uri;
  double      rate_hz; ///< 0: 48000
  HostWorker  worker;
  bool        is_bare;       ///< No feature but urid:map
  int32_t     nominal_block; ///< 0: not told
  int32_t     max_block;     ///< 0: not told
  uint32_t    work_delay_ms; ///< How slow the worker is
} HostConfig;

/// A hosted plugin
typedef struct {
  HostConfig          config;
  LilvWorld*          world;
  const LilvPlugin*   plugin;
  LilvInstance*       instance;
  uint32_t            n_ports;
  float               values[HOST_MAX_PORTS];
  uint32_t            audio_in[2];
  uint32_t            audio_out[2];
  uint32_t            n_inputs;
  uint32_t            n_outputs;
  bool                is_active;
  LV2_Worker_Schedule schedule;
  LV2_Log_Log         logger;

  struct {
    LV2_Atom_Sequence sequence;
    uint8_t           body[HOST_EVENT_BYTES];
  } control, notify;
  uint32_t notify_capacity; ///< Bytes offered to the plugin

  char     told[4096]; ///< The last path that the plugin told, urn:faltung:ir
  uint32_t n_told;     ///< How often it did
  uint32_t n_changes;  ///< How often it said that its state has changed
  char     log[8192];  ///< What it logged last

  bool            is_queue_full; ///< Refuse work
  atomic_uint     n_work;        ///< Calls of work()
  uint32_t        queued;
  bool            is_working;
  bool            ends;
  pthread_t       thread;
  pthread_mutex_t lock;
  pthread_cond_t  wake;
} Host;

/// 1 while this thread is in the plugin's run(), else 0; what the plugin calls
/// of the host does not count
extern _Thread_local volatile char host_is_in_run;

/// Load the bundle that the environment variable FALTUNG_BUNDLE names, and
/// instantiate; null if the plugin refuses
Host* host_new(const HostConfig* config);

/// Deactivate, clean up and forget
void host_free(Host* host);

/// The buffer of a control port; it is a failure if there is none
float* host_value(Host* host, const char* symbol);

/// Number for a URI, from any thread
LV2_URID host_map(const char* uri);

void host_activate(Host* host);
void host_deactivate(Host* host);

/// Run a block; null buffers are connected as null
void host_run(Host* host, float* const* in, float* const* out, uint32_t n);

/// Send a patch:Set of a path with the next block
void host_set_path(Host* host, const char* property, const char* type,
                   const char* path, bool is_terminated);

/// Send a patch:Get with the next block
void host_get(Host* host, const char* property);

/// Send any bytes as the body of an event of a type with the next block
void host_send(Host* host, LV2_URID type, const void* body, uint32_t size);

/// Wait until the worker has nothing to do
void host_wait(Host* host);

/// Save the state to a new directory, with copies of the files in it
void host_save(Host* host, const char* directory);

/// Restore a state from a directory, or a preset by its URI
void host_restore(Host* host, const char* directory);
void host_apply_preset(Host* host, const char* uri);

#endif // FAL_TESTS_HOST_HOST_H
