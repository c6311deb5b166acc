// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file player.h Which sound the engine plays: the audio thread's side

#ifndef FAL_PLUGIN_PLAYER_H
#define FAL_PLUGIN_PLAYER_H

#include "core/attributes.h"
#include "core/engine.h"
#include "plugin/loader.h"
#include "plugin/sound.h"
#include "plugin/wish.h"

#include <lv2/worker/worker.h>

#include <stdbool.h>
#include <stdint.h>

/// Sends wishes, takes sounds, exchanges them in the engine, sends them back
typedef struct {
  FalEngine*                 engine;
  FalLoader*                 loader;
  const LV2_Worker_Schedule* schedule; ///< Null: no wish can be fulfilled
  uint32_t                   n_fade;   ///< Frames from one sound to the next
  uint32_t n_pause; ///< Frames between wishes for another form
  uint32_t pause;   ///< Frames left of it

  FalSound* current; ///< In the engine
  FalSound* next;    ///< To be exchanged as soon as the engine takes it
  FalSound* leaving; ///< Still in the engine, or just not anymore
  FalSound* spent;   ///< To be sent back
  bool      rings;   ///< The worker is to be called

  FalWish        wish;               ///< The last wish
  uint32_t       answered;           ///< Serial of the last wish with an answer
  FalSoundStatus status;             ///< Of the last answer
  char           path[FAL_PATH_MAX]; ///< That the last answer was about
  char           right_path[FAL_PATH_MAX]; ///< Its second file, or empty
  bool           has_news;                 ///< The path is new
} FalPlayer;

/// Send the wish for the file that is in it; false if nobody could fulfil it
FAL_RT bool fal_player_wish_for_file(FalPlayer* player);

/**
   Wish for another form of the response, if it is another.

   A knob that moves causes a wish only every so often; the last value is always
   wished for.

   @param n_frames Frames that have passed since the last call.
*/
FAL_RT void fal_player_follow_form(FalPlayer* player, const FalForm* form,
                                   uint32_t n_frames);

/// Do what can be done now: called in each cycle, before the engine runs
FAL_RT void fal_player_tend(FalPlayer* player);

/// Return the gain by which the present sound was matched, dB
FAL_RT float fal_player_gain_db(const FalPlayer* player);

/// Return what the status port is to say
FAL_RT FalSoundStatus fal_player_status(const FalPlayer* player);

#endif // FAL_PLUGIN_PLAYER_H
