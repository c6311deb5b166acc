// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/part.h"

#include "core/convolve.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/response.h"
#include "offline/settings.h"
#include "offline/sound.h"
#include "offline/source.h"
#include "offline/stream.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

FalStatus
fal_part_skip_to_start(FalSource* const               source,
                       const FalRenderSettings* const settings,
                       FalError* const                error)
{
  const FalSound* const sound = fal_source_sound(source);
  return settings->start_s > 0.0
           ? fal_source_skip(
               source, (uint64_t)llround(settings->start_s * sound->rate_hz),
               error)
           : FAL_OK;
}

uint64_t
fal_part_count_input(const FalRenderSettings* const settings,
                     const FalSource* const         source)
{
  const FalSound* const sound  = fal_source_sound(source);
  const uint64_t        n_left = fal_source_n_left(source);
  const uint64_t        n_wanted =
    settings->duration_s > 0.0
             ? (uint64_t)llround(settings->duration_s * sound->rate_hz)
             : UINT64_MAX;
  return n_left < n_wanted ? n_left : n_wanted;
}

FalStatus
fal_part_choose(FalStream* const               stream,
                const FalRenderSettings* const settings,
                const FalResponse* const response, const char* const name,
                FalError* const error)
{
  const uint64_t n = fal_source_n_left(stream->source) == FAL_FRAMES_UNKNOWN
                       ? FAL_FRAMES_UNKNOWN
                       : stream->n_in;
  const uint64_t m = response->n_longest;
  stream->n_tail   = response->n_longest - 1U;
  stream->first    = settings->align ? (int64_t)response->n_onset : 0;
  stream->n_out    = FAL_FRAMES_UNKNOWN;
  if (n == FAL_FRAMES_UNKNOWN && settings->mode != FAL_FULL) {
    return fal_error_set(error, FAL_ERR_BAD_ARG,
                         "%s: --mode same and valid need a length that is "
                         "known from the start",
                         name);
  }
  if (!n) {
    return fal_error_set(error, FAL_ERR_BAD_DATA, "%s: holds no sound", name);
  }
  switch (settings->mode) {
    case FAL_FULL:
      if (n != FAL_FRAMES_UNKNOWN) {
        stream->n_out = n + m - 1U - (uint64_t)stream->first;
      }
      break;
    case FAL_SAME:
      stream->first = settings->align ? stream->first : (int64_t)(m - 1U) / 2;
      stream->n_out = n;
      break;
    case FAL_VALID:
      stream->first = (int64_t)(n < m ? n : m) - 1;
      stream->n_out = fal_mode_frames(FAL_VALID, (size_t)n, (size_t)m);
      break;
  }
  return FAL_OK;
}
