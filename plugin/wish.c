// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/wish.h"

#include <stddef.h>
#include <string.h>

#define NEWS 4U
#define SLOT 3U

FAL_RT void
fal_path_copy(char to[FAL_PATH_MAX], const char* const from)
{
  const size_t length = strnlen(from, FAL_PATH_MAX - 1U);

  memcpy(to, from, length);
  to[length] = '\0';
}

FAL_RT bool
fal_form_equals(const FalForm* const a, const FalForm* const b)
{
  for (uint32_t f = 0U; f < FAL_N_FORM; ++f) {
    if (a->values[f] != b->values[f]) {
      return false;
    }
  }
  return true;
}

void
fal_wishes_init(FalWishes* const wishes)
{
  wishes->writers = 0U;
  wishes->readers = 1U;
  atomic_init(&wishes->between, 2U);
}

FAL_RT void
fal_wishes_send(FalWishes* const wishes, const FalWish* const wish)
{
  FalWish* const slot = &wishes->slots[wishes->writers];

  slot->serial      = wish->serial;
  slot->file_serial = wish->file_serial;
  slot->form        = wish->form;
  fal_path_copy(slot->path, wish->path);
  fal_path_copy(slot->right_path, wish->right_path);

  wishes->writers =
    SLOT & atomic_exchange_explicit(&wishes->between, NEWS | wishes->writers,
                                    memory_order_acq_rel);
}

const FalWish*
fal_wishes_take(FalWishes* const wishes)
{
  if (!(atomic_load_explicit(&wishes->between, memory_order_relaxed) & NEWS)) {
    return NULL;
  }

  wishes->readers =
    SLOT & atomic_exchange_explicit(&wishes->between, wishes->readers,
                                    memory_order_acq_rel);
  return &wishes->slots[wishes->readers];
}
