// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/pick.h"

#include "offline/planes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

bool
fal_pick_read(FalPick* const pick, const char* const text)
{
  pick->n_listed = 0U;
  for (const char* s = text;; ++s) {
    char*      end    = NULL;
    const long number = *s >= '0' && *s <= '9' ? strtol(s, &end, 10) : 0L;
    if (number < 1 || number > (long)FAL_AUDIO_MAX_CHANNELS ||
        pick->n_listed == FAL_AUDIO_MAX_CHANNELS || (*end && *end != ',')) {
      return false;
    }
    pick->listed[pick->n_listed++] = (uint32_t)number - 1U;
    s                              = end;
    if (!*s) {
      return true;
    }
  }
}

uint32_t
fal_pick_settle(FalPick* const pick, const uint32_t n_channels)
{
  for (uint32_t i = 0U; i < pick->n_listed; ++i) {
    if (pick->listed[i] >= n_channels) {
      return pick->listed[i] + 1U;
    }
  }
  for (uint32_t c = 0U; !pick->n_listed && c < n_channels; ++c) {
    pick->listed[c] = c;
  }
  pick->n_listed = pick->n_listed ? pick->n_listed : n_channels;
  return 0U;
}

uint32_t
fal_pick_n_channels(const FalPick* const pick)
{
  return pick->is_mono ? 1U : pick->n_listed;
}

void
fal_pick_take(const FalPick* const pick, const FalPlanes* const to,
              const FalPlanes* const from, const size_t n_frames)
{
  const uint32_t n_each = pick->is_mono ? pick->n_listed : 1U;
  for (uint32_t c = 0U; c < fal_pick_n_channels(pick); ++c) {
    const uint32_t* const listed = pick->listed + c;
    for (size_t t = 0U; t < n_frames; ++t) {
      double sum = 0.0;
      for (uint32_t i = 0U; i < n_each; ++i) {
        sum += fal_planes_get(from, listed[i], t);
      }
      fal_planes_set(to, c, t, sum / n_each);
    }
  }
}
