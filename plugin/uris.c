// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>

#include <stddef.h>
#include <stdint.h>

/// A number that is different for each URI: FNV-1a
static LV2_URID
hash(const LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  uint32_t sum = 0x811C9DC5U;
  for (const char* c = uri; *c; ++c) {
    sum = (sum ^ (uint8_t)*c) * 0x01000193U;
  }
  return sum ? sum : 1U;
}

LV2_URID_Map*
fal_uris_own_map(void)
{
  static LV2_URID_Map map = {NULL, hash};
  return &map;
}

void
fal_uris_map(FalUris* const uris, LV2_URID_Map* const map)
{
  const struct {
    LV2_URID*   urid;
    const char* uri;
  } all[] = {
    {&uris->atom_Blank, LV2_ATOM__Blank},
    {&uris->atom_Int, LV2_ATOM__Int},
    {&uris->atom_Long, LV2_ATOM__Long},
    {&uris->atom_Object, LV2_ATOM__Object},
    {&uris->atom_Path, LV2_ATOM__Path},
    {&uris->atom_Sequence, LV2_ATOM__Sequence},
    {&uris->atom_String, LV2_ATOM__String},
    {&uris->atom_URID, LV2_ATOM__URID},
    {&uris->bufsz_maxBlockLength, LV2_BUF_SIZE__maxBlockLength},
    {&uris->bufsz_nominalBlockLength, LV2_BUF_SIZE__nominalBlockLength},
    {&uris->ir, FAL_URI_IR},
    {&uris->irHash, FAL_URI_IR_HASH},
    {&uris->irRight, FAL_URI_IR_RIGHT},
    {&uris->irSize, FAL_URI_IR_SIZE},
    {&uris->patch_Get, LV2_PATCH__Get},
    {&uris->patch_Set, LV2_PATCH__Set},
    {&uris->patch_property, LV2_PATCH__property},
    {&uris->patch_value, LV2_PATCH__value},
    {&uris->state_StateChanged, LV2_STATE__StateChanged},
  };

  for (size_t u = 0U; u < sizeof(all) / sizeof(all[0]); ++u) {
    *all[u].urid = map->map(map->handle, all[u].uri);
  }
}
