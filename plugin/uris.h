// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_PLUGIN_URIS_H
#define FAL_PLUGIN_URIS_H

#include <lv2/urid/urid.h>

#define FAL_URI_MONO "urn:faltung:mono"
#define FAL_URI_MONO_STEREO "urn:faltung:mono-stereo"
#define FAL_URI_STEREO "urn:faltung:stereo"

/// The file of the impulse response: a parameter, and a property of the state
#define FAL_URI_IR "urn:faltung:ir"

/// The second file of a pair, likewise
#define FAL_URI_IR_RIGHT "urn:faltung:irRight"

/// Size in bytes and hash of the file's content, in the state
#define FAL_URI_IR_SIZE "urn:faltung:irSize"
#define FAL_URI_IR_HASH "urn:faltung:irHash"

/// All URIs as numbers
typedef struct {
  LV2_URID atom_Blank;
  LV2_URID atom_Int;
  LV2_URID atom_Long;
  LV2_URID atom_Object;
  LV2_URID atom_Path;
  LV2_URID atom_Sequence;
  LV2_URID atom_String;
  LV2_URID atom_URID;
  LV2_URID bufsz_maxBlockLength;
  LV2_URID bufsz_nominalBlockLength;
  LV2_URID ir;
  LV2_URID irHash;
  LV2_URID irRight;
  LV2_URID irSize;
  LV2_URID patch_Get;
  LV2_URID patch_Set;
  LV2_URID patch_property;
  LV2_URID patch_value;
  LV2_URID state_StateChanged;
} FalUris;

/**
   The numbers of a host that has none to share, such as lv2apply.

   It breaks the rules by that, and then the state and messages do not work, but
   the sound does.
*/
LV2_URID_Map* fal_uris_own_map(void);

/// Map all URIs
void fal_uris_map(FalUris* uris, LV2_URID_Map* map);

#endif // FAL_PLUGIN_URIS_H
