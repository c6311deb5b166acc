// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/events.h"

#include <lv2/atom/util.h>

#include <stddef.h>
#include <string.h>

/// Return the atom at an offset of a body if all of it is there, else null
FAL_RT static const LV2_Atom*
atom_at(const uint8_t* const body, const uint32_t size, const uint32_t offset)
{
  if (offset > size || size - offset < sizeof(LV2_Atom)) {
    return NULL;
  }

  const LV2_Atom* const atom = (const LV2_Atom*)(const void*)(body + offset);
  return atom->size <= size - offset - sizeof(LV2_Atom) ? atom : NULL;
}

/// Find a property's value in the body of an object
FAL_RT static const LV2_Atom*
find_property(const LV2_Atom_Object* const object, const LV2_URID key)
{
  const uint8_t* const body = (const uint8_t*)&object->body;
  const uint32_t       size = object->atom.size;

  for (uint32_t at = sizeof(LV2_Atom_Object_Body); at < size;) {
    if (size - at < sizeof(LV2_Atom_Property_Body)) {
      return NULL;
    }
    const LV2_Atom_Property_Body* const property =
      (const LV2_Atom_Property_Body*)(const void*)(body + at);
    const LV2_Atom* const value = atom_at(
      body, size, at + (uint32_t)offsetof(LV2_Atom_Property_Body, value));
    if (!value || property->key == key) {
      return value;
    }
    const uint64_t step = sizeof(LV2_Atom_Property_Body) +
                          (((uint64_t)value->size + 7U) & ~(uint64_t)7U);
    if (step > size - at) {
      return NULL;
    }
    at += (uint32_t)step;
  }
  return NULL;
}

/// Copy a path out of an atom; false if it is none
FAL_RT static bool
read_path(const LV2_Atom* const atom, const FalUris* const uris,
          char* const path)
{
  if (!atom ||
      (atom->type != uris->atom_Path && atom->type != uris->atom_String)) {
    return false;
  }

  const char* const text   = (const char*)(atom + 1);
  const size_t      length = strnlen(text, atom->size);
  if (length >= FAL_PATH_MAX) {
    return false;
  }

  memcpy(path, text, length);
  path[length] = '\0';
  return true;
}

FAL_RT static bool
set(const LV2_Atom_Object* const object, const LV2_URID property,
    const FalUris* const uris, FalWish* const wish)
{
  const LV2_Atom* const value = find_property(object, uris->patch_value);
  char                  path[FAL_PATH_MAX];

  if (!read_path(value, uris, path)) {
    return false;
  }
  if (property == uris->irRight) {
    fal_path_copy(wish->right_path, path);
    return true;
  }
  if (property == uris->ir && path[0]) {
    fal_path_copy(wish->path, path);
    wish->right_path[0] = '\0';
    return true;
  }
  return false;
}

FAL_RT static void
read_object(FalAsked* const asked, const LV2_Atom_Object* const object,
            const FalUris* const uris, FalWish* const wish)
{
  const LV2_Atom* const key      = find_property(object, uris->patch_property);
  LV2_URID              property = 0U;
  if (key) {
    if (key->type != uris->atom_URID || key->size != sizeof(LV2_URID)) {
      return;
    }
    property = ((const LV2_Atom_URID*)key)->body;
  }

  if (object->body.otype == uris->patch_Set) {
    asked->set = set(object, property, uris, wish) || asked->set;
  } else if (object->body.otype == uris->patch_Get) {
    asked->get = asked->get || !property || property == uris->ir ||
                 property == uris->irRight;
  }
}

FAL_RT FalAsked
fal_events_read(const LV2_Atom_Sequence* const sequence,
                const FalUris* const uris, FalWish* const wish)
{
  FalAsked asked = {false, false};
  if (!sequence || sequence->atom.type != uris->atom_Sequence) {
    return asked;
  }

  const uint8_t* const body = (const uint8_t*)&sequence->body;
  const uint32_t       size = sequence->atom.size;
  for (uint32_t at = sizeof(LV2_Atom_Sequence_Body); at < size;) {
    const LV2_Atom* const atom =
      atom_at(body, size, at + (uint32_t)offsetof(LV2_Atom_Event, body));
    if (!atom) {
      break;
    }
    if ((atom->type == uris->atom_Object || atom->type == uris->atom_Blank) &&
        atom->size >= sizeof(LV2_Atom_Object_Body)) {
      read_object(&asked, (const LV2_Atom_Object*)atom, uris, wish);
    }
    const uint64_t step =
      sizeof(LV2_Atom_Event) + (((uint64_t)atom->size + 7U) & ~(uint64_t)7U);
    if (step > size - at) {
      break;
    }
    at += (uint32_t)step;
  }
  return asked;
}

FAL_RT bool
fal_events_begin(LV2_Atom_Forge* const forge, LV2_Atom_Forge_Frame* const frame,
                 LV2_Atom_Sequence* const notify)
{
  if (!notify || notify->atom.size < sizeof(LV2_Atom_Sequence)) {
    return false;
  }

  const uint32_t capacity = notify->atom.size;
  lv2_atom_forge_set_buffer(forge, (uint8_t*)notify, capacity);
  return lv2_atom_forge_sequence_head(forge, frame, 0U);
}

/// Return whether an object with `n_bytes` of strings has room
FAL_RT static bool
has_room(const LV2_Atom_Forge* const forge, const size_t n_bytes)
{
  const size_t overhead = 128U; // Of an event with an object of two properties
  return forge->size - forge->offset >= overhead + n_bytes;
}

FAL_RT bool
fal_events_tell_path(LV2_Atom_Forge* const forge, const FalUris* const uris,
                     const LV2_URID property, const char* const path)
{
  const uint32_t length = (uint32_t)strlen(path);
  if (!has_room(forge, length)) {
    return false;
  }

  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_frame_time(forge, 0);
  lv2_atom_forge_object(forge, &frame, 0U, uris->patch_Set);
  lv2_atom_forge_key(forge, uris->patch_property);
  lv2_atom_forge_urid(forge, property);
  lv2_atom_forge_key(forge, uris->patch_value);
  lv2_atom_forge_path(forge, path, length);
  lv2_atom_forge_pop(forge, &frame);
  return true;
}

FAL_RT bool
fal_events_tell_state_changed(LV2_Atom_Forge* const forge,
                              const FalUris* const  uris)
{
  if (!has_room(forge, 0U)) {
    return false;
  }

  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_frame_time(forge, 0);
  lv2_atom_forge_object(forge, &frame, 0U, uris->state_StateChanged);
  lv2_atom_forge_pop(forge, &frame);
  return true;
}
