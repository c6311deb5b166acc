// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/source.h"

#include "core/arena.h"
#include "core/status.h"
#include "ir/error.h"
#include "ir/file.h"
#include "offline/pick.h"
#include "offline/planes.h"
#include "offline/reader.h"
#include "offline/sound.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct FalSource {
  FalReader* reader;
  FalSound   sound;  ///< As it is heard from here
  FalPick    pick;   ///< Settled, if there are `picked`
  FalPlanes  picked; ///< [channels of the file][FAL_READER_FRAMES], doubles
  char*      memory; ///< Of those; null: all channels are taken
  uint64_t   n_read; ///< Frames until now
  uint64_t   n_non_finite;
};

FalStatus
fal_source_open(FalSource** const source, const char* const path,
                FalError* const error)
{
  FalSource* const made = (FalSource*)calloc(1U, sizeof(FalSource));
  if (!made) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  }
  const FalStatus st = fal_reader_open(&made->reader, path, error);
  if (st) {
    fal_source_close(made);
    return st;
  }
  made->sound = *fal_reader_sound(made->reader);
  *source     = made;
  return FAL_OK;
}

FalStatus
fal_source_pick(FalSource* const source, const FalPick* const pick,
                FalError* const error)
{
  const char* const name       = fal_source_name(source);
  const uint32_t    n_channels = fal_reader_sound(source->reader)->n_channels;
  if (!pick->n_listed && !(pick->is_mono && n_channels > 1U)) {
    return FAL_OK;
  }
  source->pick           = *pick;
  const uint32_t missing = fal_pick_settle(&source->pick, n_channels);
  if (missing) {
    return fal_error_set(error, FAL_ERR_BAD_ARG,
                         "%s: there is no channel %u, but %u channels", name,
                         missing, n_channels);
  }
  // What is read in doubles can be handed on as either
  FalArena arena           = {NULL, 0U};
  source->picked.is_double = true;
  fal_planes_carve(&source->picked, &arena, n_channels, FAL_READER_FRAMES);
  if (fal_arena_allocate(&arena)) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", name);
  }
  source->memory = arena.base;
  fal_planes_carve(&source->picked, &arena, n_channels, FAL_READER_FRAMES);
  source->sound.n_channels = fal_pick_n_channels(&source->pick);
  return FAL_OK;
}

const FalSound*
fal_source_sound(const FalSource* const source)
{
  return &source->sound;
}

const FalFile*
fal_source_file(const FalSource* const source)
{
  return fal_reader_file(source->reader);
}

const char*
fal_source_name(const FalSource* const source)
{
  return fal_reader_name(source->reader);
}

/// Read, silence what is not finite, and take the channels that are wanted
static FalStatus
read_piece(FalSource* const source, const FalPlanes* const planes,
           const size_t n_frames, size_t* const n_read, FalError* const error)
{
  const bool       has_pick = source->memory != NULL;
  const FalPlanes* raw      = has_pick ? &source->picked : planes;
  const uint32_t   n_channels =
    has_pick ? source->pick.n_listed : source->sound.n_channels;
  const FalStatus st =
    fal_reader_read(source->reader, raw, n_frames, n_read, error);
  if (st) {
    return st;
  }
  const bool may_be_odd = fal_reader_may_be_odd(source->reader);
  for (uint32_t c = 0U; may_be_odd && c < n_channels; ++c) {
    const uint32_t channel = has_pick ? source->pick.listed[c] : c;
    source->n_non_finite += fal_planes_clean(raw, channel, *n_read);
  }
  if (has_pick) {
    fal_pick_take(&source->pick, planes, raw, *n_read);
  }
  return FAL_OK;
}

FalStatus
fal_source_read_planes(FalSource* const source, const FalPlanes* const planes,
                       const size_t n_frames, size_t* const n_read,
                       FalError* const error)
{
  const FalSound* const sound = &source->sound;

  size_t done = 0U;
  while (done < n_frames) {
    const uint64_t n_left = sound->n_frames - source->n_read; // Huge if unknown
    size_t         n =
      n_frames - done < FAL_READER_FRAMES ? n_frames - done : FAL_READER_FRAMES;
    n = n_left < n ? (size_t)n_left : n;
    if (!n) {
      break;
    }
    const FalPlanes piece = fal_planes_from(planes, sound->n_channels, done);
    size_t          n_got = 0U;
    const FalStatus st    = read_piece(source, &piece, n, &n_got, error);
    if (st) {
      return st;
    }
    source->n_read += n_got;
    done += n_got;
    if (n_got < n) {
      if (sound->n_frames != FAL_FRAMES_UNKNOWN) {
        return fal_error_set(
          error, FAL_ERR_BAD_DATA, "%s: ends after %llu of %llu frames",
          fal_source_name(source), (unsigned long long)source->n_read,
          (unsigned long long)sound->n_frames);
      }
      break;
    }
  }
  *n_read = done;
  return FAL_OK;
}

FalStatus
fal_source_read(FalSource* const source, float* const* const planar,
                const size_t n_frames, size_t* const n_read,
                FalError* const error)
{
  const FalPlanes planes =
    fal_planes_of_floats(planar, source->sound.n_channels);
  return fal_source_read_planes(source, &planes, n_frames, n_read, error);
}

FalStatus
fal_source_skip(FalSource* const source, const uint64_t n_frames,
                FalError* const error)
{
  const uint64_t n_left = fal_source_n_left(source);
  const uint64_t n_skip = n_frames < n_left ? n_frames : n_left;
  if (fal_reader_skip(source->reader, n_skip)) {
    source->n_read += n_skip;
    return FAL_OK;
  }
  enum { FRAMES = 256 };
  float  samples[FAL_AUDIO_MAX_CHANNELS][FRAMES];
  float* planar[FAL_AUDIO_MAX_CHANNELS];
  for (uint32_t c = 0U; c < FAL_AUDIO_MAX_CHANNELS; ++c) {
    planar[c] = samples[c];
  }
  const uint64_t n_bad = source->n_non_finite;
  FalStatus      st    = FAL_OK;
  for (uint64_t done = 0U; done < n_skip && !st;) {
    const uint64_t n      = n_skip - done < FRAMES ? n_skip - done : FRAMES;
    size_t         n_read = 0U;
    st = fal_source_read(source, planar, (size_t)n, &n_read, error);
    if (n_read < n) {
      break;
    }
    done += n;
  }
  source->n_non_finite = n_bad; // Nobody hears those
  return st;
}

uint64_t
fal_source_n_left(const FalSource* const source)
{
  return source->sound.n_frames == FAL_FRAMES_UNKNOWN
           ? FAL_FRAMES_UNKNOWN
           : source->sound.n_frames - source->n_read;
}

uint64_t
fal_source_n_non_finite(const FalSource* const source)
{
  return source->n_non_finite;
}

void
fal_source_close(FalSource* const source)
{
  if (source) {
    fal_reader_close(source->reader);
    fal_arena_release(source->memory);
    free(source);
  }
}
