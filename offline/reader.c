// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/reader.h"

#include "core/status.h"
#include "ir/container.h"
#include "ir/error.h"
#include "ir/file.h"
#include "offline/pipe.h"
#include "offline/planes.h"
#include "offline/samples.h"
#include "offline/sound.h"
#include "offline/wide.h"

#include <sndfile.h>

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct FalReader {
  FalSound    sound;
  const char* name;
  FalFile*    file;     ///< Null for a pipe
  FalEncoding encoding; ///< Of linear samples
  uint64_t    n_read;   ///< Frames until now
  void* bytes; ///< [FAL_READER_FRAMES] frames, coded or as interleaved floats
};

/// Take over what ir/ found out about a file
static void
describe(FalReader* const reader)
{
  const FalContainer* const c = &reader->file->container;
  reader->encoding            = fal_sound_encoding(c->format);
  if (!c->raw_format) {
    reader->encoding.type = FAL_SAMPLE_NONE;
  }
  reader->sound = (FalSound){
    .format     = c->format,
    .n_channels = c->n_channels,
    .rate_hz    = c->rate_hz,
    .n_frames   = c->n_frames < 0 ? FAL_FRAMES_UNKNOWN : (uint64_t)c->n_frames,
  };
}

static FalStatus
open_standard_input(FalReader* const reader, FalError* const error)
{
  struct stat status;
  reader->name = "standard input";
  if (!fstat(STDIN_FILENO, &status) && S_ISREG(status.st_mode) &&
      !lseek(STDIN_FILENO, 0, SEEK_CUR)) {
    const int fd = dup(STDIN_FILENO);
    if (fd < 0) {
      return fal_error_set(error, FAL_ERR_OPEN, "%s: %s", reader->name,
                           strerror(errno));
    }
    const FalStatus st = fal_file_open_fd(&reader->file, fd, reader->name,
                                          FAL_FORMATS_WIDE, error);
    if (!st) {
      describe(reader);
    }
    return st;
  }
  const FalStatus st =
    fal_pipe_read_head(&reader->sound, STDIN_FILENO, reader->name, error);
  reader->encoding = fal_sound_encoding(reader->sound.format);
  return st;
}

FalStatus
fal_reader_open(FalReader** const reader, const char* const path,
                FalError* const error)
{
  FalReader* const made = (FalReader*)calloc(1U, sizeof(FalReader));
  if (!made) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  }
  made->name   = path;
  FalStatus st = FAL_OK;
  if (!strcmp(path, "-")) {
    st = open_standard_input(made, error);
  } else if (!(st =
                 fal_file_open(&made->file, path, FAL_FORMATS_WIDE, error))) {
    describe(made);
  }
  if (!st) {
    made->bytes = malloc((size_t)FAL_READER_FRAMES * made->sound.n_channels *
                         sizeof(double));
    if (!made->bytes) {
      st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
    }
  }
  if (st) {
    fal_reader_close(made);
    return st;
  }
  *reader = made;
  return FAL_OK;
}

const FalSound*
fal_reader_sound(const FalReader* const reader)
{
  return &reader->sound;
}

const FalFile*
fal_reader_file(const FalReader* const reader)
{
  return reader->file;
}

const char*
fal_reader_name(const FalReader* const reader)
{
  return reader->name;
}

bool
fal_reader_may_be_odd(const FalReader* const reader)
{
  return !fal_samples_bits(reader->encoding.type);
}

/// Bytes of linear samples from the file, after those read already
static FalStatus
read_file_bytes(FalReader* const reader, const size_t n_bytes,
                const uint64_t offset, size_t* const n_read,
                FalError* const error)
{
  size_t done = 0U;
  while (done < n_bytes) {
    const ssize_t n = pread(reader->file->fd, (char*)reader->bytes + done,
                            n_bytes - done, (off_t)(offset + done));
    if (!n) {
      break;
    }
    if (n < 0 && errno != EINTR) {
      return fal_error_set(error, FAL_ERR_READ, "%s: %s", reader->name,
                           strerror(errno));
    }
    done += n > 0 ? (size_t)n : 0U;
  }
  *n_read = done;
  return FAL_OK;
}

static void
decode(const FalReader* const reader, const FalPlanes* const planes,
       const FalEncoding encoding, const size_t n_frames)
{
  const uint32_t n_channels = reader->sound.n_channels;
  if (planes->is_double) {
    fal_wide_decode(planes->doubles, reader->bytes, encoding, n_channels,
                    n_frames);
  } else {
    fal_samples_decode(planes->floats, reader->bytes, encoding, n_channels,
                       n_frames);
  }
}

static FalStatus
read_linear(FalReader* const reader, const FalPlanes* const planes,
            const size_t n_frames, size_t* const n_read, FalError* const error)
{
  const uint32_t n_channels = reader->sound.n_channels;
  const size_t n_frame = fal_samples_bytes(reader->encoding.type) * n_channels;
  size_t       n_bytes = 0U;
  assert(n_frame);
  const FalStatus st =
    reader->file
      ? read_file_bytes(reader, n_frames * n_frame,
                        (uint64_t)reader->file->container.data_start +
                          reader->n_read * n_frame,
                        &n_bytes, error)
      : fal_pipe_read(STDIN_FILENO, reader->bytes, n_frames * n_frame, &n_bytes,
                      reader->name, error);
  if (!st) {
    *n_read = n_bytes / n_frame;
    decode(reader, planes, reader->encoding, *n_read);
  }
  return st;
}

static FalStatus
read_coded(FalReader* const reader, const FalPlanes* const planes,
           const size_t n_frames, size_t* const n_read, FalError* const error)
{
  static const FalEncoding floats = {FAL_SAMPLE_F32,
                                     __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
  uint32_t                 n      = 0U;
  const FalStatus st = fal_file_read(reader->file, (float*)reader->bytes,
                                     (uint32_t)n_frames, &n, error);
  if (!st) {
    *n_read = n;
    decode(reader, planes, floats, n);
  }
  return st;
}

FalStatus
fal_reader_read(FalReader* const reader, const FalPlanes* const planes,
                const size_t n_frames, size_t* const n_read,
                FalError* const error)
{
  const FalStatus st = reader->encoding.type
                         ? read_linear(reader, planes, n_frames, n_read, error)
                         : read_coded(reader, planes, n_frames, n_read, error);
  reader->n_read += st ? 0U : *n_read;
  return st;
}

bool
fal_reader_skip(FalReader* const reader, const uint64_t n_frames)
{
  const bool can_skip = reader->file && reader->encoding.type;
  reader->n_read += can_skip ? n_frames : 0U;
  return can_skip;
}

FalStatus
fal_reader_seek(FalReader* const reader, const uint64_t frame,
                FalError* const error)
{
  const sf_count_t place    = (sf_count_t)frame;
  const bool       is_coded = !reader->encoding.type;
  if (!reader->file ||
      (is_coded && sf_seek(reader->file->handle, place, SEEK_SET) != place)) {
    return fal_error_set(error, FAL_ERR_READ, "%s: cannot be read in any order",
                         reader->name);
  }
  reader->file->n_frames_read = is_coded ? place : 0;
  reader->n_read              = frame;
  return FAL_OK;
}

void
fal_reader_close(FalReader* const reader)
{
  if (reader) {
    fal_file_close(reader->file);
    free(reader->bytes);
    free(reader);
  }
}
