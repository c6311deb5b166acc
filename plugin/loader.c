// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/loader.h"

#include "ir/ir.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Routes between two inputs and two outputs
#define MAX_ROUTES 4U

/// What may be left out of a response, dB of its energy: below the rounding of
/// single precision
static const double skip_db = -130.0;

FalStatus
fal_loader_init(FalLoader* const loader)
{
  if (pthread_mutex_init(&loader->lock, NULL)) {
    return FAL_ERR_NO_MEM;
  }

  fal_wishes_init(&loader->wishes);
  atomic_init(&loader->ready, NULL);
  atomic_init(&loader->spent, NULL);
  loader->session     = (FalSession){NULL, NULL, 0U, 0U};
  loader->serial      = 0U;
  loader->file_serial = 0U;
  loader->is_due      = false;
  return FAL_OK;
}

void
fal_loader_clear(FalLoader* const loader)
{
  fal_sound_free(atomic_load(&loader->ready));
  fal_sound_free(atomic_load(&loader->spent));
  fal_session_clear(&loader->session);
  pthread_mutex_destroy(&loader->lock);
}

static FalStatus
build_kernel(const FalLoader* const loader, const FalIr* const ir,
             FalKernel** const kernel, FalError* const error)
{
  FalRoute  routes[MAX_ROUTES];
  uint32_t  n_routes = 0U;
  FalStatus st =
    fal_ir_route(ir, FAL_ORDER_LL_LR_RL_RR, loader->n_inputs, loader->n_outputs,
                 routes, MAX_ROUTES, &n_routes, error);
  if (st) {
    return st;
  }

  st = fal_kernel_new(kernel, loader->engine, routes, n_routes, skip_db);
  if (st) {
    return fal_error_set(error, st, "%s: %s", ir->path, fal_strerror(st));
  }
  return FAL_OK;
}

/// Keep what was found out about the files of the session
static void
note_content(FalLoader* const loader, FalIr* const ir)
{
  FalSession* const session = &loader->session;

  if (session->n_bytes &&
      (session->n_bytes != ir->n_bytes || session->hash != ir->hash)) {
    lv2_log_warning(loader->logger,
                    "%s: is not the file that the session was saved with\n",
                    session->path);
  }
  session->n_bytes = ir->n_bytes;
  session->hash    = ir->hash;
  if (ir->right_path && !session->right_path) {
    session->right_path = ir->right_path;
    ir->right_path      = NULL;
  }
}

/// Load what the session says; the lock is held
static void
load_session(FalLoader* const loader)
{
  FalSession* const  session = &loader->session;
  const FalIrRequest request = {
    .path       = session->path,
    .right_path = session->right_path,
    .find_pair  = loader->n_outputs == 2U,
    .rate_hz    = loader->rate_hz,
  };

  FalIr      ir     = {0};
  FalKernel* kernel = NULL;
  FalError   error  = {FAL_OK, ""};
  FalStatus  st     = fal_ir_load(&ir, &request, &error);
  if (!st) {
    note_content(loader, &ir);
    st = build_kernel(loader, &ir, &kernel, &error);
    fal_ir_clear(&ir);
  }

  FalSound* const sound = fal_sound_new(session->path, session->right_path);
  if (!sound) {
    fal_kernel_free(kernel);
    lv2_log_error(loader->logger, "%s: %s\n", session->path,
                  fal_strerror(FAL_ERR_NO_MEM));
    return;
  }

  sound->kernel = kernel;
  sound->serial = loader->serial;
  sound->status = !st                           ? FAL_SOUND_LOADED
                  : access(session->path, F_OK) ? FAL_SOUND_MISSING
                                                : FAL_SOUND_FAILED;
  if (st) {
    lv2_log_error(loader->logger, "%s\n", error.text);
  }
  loader->is_due = false;
  fal_sound_free(atomic_exchange(&loader->ready, sound));
}

/// Make the last wish the session
static FalStatus
take_wish(FalLoader* const loader)
{
  const FalWish* const wish = fal_wishes_take(&loader->wishes);
  if (!wish) {
    return FAL_OK;
  }

  loader->serial = wish->serial;
  loader->is_due = true;
  if (wish->file_serial != loader->file_serial) {
    const FalSession wished = {
      (char*)wish->path,
      *wish->right_path ? (char*)wish->right_path : NULL,
      0U,
      0U,
    };
    FalSession      session = {NULL, NULL, 0U, 0U};
    const FalStatus st      = fal_session_copy(&session, &wished);
    if (st) {
      return st;
    }
    loader->file_serial = wish->file_serial;
    fal_session_clear(&loader->session);
    loader->session = session;
  }
  return FAL_OK;
}

static void
free_spent(FalLoader* const loader)
{
  fal_sound_free(atomic_exchange(&loader->spent, NULL));
}

void
fal_loader_work(FalLoader* const loader)
{
  pthread_mutex_lock(&loader->lock);
  free_spent(loader);
  if (!take_wish(loader) && loader->is_due && loader->session.path) {
    load_session(loader);
  }
  pthread_mutex_unlock(&loader->lock);
}

void
fal_loader_restore(FalLoader* const loader, FalSession* const session)
{
  pthread_mutex_lock(&loader->lock);
  free_spent(loader);

  const FalWish* const wish = fal_wishes_take(&loader->wishes);
  if (wish) {
    loader->serial      = wish->serial;
    loader->file_serial = wish->file_serial;
  }

  fal_session_clear(&loader->session);
  loader->session = *session;
  *session        = (FalSession){NULL, NULL, 0U, 0U};
  load_session(loader);
  pthread_mutex_unlock(&loader->lock);
}

FalStatus
fal_loader_copy_session(FalLoader* const loader, FalSession* const copy)
{
  pthread_mutex_lock(&loader->lock);
  FalStatus st = take_wish(loader);
  if (!st) {
    st = fal_session_copy(copy, &loader->session);
  }
  pthread_mutex_unlock(&loader->lock);
  return st;
}
