// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/parts.h"

#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>

#include <stdlib.h>
#include <string.h>

static void
clear_control(Host* const host)
{
  host->control.sequence.atom.type = host_map(LV2_ATOM__Sequence);
  lv2_atom_sequence_clear(&host->control.sequence);
}

void
host_send(Host* const host, const LV2_URID type, const void* const body,
          const uint32_t size)
{
  struct {
    LV2_Atom_Event event;
    uint8_t        body[HOST_EVENT_BYTES];
  } message;

  if (!host->control.sequence.atom.type) {
    clear_control(host);
  }
  memset(&message, 0, sizeof(message));
  message.event.body.type = type;
  message.event.body.size = size;
  memcpy(message.body, body, size);
  if (!lv2_atom_sequence_append_event(&host->control.sequence, HOST_EVENT_BYTES,
                                      &message.event)) {
    abort();
  }
}

/// Send what the forge has made
static void
send_atom(Host* const host, const uint8_t* const buffer)
{
  const LV2_Atom* const atom = (const LV2_Atom*)(const void*)buffer;
  host_send(host, atom->type, atom + 1, atom->size);
}

void
host_set_path(Host* const host, const char* const property,
              const char* const type, const char* const path,
              const bool is_terminated)
{
  _Alignas(8) uint8_t buffer[HOST_EVENT_BYTES];
  const uint32_t      size = (uint32_t)strlen(path) + (is_terminated ? 1U : 0U);
  LV2_Atom_Forge      forge;
  LV2_Atom_Forge_Frame frame;

  lv2_atom_forge_init(&forge, &host_urid_map);
  lv2_atom_forge_set_buffer(&forge, buffer, sizeof(buffer));
  lv2_atom_forge_object(&forge, &frame, 0U, host_map(LV2_PATCH__Set));
  lv2_atom_forge_key(&forge, host_map(LV2_PATCH__property));
  lv2_atom_forge_urid(&forge, host_map(property));
  lv2_atom_forge_key(&forge, host_map(LV2_PATCH__value));
  lv2_atom_forge_atom(&forge, size, host_map(type));
  lv2_atom_forge_write(&forge, path, size);
  lv2_atom_forge_pop(&forge, &frame);
  send_atom(host, buffer);
}

void
host_get(Host* const host, const char* const property)
{
  _Alignas(8) uint8_t  buffer[256];
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame frame;

  lv2_atom_forge_init(&forge, &host_urid_map);
  lv2_atom_forge_set_buffer(&forge, buffer, sizeof(buffer));
  lv2_atom_forge_object(&forge, &frame, 0U, host_map(LV2_PATCH__Get));
  lv2_atom_forge_key(&forge, host_map(LV2_PATCH__property));
  lv2_atom_forge_urid(&forge, host_map(property));
  lv2_atom_forge_pop(&forge, &frame);
  send_atom(host, buffer);
}

void
host_begin_events(Host* const host)
{
  if (!host->control.sequence.atom.type) {
    clear_control(host);
  }
  host->notify.sequence.atom.type = host_map(LV2_ATOM__Chunk);
  host->notify.sequence.atom.size = host->notify_capacity;
}

static void
hear(Host* const host, const LV2_Atom_Object* const object)
{
  const LV2_Atom_URID* property = NULL;
  const LV2_Atom*      value    = NULL;

  if (object->body.otype == host_map(LV2_STATE__StateChanged)) {
    ++host->n_changes;
  }
  if (object->body.otype != host_map(LV2_PATCH__Set)) {
    return;
  }
  lv2_atom_object_get(object, host_map(LV2_PATCH__property), &property,
                      host_map(LV2_PATCH__value), &value, 0U);
  if (property && value && property->body == host_map("urn:faltung:ir") &&
      value->type == host_map(LV2_ATOM__Path)) {
    strncpy(host->told, (const char*)(value + 1), sizeof(host->told) - 1U);
    ++host->n_told;
  }
}

void
host_end_events(Host* const host)
{
  clear_control(host);
  if (host->config.is_bare ||
      host->notify.sequence.atom.type != host_map(LV2_ATOM__Sequence)) {
    return;
  }
  LV2_ATOM_SEQUENCE_FOREACH(&host->notify.sequence, event)
  {
    if (event->body.type == host_map(LV2_ATOM__Object)) {
      hear(host, (const LV2_Atom_Object*)&event->body);
    }
  }
}
