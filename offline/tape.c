// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/tape.h"

#include "core/arena.h"
#include "core/resample.h"
#include "ir/audio.h"
#include "offline/planes.h"
#include "offline/reader.h"
#include "offline/source.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Samples (of all channels) up to which a file is held in memory
#define MOST_HELD (1U << 23U)

/// Frames that are read at once
#define PIECE 65536U

/// Input frames around a piece that the resampler wants to see
#define MARGIN 2048

struct FalTape {
  FalSound    sound;
  const char* path;
  const char* name;
  FalError*   error;
  FalReader*  reader;  ///< Of a long file, else null
  double      rate_hz; ///< As it is read
  uint64_t    n_frames;
  float**     channels; ///< [n_channels][n_frames] if it is held
  FalPlanes   piece;    ///< [n_channels][PIECE], of a long file
  void*       memory;   ///< Of the piece
  uint64_t    start;    ///< First frame of the piece
  uint32_t    n_piece;  ///< Frames in the piece
};

static FalStatus
refuse_memory(const FalTape* const tape)
{
  return fal_error_set(tape->error, FAL_ERR_NO_MEM, "%s: out of memory",
                       tape->name);
}

/// Read all that a source has into growing channels
static FalStatus
hold(FalTape* const tape, FalSource* const source)
{
  const uint32_t n_channels = tape->sound.n_channels;
  size_t         room       = 0U;
  float*         ends[FAL_AUDIO_MAX_CHANNELS];

  tape->channels = (float**)calloc(n_channels, sizeof(float*));
  if (!tape->channels) {
    return refuse_memory(tape);
  }
  for (size_t n = PIECE; n == PIECE; tape->n_frames += n) {
    const size_t have = (size_t)tape->n_frames;
    if (room < have + PIECE) {
      room = 2U * room + PIECE;
      for (uint32_t c = 0U; c < n_channels; ++c) {
        float* const more =
          (float*)realloc(tape->channels[c], room * sizeof(float));
        if (!more) {
          return refuse_memory(tape);
        }
        tape->channels[c] = more;
      }
    }
    for (uint32_t c = 0U; c < n_channels; ++c) {
      ends[c] = tape->channels[c] + have;
    }
    const FalStatus st = fal_source_read(source, ends, PIECE, &n, tape->error);
    if (st) {
      return st;
    }
  }
  return FAL_OK;
}

/// Have a frame of a long file in the piece, with what follows it
static FalStatus
fetch(FalTape* const tape, const uint64_t frame)
{
  if (frame >= tape->start && frame < tape->start + tape->n_piece) {
    return FAL_OK;
  }

  // From a little before: windows that overlap go forth in half steps
  const uint64_t start = frame < PIECE / 4U ? 0U : frame - PIECE / 4U;
  const uint64_t left  = tape->sound.n_frames - start;
  const size_t   most  = left < PIECE ? (size_t)left : PIECE;
  size_t         n     = 0U;
  FalStatus      st    = fal_reader_seek(tape->reader, start, tape->error);
  for (size_t got = 1U; !st && got && n < most; n += got) {
    const FalPlanes to =
      fal_planes_from(&tape->piece, tape->sound.n_channels, n);
    const size_t wanted =
      most - n < FAL_READER_FRAMES ? most - n : FAL_READER_FRAMES;
    st = fal_reader_read(tape->reader, &to, wanted, &got, tape->error);
  }
  if (!st && n <= frame - start) {
    st = fal_error_set(tape->error, FAL_ERR_READ, "%s: ends before its length",
                       tape->name);
  }
  tape->start   = start;
  tape->n_piece = st ? 0U : (uint32_t)n;
  return st;
}

/// Read frames of a long file at its own rate
static FalStatus
read_file(FalTape* const tape, const uint32_t channel, float* const x,
          const uint64_t start, const uint32_t n_frames)
{
  for (uint32_t done = 0U; done < n_frames;) {
    const FalStatus st = fetch(tape, start + done);
    if (st) {
      return st;
    }
    const uint32_t skip = (uint32_t)(start + done - tape->start);
    const uint32_t left = n_frames - done;
    const uint32_t have = tape->n_piece - skip;
    const uint32_t n    = left < have ? left : have;
    memcpy(x + done, tape->piece.floats[channel] + skip, n * sizeof(float));
    done += n;
  }
  return FAL_OK;
}

static uint64_t
greatest_divisor(uint64_t a, uint64_t b)
{
  while (b) {
    const uint64_t rest = a % b;
    a                   = b;
    b                   = rest;
  }
  return a;
}

/**
   Read frames of a long file at another rate.

   What is resampled starts where a frame of one rate falls on one of the other,
   and further out than the filter reaches: so pieces join without a seam.
*/
static FalStatus
read_converted(FalTape* const tape, const uint32_t channel, float* const x,
               const uint64_t start, const uint32_t n_frames)
{
  const uint64_t from = tape->sound.rate_hz;
  const uint64_t to   = (uint64_t)tape->rate_hz;
  const uint64_t gcd  = greatest_divisor(from, to);
  const uint64_t in   = from / gcd;
  const uint64_t out  = to / gcd;
  assert(in && out);
  const uint64_t wide  = (MARGIN + in - 1U) / in; // Margin in common periods
  const uint64_t first = start / out > wide ? start / out - wide : 0U;
  const uint64_t last  = (start + n_frames) / out + 1U + wide;

  const uint64_t begin = first * in;
  const uint64_t end =
    last * in < tape->sound.n_frames ? last * in : tape->sound.n_frames;
  const size_t n_in  = (size_t)(end - begin);
  const size_t n_out = fal_resampled_frames(n_in, (double)from, (double)to);
  float* const near  = (float*)malloc(n_in * sizeof(float));
  float* const far   = (float*)malloc(n_out * sizeof(float));
  if (!near || !far) {
    free(near);
    free(far);
    return refuse_memory(tape);
  }

  FalStatus st = read_file(tape, channel, near, begin, (uint32_t)n_in);
  if (!st && (st = fal_resample(far, near, n_in, (double)from, (double)to))) {
    st = refuse_memory(tape);
  }
  if (!st) {
    const size_t skip = (size_t)(start - first * out);
    const size_t have = n_out > skip ? n_out - skip : 0U;
    const size_t n    = have < n_frames ? have : n_frames;
    memcpy(x, far + skip, n * sizeof(float));
    memset(x + n, 0, (n_frames - n) * sizeof(float));
  }
  free(near);
  free(far);
  return st;
}

static FalStatus
read_tape(void* const handle, const uint32_t channel, float* const x,
          const uint64_t start, const uint32_t n_frames)
{
  FalTape* const tape = (FalTape*)handle;
  if (tape->channels) {
    memcpy(x, tape->channels[channel] + start, n_frames * sizeof(float));
    return FAL_OK;
  }
  return tape->rate_hz == tape->sound.rate_hz
           ? read_file(tape, channel, x, start, n_frames)
           : read_converted(tape, channel, x, start, n_frames);
}

/// Go over to reading piece by piece
static FalStatus
open_long(FalTape* const tape)
{
  FalStatus st = fal_reader_open(&tape->reader, tape->path, tape->error);
  if (st) {
    return st;
  }
  FalArena arena = {NULL, 0U};
  fal_planes_carve(&tape->piece, &arena, tape->sound.n_channels, PIECE);
  if (fal_arena_allocate(&arena)) {
    return refuse_memory(tape);
  }
  tape->memory   = arena.base;
  tape->n_frames = tape->sound.n_frames;
  fal_planes_carve(&tape->piece, &arena, tape->sound.n_channels, PIECE);
  return FAL_OK;
}

FalStatus
fal_tape_open(FalTape** const tape, const char* const path,
              FalError* const error)
{
  FalSource* source = NULL;
  FalStatus  st     = fal_source_open(&source, path, error);
  if (st) {
    return st;
  }

  FalTape* const t = (FalTape*)calloc(1U, sizeof(FalTape));
  if (!t) {
    fal_source_close(source);
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  }
  t->sound   = *fal_source_sound(source);
  t->path    = path;
  t->name    = fal_source_name(source);
  t->error   = error;
  t->rate_hz = t->sound.rate_hz;

  const bool is_pipe = !strcmp(path, "-");
  const bool is_long = t->sound.n_frames != FAL_FRAMES_UNKNOWN &&
                       t->sound.n_frames * t->sound.n_channels > MOST_HELD;
  if (is_long && !is_pipe) {
    fal_source_close(source);
    source  = NULL;
    t->name = path;
    st      = open_long(t);
  } else {
    st                = hold(t, source);
    t->sound.n_frames = t->n_frames;
  }
  if (!st && !t->n_frames) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA, "%s: has no frames", t->name);
  }
  if (is_pipe) {
    t->name = "standard input";
  } else {
    t->name = path;
  }
  fal_source_close(source);
  if (st) {
    fal_tape_close(t);
    return st;
  }
  *tape = t;
  return FAL_OK;
}

const FalSound*
fal_tape_sound(const FalTape* const tape)
{
  return &tape->sound;
}

const char*
fal_tape_name(const FalTape* const tape)
{
  return tape->name;
}

FalStatus
fal_tape_convert(FalTape* const tape, const double rate_hz,
                 FalError* const error)
{
  const double own = tape->sound.rate_hz;
  tape->rate_hz    = rate_hz;
  if (rate_hz == own) {
    return FAL_OK;
  }
  const size_t n =
    fal_resampled_frames((size_t)tape->sound.n_frames, own, rate_hz);
  for (uint32_t c = 0U; tape->channels && c < tape->sound.n_channels; ++c) {
    float* const y = (float*)malloc(n * sizeof(float));
    if (!y || fal_resample(y, tape->channels[c], (size_t)tape->sound.n_frames,
                           own, rate_hz)) {
      free(y);
      return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                           tape->name);
    }
    free(tape->channels[c]);
    tape->channels[c] = y;
  }
  tape->n_frames = n;
  return FAL_OK;
}

FalRecording
fal_tape_recording(FalTape* const tape)
{
  const FalRecording recording = {read_tape, tape, tape->sound.n_channels,
                                  tape->n_frames};
  return recording;
}

void
fal_tape_close(FalTape* const tape)
{
  if (!tape) {
    return;
  }
  for (uint32_t c = 0U; tape->channels && c < tape->sound.n_channels; ++c) {
    free(tape->channels[c]);
  }
  free(tape->channels);
  fal_arena_release(tape->memory);
  fal_reader_close(tape->reader);
  free(tape);
}
