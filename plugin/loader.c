// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/loader.h"

#include "ir/ir.h"
#include "plugin/form.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
  loader->form        = fal_form_default();
  loader->ir          = (FalIr){.path = NULL};
  loader->is_due      = false;
  return FAL_OK;
}

void
fal_loader_clear(FalLoader* const loader)
{
  fal_sound_free(atomic_load(&loader->ready));
  fal_sound_free(atomic_load(&loader->spent));
  fal_session_clear(&loader->session);
  fal_ir_clear(&loader->ir);
  pthread_mutex_destroy(&loader->lock);
}

/// Reshape the response and build its kernel
static FalStatus
build_sound(const FalLoader* const loader, FalSound* const sound,
            FalError* const error)
{
  const FalIr* const ir     = &loader->ir;
  FalFormed          formed = {.gain_db = 0.0f};
  FalStatus st = fal_form_apply(&formed, &loader->form, ir, loader->n_inputs,
                                loader->n_outputs, error);
  if (st) {
    return st;
  }

  st = fal_kernel_new(&sound->kernel, loader->engine, formed.routes,
                      formed.n_routes, skip_db);
  if (st) {
    fal_error_set(error, st, "%s: %s", ir->path, fal_strerror(st));
  }
  sound->gain_db = formed.gain_db;
  fal_formed_clear(&formed);
  return st;
}

/// Keep what was found out about the files of the session
static void
note_content(FalLoader* const loader)
{
  FalSession* const  session = &loader->session;
  const FalIr* const ir      = &loader->ir;

  if (session->n_bytes &&
      (session->n_bytes != ir->n_bytes || session->hash != ir->hash)) {
    lv2_log_warning(loader->logger,
                    "%s: is not the file that the session was saved with\n",
                    session->path);
  }
  session->n_bytes = ir->n_bytes;
  session->hash    = ir->hash;
  if (ir->right_path && !session->right_path) {
    session->right_path = strdup(ir->right_path);
  }
}

/// Read the files of the session
static FalStatus
read_files(FalLoader* const loader, FalError* const error)
{
  const FalIrRequest request = {
    .path       = loader->session.path,
    .right_path = loader->session.right_path,
    .find_pair  = loader->n_outputs == 2U,
    .rate_hz    = loader->rate_hz,
  };

  fal_ir_clear(&loader->ir);
  const FalStatus st = fal_ir_load(&loader->ir, &request, error);
  if (!st) {
    note_content(loader);
  }
  return st;
}

/// Make what the session and the form say; the lock is held
static void
make_sound(FalLoader* const loader)
{
  FalSession* const session = &loader->session;
  FalSound* const   sound   = fal_sound_new(session->path, session->right_path);
  if (!sound) {
    lv2_log_error(loader->logger, "%s: %s\n", session->path,
                  fal_strerror(FAL_ERR_NO_MEM));
    return;
  }

  FalError  error = {FAL_OK, ""};
  FalStatus st    = FAL_OK;
  if (!loader->ir.audio.samples) {
    st = read_files(loader, &error);
  }
  if (!st) {
    st = build_sound(loader, sound, &error);
  }
  if (st) {
    lv2_log_error(loader->logger, "%s\n", error.text);
  }

  sound->serial  = loader->serial;
  sound->status  = !st                           ? FAL_SOUND_LOADED
                   : access(session->path, F_OK) ? FAL_SOUND_MISSING
                                                 : FAL_SOUND_FAILED;
  loader->is_due = false;
  fal_sound_free(atomic_exchange(&loader->ready, sound));
}

/// Take the last wish over
static FalStatus
take_wish(FalLoader* const loader)
{
  const FalWish* const wish = fal_wishes_take(&loader->wishes);
  if (!wish) {
    return FAL_OK;
  }

  loader->serial = wish->serial;
  loader->form   = wish->form;
  loader->is_due = true;
  if (wish->file_serial == loader->file_serial) {
    return FAL_OK;
  }

  const FalSession wished = {
    (char*)wish->path,
    *wish->right_path ? (char*)wish->right_path : NULL,
    0U,
    0U,
  };
  FalSession      session = {NULL, NULL, 0U, 0U};
  const FalStatus st      = fal_session_copy(&session, &wished);
  if (!st) {
    loader->file_serial = wish->file_serial;
    fal_session_clear(&loader->session);
    fal_ir_clear(&loader->ir);
    loader->session = session;
  }
  return st;
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
    make_sound(loader);
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
    loader->form        = wish->form;
  }

  fal_session_clear(&loader->session);
  fal_ir_clear(&loader->ir);
  loader->session = *session;
  *session        = (FalSession){NULL, NULL, 0U, 0U};
  make_sound(loader);
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
