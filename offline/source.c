// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/source.h"

#include "core/status.h"
#include "ir/container.h"
#include "ir/error.h"
#include "ir/file.h"
#include "offline/pipe.h"
#include "offline/samples.h"
#include "offline/sound.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Frames that are read and decoded at once
#define PIECE_FRAMES 16384U

struct FalSource {
  FalSound    sound;
  const char* name;
  FalFile*    file;     ///< Null for a pipe
  FalEncoding encoding; ///< Of linear samples
  uint64_t    n_read;   ///< Frames until now
  uint64_t    n_non_finite;
  void*       bytes; ///< [PIECE_FRAMES] frames, coded or as interleaved floats
};

/// Take over what ir/ found out about a file
static void
describe(FalSource* const source)
{
  const FalContainer* const c = &source->file->container;
  source->encoding            = fal_sound_encoding(c->format);
  if (!c->raw_format) {
    source->encoding.type = FAL_SAMPLE_NONE;
  }
  source->sound = (FalSound){
    .format     = c->format,
    .n_channels = c->n_channels,
    .rate_hz    = c->rate_hz,
    .n_frames   = c->n_frames < 0 ? FAL_FRAMES_UNKNOWN : (uint64_t)c->n_frames,
  };
}

static FalStatus
open_standard_input(FalSource* const source, FalError* const error)
{
  struct stat status;
  source->name = "standard input";
  if (!fstat(STDIN_FILENO, &status) && S_ISREG(status.st_mode) &&
      !lseek(STDIN_FILENO, 0, SEEK_CUR)) {
    const int fd = dup(STDIN_FILENO);
    if (fd < 0) {
      return fal_error_set(error, FAL_ERR_OPEN, "%s: %s", source->name,
                           strerror(errno));
    }
    const FalStatus st = fal_file_open_fd(&source->file, fd, source->name,
                                          FAL_FORMATS_WIDE, error);
    if (!st) {
      describe(source);
    }
    return st;
  }
  const FalStatus st =
    fal_pipe_read_head(&source->sound, STDIN_FILENO, source->name, error);
  source->encoding = fal_sound_encoding(source->sound.format);
  return st;
}

FalStatus
fal_source_open(FalSource** const source, const char* const path,
                FalError* const error)
{
  FalSource* const made = (FalSource*)calloc(1U, sizeof(FalSource));
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
    made->bytes =
      malloc((size_t)PIECE_FRAMES * made->sound.n_channels * sizeof(double));
    if (!made->bytes) {
      st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
    }
  }
  if (st) {
    fal_source_close(made);
    return st;
  }
  *source = made;
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
  return source->file;
}

const char*
fal_source_name(const FalSource* const source)
{
  return source->name;
}

/// Bytes of linear samples from the file, after those read already
static FalStatus
read_file_bytes(FalSource* const source, const size_t n_bytes,
                const uint64_t offset, size_t* const n_read,
                FalError* const error)
{
  size_t done = 0U;
  while (done < n_bytes) {
    const ssize_t n = pread(source->file->fd, (char*)source->bytes + done,
                            n_bytes - done, (off_t)(offset + done));
    if (!n) {
      break;
    }
    if (n < 0 && errno != EINTR) {
      return fal_error_set(error, FAL_ERR_READ, "%s: %s", source->name,
                           strerror(errno));
    }
    done += n > 0 ? (size_t)n : 0U;
  }
  *n_read = done;
  return FAL_OK;
}

static FalStatus
read_linear(FalSource* const source, float* const* const planar,
            const size_t n_frames, size_t* const n_read, FalError* const error)
{
  const uint32_t n_channels = source->sound.n_channels;
  const size_t n_frame = fal_samples_bytes(source->encoding.type) * n_channels;
  size_t       n_bytes = 0U;
  assert(n_frame);
  const FalStatus st =
    source->file
      ? read_file_bytes(source, n_frames * n_frame,
                        (uint64_t)source->file->container.data_start +
                          source->n_read * n_frame,
                        &n_bytes, error)
      : fal_pipe_read(STDIN_FILENO, source->bytes, n_frames * n_frame, &n_bytes,
                      source->name, error);
  if (!st) {
    *n_read = n_bytes / n_frame;
    fal_samples_decode(planar, source->bytes, source->encoding, n_channels,
                       *n_read);
  }
  return st;
}

static FalStatus
read_coded(FalSource* const source, float* const* const planar,
           const size_t n_frames, size_t* const n_read, FalError* const error)
{
  static const FalEncoding floats = {FAL_SAMPLE_F32,
                                     __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
  uint32_t                 n      = 0U;
  const FalStatus st = fal_file_read(source->file, (float*)source->bytes,
                                     (uint32_t)n_frames, &n, error);
  if (!st) {
    *n_read = n;
    fal_samples_decode(planar, source->bytes, floats, source->sound.n_channels,
                       n);
  }
  return st;
}

/// Zero what is not finite
static uint64_t
clean(float* const x, const size_t n)
{
  uint64_t n_bad = 0U;
  for (size_t t = 0U; t < n; ++t) {
    const bool is_bad = !(fabsf(x[t]) <= 3.4028235e38F);
    n_bad += is_bad ? 1U : 0U;
    x[t] = is_bad ? 0.0F : x[t];
  }
  return n_bad;
}

FalStatus
fal_source_read(FalSource* const source, float* const* const planar,
                const size_t n_frames, size_t* const n_read,
                FalError* const error)
{
  const FalSound* const sound      = &source->sound;
  const bool            may_be_bad = !fal_samples_bits(source->encoding.type);
  float*                piece[FAL_AUDIO_MAX_CHANNELS];

  size_t done = 0U;
  while (done < n_frames) {
    const uint64_t n_left = sound->n_frames - source->n_read; // Huge if unknown
    size_t n = n_frames - done < PIECE_FRAMES ? n_frames - done : PIECE_FRAMES;
    n        = n_left < n ? (size_t)n_left : n;
    if (!n) {
      break;
    }
    for (uint32_t c = 0U; c < sound->n_channels; ++c) {
      piece[c] = planar[c] + done;
    }
    size_t          n_got = 0U;
    const FalStatus st    = source->encoding.type
                              ? read_linear(source, piece, n, &n_got, error)
                              : read_coded(source, piece, n, &n_got, error);
    if (st) {
      return st;
    }
    for (uint32_t c = 0U; may_be_bad && c < sound->n_channels; ++c) {
      source->n_non_finite += clean(piece[c], n_got);
    }
    source->n_read += n_got;
    done += n_got;
    if (n_got < n) {
      if (sound->n_frames != FAL_FRAMES_UNKNOWN) {
        return fal_error_set(error, FAL_ERR_BAD_DATA,
                             "%s: ends after %llu of %llu frames", source->name,
                             (unsigned long long)source->n_read,
                             (unsigned long long)sound->n_frames);
      }
      break;
    }
  }
  *n_read = done;
  return FAL_OK;
}

FalStatus
fal_source_skip(FalSource* const source, const uint64_t n_frames,
                FalError* const error)
{
  const uint64_t n_left = fal_source_n_left(source);
  const uint64_t n_skip = n_frames < n_left ? n_frames : n_left;
  if (source->file && source->encoding.type) {
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
    fal_file_close(source->file);
    free(source->bytes);
    free(source);
  }
}
