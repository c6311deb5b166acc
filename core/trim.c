// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/trim.h"

#include <stdbool.h>
#include <stdint.h>

/// Frames that are looked at in one go
#define PIECE 4096U

/// Find the first and the last frame with sound among some; false if there is
/// none
static bool
find_sound(const float* const x, const uint32_t n, uint32_t* const first,
           uint32_t* const last)
{
  uint32_t start = 0U;
  uint32_t end   = n;
  while (start < n && x[start] == 0.0f) {
    ++start;
  }
  while (end > start && x[end - 1U] == 0.0f) {
    --end;
  }
  *first = start;
  *last  = end - 1U;
  return start < end;
}

/// Look for sound in a piece of all channels
static FalStatus
search(const FalRecording* const recording, const uint64_t start,
       const uint32_t n, bool* const found, uint64_t* const first,
       uint64_t* const last)
{
  *found = false;
  for (uint32_t c = 0U; c < recording->n_channels; ++c) {
    float           x[PIECE];
    uint32_t        from = 0U;
    uint32_t        to   = 0U;
    const FalStatus st = fal_recording_read(recording, c, x, (int64_t)start, n);
    if (st) {
      return st;
    }
    if (find_sound(x, n, &from, &to)) {
      *first = *found && *first < start + from ? *first : start + from;
      *last  = *found && *last > start + to ? *last : start + to;
      *found = true;
    }
  }
  return FAL_OK;
}

FalStatus
fal_trim(FalRecording* const trimmed, FalRecordingPart* const part,
         const FalRecording* const recording)
{
  const uint64_t n      = recording->n_frames;
  bool           found  = false;
  uint64_t       first  = 0U;
  uint64_t       last   = 0U;
  uint64_t       unused = 0U;
  FalStatus      st     = FAL_OK;
  for (uint64_t t = 0U; !st && !found && t < n; t += PIECE) {
    const uint32_t piece = (uint32_t)(n - t < PIECE ? n - t : PIECE);
    st                   = search(recording, t, piece, &found, &first, &unused);
  }
  const bool has_sound = found;
  found                = false;
  for (uint64_t t = n; !st && has_sound && !found;) {
    const uint32_t piece = (uint32_t)(t < PIECE ? t : PIECE);
    t -= piece;
    st = search(recording, t, piece, &found, &unused, &last);
  }

  *trimmed = fal_recording_part(part, recording, (double)first,
                                has_sound ? (double)last + 1.0 : (double)n);
  return st;
}
