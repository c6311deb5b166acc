// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/stream.h"

#include "core/arena.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/crew.h"
#include "offline/planes.h"
#include "offline/progress.h"
#include "offline/sound.h"
#include "offline/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One block on its way
typedef struct {
  FalPlanes in;        ///< [n_inputs][block]
  FalPlanes out;       ///< [n_outputs][block]
  bool      is_silent; ///< Nothing was read
} Block;

/// Where a run is
typedef struct {
  const FalStream* stream;
  FalError*        error;
  uint32_t         block;     ///< Frames
  uint64_t         n_read;    ///< Frames of the source until now
  bool             has_ended; ///< The source
  int64_t position; ///< In the full result, of the next block to be written
  Block   blocks[2];
} Run;

static void
lay_out(Run* const run, FalArena* const arena)
{
  for (uint32_t b = 0U; b < 2U; ++b) {
    Block* const block = &run->blocks[b];
    fal_planes_carve(&block->in, arena, run->stream->n_inputs, run->block);
    fal_planes_carve(&block->out, arena, run->stream->n_outputs, run->block);
  }
}

/// Fill a block from the source, and with zeros after its end
static FalStatus
read_block(Run* const run, Block* const block)
{
  const FalStream* const stream = run->stream;
  const uint64_t         n_left = stream->n_in - run->n_read;
  const size_t n_wanted = n_left < run->block ? (size_t)n_left : run->block;
  size_t       n        = 0U;
  if (!run->has_ended && n_wanted) {
    const FalStatus st = fal_source_read_planes(stream->source, &block->in,
                                                n_wanted, &n, run->error);
    if (st) {
      return st;
    }
  }
  if (n) {
    const FalPlanes rest = fal_planes_from(&block->in, stream->n_inputs, n);
    fal_planes_clear(&rest, stream->n_inputs, run->block - n);
  }
  run->n_read += n;
  run->has_ended   = n < run->block;
  block->is_silent = !n;
  if (stream->progress) {
    fal_progress_tell(stream->progress, run->n_read);
  }
  return FAL_OK;
}

/// One past the last frame of the full result that is written
static int64_t
end_of(const Run* const run)
{
  const FalStream* const stream = run->stream;
  if (stream->n_out != FAL_FRAMES_UNKNOWN) {
    return stream->first + (int64_t)stream->n_out;
  }
  return run->has_ended ? (int64_t)(run->n_read + stream->n_tail) : INT64_MAX;
}

/// Write what of a block belongs to the wanted part
static FalStatus
write_block(Run* const run, const Block* const block)
{
  const int64_t first = run->stream->first - run->position;
  const int64_t end   = end_of(run) - run->position;
  const int64_t n     = (int64_t)run->block;
  const size_t  from  = first < 0 ? 0U : first < n ? (size_t)first : run->block;
  const size_t  to    = end < 0 ? 0U : end < n ? (size_t)end : run->block;

  run->position += n;
  if (from >= to) {
    return FAL_OK;
  }
  const FalPlanes part =
    fal_planes_from(&block->out, run->stream->n_outputs, from);
  return run->stream->consume(run->stream->handle, &part, to - from,
                              run->error);
}

/// Write the silence before the first frame of the full result
static FalStatus
write_lead(Run* const run)
{
  FalStatus          st      = FAL_OK;
  const Block* const silence = &run->blocks[0]; // As it was allocated
  for (int64_t n = run->stream->first < 0 ? -run->stream->first : 0;
       n > 0 && !st; n -= (int64_t)run->block) {
    const size_t n_piece = n < (int64_t)run->block ? (size_t)n : run->block;
    st = run->stream->consume(run->stream->handle, &silence->out, n_piece,
                              run->error);
  }
  return st;
}

/// Reading and writing go on while a block is transformed
static FalStatus
run_blocks(Run* const run, FalCrew* const crew)
{
  FalStatus st = write_lead(run);
  if (!st) {
    st = read_block(run, &run->blocks[0]);
  }
  for (uint32_t b = 0U; !st; b = !b) {
    Block* const present = &run->blocks[b];
    Block* const other   = &run->blocks[!b]; // The last one, then the next
    fal_crew_start(crew, present->is_silent ? NULL : &present->in,
                   &present->out);
    st = run->position < 0 ? FAL_OK : write_block(run, other);
    if (!st) {
      st = read_block(run, other);
    }
    fal_crew_finish(crew);
    run->position = run->position < 0 ? 0 : run->position;
    if (!st && end_of(run) <= run->position + (int64_t)run->block) {
      return write_block(run, present);
    }
  }
  return st;
}

FalStatus
fal_stream_run(const FalStream* const stream, FalCrew* const crew,
               uint64_t* const n_read, FalError* const error)
{
  Run run = {
    .stream   = stream,
    .error    = error,
    .block    = fal_crew_block(crew),
    .position = -1, // No block is there to be written
  };
  for (uint32_t b = 0U; b < 2U; ++b) {
    run.blocks[b].in.is_double  = fal_crew_is_double(crew);
    run.blocks[b].out.is_double = fal_crew_is_double(crew);
  }
  FalArena arena = {NULL, 0U};
  lay_out(&run, &arena);
  FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return fal_error_set(error, st, "%s: out of memory",
                         fal_source_name(stream->source));
  }
  char* const memory = arena.base;
  lay_out(&run, &arena);
  st = run_blocks(&run, crew);
  fal_arena_release(memory);
  if (!st) {
    *n_read = run.n_read;
  }
  return st;
}
