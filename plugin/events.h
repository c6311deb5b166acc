// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file events.h Messages from and to the host: the atom ports

#ifndef FAL_PLUGIN_EVENTS_H
#define FAL_PLUGIN_EVENTS_H

#include "core/attributes.h"
#include "plugin/uris.h"
#include "plugin/wish.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stdint.h>

/// What the events of a cycle ask for
typedef struct {
  bool set; ///< Another file: it is in the wish
  bool get; ///< The present one
} FalAsked;

/**
   Read the events of a cycle.

   Nothing in them is trusted but the size of the sequence: others than
   well-formed patch:Set and patch:Get of our parameters are passed over.

   @param sequence The control port; null is fine.
   @param wish Its paths are set by a patch:Set. A new first file also clears
   the second one of a pair.
*/
FAL_RT FalAsked fal_events_read(const LV2_Atom_Sequence* sequence,
                                const FalUris* uris, FalWish* wish);

/**
   Begin the events of a cycle.

   @param notify The notify port, with its capacity in bytes as atom.size; null
   is fine.
   @return Whether there is room for anything.
*/
FAL_RT bool fal_events_begin(LV2_Atom_Forge* forge, LV2_Atom_Forge_Frame* frame,
                             LV2_Atom_Sequence* notify);

/// Tell the host a file by a patch:Set; false, and nothing written, if there is
/// no room
FAL_RT bool fal_events_tell_path(LV2_Atom_Forge* forge, const FalUris* uris,
                                 LV2_URID property, const char* path);

/// Tell the host that a save would save something else now
FAL_RT bool fal_events_tell_state_changed(LV2_Atom_Forge* forge,
                                          const FalUris*  uris);

#endif // FAL_PLUGIN_EVENTS_H
