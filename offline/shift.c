// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/shift.h"

#include "core/arena.h"
#include "core/recording.h"
#include "core/warp.h"
#include "ir/audio.h"
#include "offline/message.h"
#include "offline/metadata.h"
#include "offline/parents.h"
#include "offline/sink.h"
#include "offline/source.h"
#include "offline/tape.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Frames that are written at once
#define PIECE 16384U

/// More frames than a piece of the output needs of the input: drift and taps
#define MARGIN (2U * FAL_WARP_REACH + 64U)

/// A file on its way
typedef struct {
  FalRecording recording;
  FalWarp      warp;     ///< Without a table: samples are copied
  double       first;    ///< Frame of the recording that the output begins with
  double       step;     ///< Frames of the recording for one of the output
  int64_t      n_frames; ///< Of the output
  float*       near;     ///< [PIECE + MARGIN]
  float*       planar[FAL_AUDIO_MAX_CHANNELS]; ///< [PIECE]
} Way;

static void
lay_out(Way* const way, FalArena* const arena)
{
  way->near = fal_arena_floats(arena, PIECE + MARGIN);
  for (uint32_t c = 0U; c < way->recording.n_channels; ++c) {
    way->planar[c] = fal_arena_floats(arena, PIECE);
  }
}

/// Read frames of the output, which begin at `t`
static FalStatus
read_piece(const Way* const way, const uint32_t channel, const int64_t t,
           const uint32_t n)
{
  float* const y     = way->planar[channel];
  const double place = way->first + (double)t * way->step;
  if (!way->warp.taps) {
    return fal_recording_read(&way->recording, channel, y, llround(place), n);
  }
  const int64_t   from = (int64_t)floor(place) - (int64_t)FAL_WARP_REACH;
  const FalStatus st   = fal_recording_read(&way->recording, channel, way->near,
                                            from, PIECE + MARGIN);
  if (!st) {
    fal_warp_read(&way->warp, y, n, way->near, place - (double)from, way->step);
  }
  return st;
}

static FalStatus
copy(const Way* const way, FalSink* const sink, FalError* const error)
{
  FalStatus st = FAL_OK;
  for (int64_t t = 0; !st && t < way->n_frames; t += PIECE) {
    const int64_t  left = way->n_frames - t;
    const uint32_t n    = left < PIECE ? (uint32_t)left : PIECE;
    for (uint32_t c = 0U; !st && c < way->recording.n_channels; ++c) {
      st = read_piece(way, c, t, n);
    }
    if (!st) {
      st = fal_sink_write(sink, (const float* const*)way->planar, n, error);
    }
  }
  return st;
}

/// Read what a file says beside its sound, for one that begins later
static FalStatus
read_metadata(FalMetadata* const metadata, const char* const path,
              const int64_t n_later, FalError* const error)
{
  FalSource* source = NULL;
  if (!strcmp(path, "-")) {
    return FAL_OK;
  }
  FalStatus st = fal_source_open(&source, path, error);
  if (!st && !(st = fal_metadata_read(metadata, source, error))) {
    st =
      fal_metadata_shift(metadata, n_later, fal_source_sound(source)->rate_hz);
    if (st) {
      fal_error_set(error, st, "%s: out of memory", path);
    }
  }
  fal_source_close(source);
  return st;
}

/// Write all that an open tape has from the way's first frame on
static FalStatus
write_tape(const Way* const way, const FalShift* const shift,
           const FalTape* const tape, FalError* const error)
{
  FalSink*       sink     = NULL;
  FalSinkReport  report   = {0U, 0U, 0.0f};
  FalMetadata    metadata = {0};
  FalSinkRequest request  = {
     .output    = {shift->target, shift->force, &shift->path, 1U},
     .sound     = *fal_tape_sound(tape),
     .no_dither = !way->warp.taps,
     .metadata  = &metadata,
  };
  request.sound.n_frames = (uint64_t)way->n_frames;
  FalStatus st =
    read_metadata(&metadata, shift->path, llround(way->first), error);
  if (!st && !(st = fal_parents_make(shift->target, error))) {
    st = fal_sink_open(&sink, &request, error);
  }
  if (!st && (st = copy(way, sink, error))) {
    fal_sink_discard(sink);
  } else if (!st) {
    st = fal_sink_commit(sink, &report, error);
  }
  fal_metadata_clear(&metadata);
  if (!st && report.n_clipped) {
    fal_message_warn("%s: %llu samples clipped", shift->target,
                     (unsigned long long)report.n_clipped);
  }
  return st;
}

FalStatus
fal_shift_write(const FalShift* const shift, FalError* const error)
{
  FalTape*  tape = NULL;
  FalStatus st   = fal_tape_open(&tape, shift->path, error);
  if (st) {
    return st;
  }

  const FalSound* const sound = fal_tape_sound(tape);
  const double          late  = shift->seconds * sound->rate_hz;
  Way                   way   = {
                        .recording = fal_tape_recording(tape),
                        .first = shift->kind == FAL_SHIFT_WHOLE ? round(late) : late,
                        .step = shift->kind == FAL_SHIFT_DRIFT ? 1.0 + shift->drift : 1.0,
  };
  way.n_frames =
    (int64_t)ceil(((double)sound->n_frames - way.first) / way.step);

  FalArena arena = {NULL, 0U};
  lay_out(&way, &arena);
  if (way.n_frames <= 0) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA,
                       "%s: ends before the reference begins", shift->path);
  } else if (fal_arena_allocate(&arena) ||
             (shift->kind != FAL_SHIFT_WHOLE && fal_warp_init(&way.warp))) {
    st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", shift->path);
  } else {
    lay_out(&way, &arena);
    st = write_tape(&way, shift, tape, error);
  }
  fal_warp_clear(&way.warp);
  fal_arena_release(arena.base);
  fal_tape_close(tape);
  return st;
}
