// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file loader.h From a wish to a sound, off the audio thread.

   Pointers travel between the threads, and whoever holds one owns it: wishes
   go from run() to the loader, sounds from the loader to run(), and spent ones
   back to be freed. On each way only the last one counts, so nothing can
   overflow, get lost or come too late; the host's worker is but a doorbell.
*/

#ifndef FAL_PLUGIN_LOADER_H
#define FAL_PLUGIN_LOADER_H

#include "core/attributes.h"
#include "core/engine.h"
#include "core/status.h"
#include "ir/ir.h"
#include "plugin/session.h"
#include "plugin/sound.h"
#include "plugin/wish.h"

#include <lv2/log/logger.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// Makes sounds for one engine
typedef struct {
  const FalEngine* engine;
  uint32_t         n_inputs;
  uint32_t         n_outputs;
  double           rate_hz;
  LV2_Log_Logger*  logger;

  FalWishes          wishes;      ///< run() → loader
  _Atomic(FalSound*) ready;       ///< Loader → run(): the last sound made
  _Atomic(FalSound*) spent;       ///< run() → loader: a list
  pthread_mutex_t    lock;        ///< Of what follows; run() never takes it
  FalSession         session;     ///< What was wished for last
  uint32_t           serial;      ///< Of the last wish that was read
  uint32_t           file_serial; ///< Of the last wish for a file that was read
  FalForm            form;        ///< That was wished for last
  FalIr              ir;          ///< The last one loaded, as it is in the file
  bool               is_due;      ///< The session has not been loaded yet
} FalLoader;

/// Begin without a session; `engine` to `logger` are set by the caller
FAL_NODISCARD FalStatus fal_loader_init(FalLoader* loader);

/// Free what the loader holds
void fal_loader_clear(FalLoader* loader);

/// Free spent sounds, and fulfil the last wish, if any: a worker's work
void fal_loader_work(FalLoader* loader);

/**
   Load a session at once; wishes from before are forgotten.

   If it cannot be loaded, it is kept all the same, to be saved again.

   @param session Its content becomes the loader's, and it is empty thereafter.
*/
void fal_loader_restore(FalLoader* loader, FalSession* session);

/// Copy the session, a wish not fulfilled yet included; fal_session_clear()
/// frees the copy
FAL_NODISCARD FalStatus fal_loader_copy_session(FalLoader*  loader,
                                                FalSession* copy);

#endif // FAL_PLUGIN_LOADER_H
