// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/player.h"

#include <string.h>

FAL_RT static void
send_wish(FalPlayer* const player)
{
  ++player->wish.serial;
  fal_wishes_send(&player->loader->wishes, &player->wish);
  player->rings = true;
}

FAL_RT bool
fal_player_wish_for_file(FalPlayer* const player)
{
  if (!player->schedule) {
    return false;
  }

  player->wish.file_serial = player->wish.serial + 1U;
  send_wish(player);
  return true;
}

FAL_RT void
fal_player_follow_form(FalPlayer* const player, const FalForm* const form,
                       const uint32_t n_frames)
{
  player->pause -= player->pause < n_frames ? player->pause : n_frames;
  if (!player->pause && player->schedule &&
      !fal_form_equals(form, &player->wish.form)) {
    player->wish.form = *form;
    player->pause     = player->n_pause;
    send_wish(player);
  }
}

FAL_RT static void
spend(FalPlayer* const player, FalSound* const sound)
{
  if (sound) {
    sound->next   = player->spent;
    player->spent = sound;
  }
}

/// Take back the kernel that the engine has faded out
FAL_RT static void
take_back(FalPlayer* const player)
{
  FalKernel* const kernel = fal_engine_retired(player->engine);
  if (kernel) {
    player->leaving->kernel = kernel;
    spend(player, player->leaving);
    player->leaving = NULL;
  }
}

/// Send back what is spent, once the loader has taken what was there before
FAL_RT static void
send_back(FalPlayer* const player)
{
  if (player->spent &&
      !atomic_load_explicit(&player->loader->spent, memory_order_acquire)) {
    atomic_store_explicit(&player->loader->spent, player->spent,
                          memory_order_release);
    player->spent = NULL;
    player->rings = true;
  }
}

/// Call the worker; if its queue is full, again in the next cycle
FAL_RT static void
ring(FalPlayer* const player)
{
  const LV2_Worker_Schedule* const schedule = player->schedule;
  const uint32_t                   nothing  = 0U;

  if (player->rings && schedule) {
    player->rings = schedule->schedule_work(schedule->handle, sizeof(nothing),
                                            &nothing) != LV2_WORKER_SUCCESS;
  }
}

FAL_RT static void
take_sound(FalPlayer* const player)
{
  FalSound* const sound = atomic_exchange_explicit(&player->loader->ready, NULL,
                                                   memory_order_acq_rel);
  if (!sound) {
    return;
  }

  player->has_news = player->has_news || strcmp(player->path, sound->path) ||
                     strcmp(player->right_path, sound->right_path);
  fal_path_copy(player->path, sound->path);
  fal_path_copy(player->right_path, sound->right_path);
  player->answered = sound->serial;
  player->status   = sound->status;

  FalSound* const useless = sound->kernel ? player->next : sound;
  player->next            = sound->kernel ? sound : player->next;
  spend(player, useless);
}

FAL_RT static void
exchange(FalPlayer* const player)
{
  if (!player->next || player->leaving ||
      !fal_engine_exchange(player->engine, player->next->kernel,
                           player->n_fade)) {
    return;
  }

  player->next->kernel = NULL;
  player->leaving      = player->current;
  player->current      = player->next;
  player->next         = NULL;
}

FAL_RT void
fal_player_tend(FalPlayer* const player)
{
  take_back(player);
  send_back(player);
  ring(player);
  take_sound(player);
  exchange(player);
}

FAL_RT FalSoundStatus
fal_player_status(const FalPlayer* const player)
{
  return player->answered == player->wish.serial ? player->status
                                                 : FAL_SOUND_LOADING;
}

FAL_RT float
fal_player_gain_db(const FalPlayer* const player)
{
  return player->current ? player->current->gain_db : 0.0f;
}
