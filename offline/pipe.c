// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/pipe.h"

#include "core/status.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "offline/samples.h"
#include "offline/sound.h"

#include <sndfile.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/// Largest chunk before the samples that is waited for
#define MAX_CHUNK_BYTES (1U << 28U)

/// Where the bytes come from
typedef struct {
  int         fd;
  const char* name;
  FalError*   error;
} Reader;

FalStatus
fal_pipe_read(const int fd, void* const bytes, const size_t n_bytes,
              size_t* const n_read, const char* const name,
              FalError* const error)
{
  size_t done = 0U;
  while (done < n_bytes) {
    const ssize_t n = read(fd, (char*)bytes + done, n_bytes - done);
    if (!n) {
      break;
    }
    if (n < 0 && errno != EINTR) {
      return fal_error_set(error, FAL_ERR_READ, "%s: %s", name,
                           strerror(errno));
    }
    done += n > 0 ? (size_t)n : 0U;
  }
  *n_read = done;
  return FAL_OK;
}

static FalStatus
read_exactly(const Reader* const reader, void* const bytes,
             const size_t n_bytes)
{
  size_t          n = 0U;
  const FalStatus st =
    fal_pipe_read(reader->fd, bytes, n_bytes, &n, reader->name, reader->error);
  return st ? st
         : n == n_bytes
           ? FAL_OK
           : fal_error_set(reader->error, FAL_ERR_BAD_DATA,
                           "%s: ends before the first sample", reader->name);
}

static FalStatus
skip(const Reader* const reader, uint64_t n_bytes)
{
  uint8_t   bytes[4096];
  FalStatus st = FAL_OK;
  while (n_bytes && !st) {
    const size_t n = n_bytes < sizeof(bytes) ? (size_t)n_bytes : sizeof(bytes);
    st             = read_exactly(reader, bytes, n);
    n_bytes -= n;
  }
  return st;
}

static FalStatus
refuse(const Reader* const reader, const char* const reason)
{
  return fal_error_set(reader->error, FAL_ERR_FORMAT, "%s: %s", reader->name,
                       reason);
}

/// A number with its last byte last or first
static uint64_t
number(const uint8_t* const bytes, const size_t n_bytes, const bool big_endian)
{
  uint64_t value = 0U;
  for (size_t i = 0U; i < n_bytes; ++i) {
    value = (value << 8U) | bytes[big_endian ? i : n_bytes - 1U - i];
  }
  return value;
}

/// Whether a writer that cannot seek back has put this for a length
static bool
is_placeholder(const uint64_t n_bytes)
{
  return !n_bytes || n_bytes == UINT32_MAX ||
         (n_bytes >= 0x7FFF0000U && n_bytes <= 0x80000000U);
}

/// Check what was found, and count the frames
static FalStatus
conclude(const Reader* const reader, FalSound* const sound,
         const uint64_t n_bytes)
{
  const size_t n_frame =
    sound->n_channels *
    fal_samples_bytes(fal_sound_encoding(sound->format).type);
  if (sound->n_channels < 1U || sound->n_channels > FAL_AUDIO_MAX_CHANNELS) {
    return refuse(reader, "has no channels, or more than 64");
  }
  if (sound->rate_hz < FAL_AUDIO_MIN_RATE_HZ ||
      sound->rate_hz > FAL_AUDIO_MAX_RATE_HZ) {
    return refuse(reader, "has a sample rate beyond 1 kHz to 1.536 MHz");
  }
  if (!n_frame) {
    return refuse(reader, "only PCM and floating point come through a pipe");
  }
  sound->n_frames =
    is_placeholder(n_bytes) ? FAL_FRAMES_UNKNOWN : n_bytes / n_frame;
  return FAL_OK;
}

/// The subtype of a number format; 0 if it is not linear
static int
subtype_of(const bool is_float, const unsigned bits)
{
  return is_float      ? (bits == 32U   ? SF_FORMAT_FLOAT
                          : bits == 64U ? SF_FORMAT_DOUBLE
                                        : 0)
         : bits == 8U  ? SF_FORMAT_PCM_U8
         : bits == 16U ? SF_FORMAT_PCM_16
         : bits == 24U ? SF_FORMAT_PCM_24
         : bits == 32U ? SF_FORMAT_PCM_32
                       : 0;
}

static FalStatus
read_format(const Reader* const reader, FalSound* const sound,
            const uint64_t n_bytes)
{
  uint8_t      f[40] = {0};
  const size_t n     = n_bytes < sizeof(f) ? (size_t)n_bytes : sizeof(f);
  FalStatus    st = n_bytes < 16U ? refuse(reader, "has a damaged format chunk")
                                  : read_exactly(reader, f, n);
  if (!st) {
    st = skip(reader, n_bytes - n + (n_bytes & 1U));
  }
  unsigned       tag      = (unsigned)number(f, 2U, false);
  const unsigned bits     = (unsigned)number(f + 14, 2U, false);
  const bool     is_wavex = tag == 0xFFFEU && n >= 40U;
  tag                  = is_wavex ? (unsigned)number(f + 24, 2U, false) : tag;
  sound->n_channels    = (uint32_t)number(f + 2, 2U, false);
  sound->rate_hz       = (uint32_t)number(f + 4, 4U, false);
  const unsigned align = (unsigned)number(f + 12, 2U, false);
  const int subtype = tag == 1U || tag == 3U ? subtype_of(tag == 3U, bits) : 0;
  sound->format     = (is_wavex ? SF_FORMAT_WAVEX : SF_FORMAT_WAV) | subtype;
  if (!st && (!subtype || align * 8U != bits * sound->n_channels)) {
    st = refuse(reader, "only PCM and floating point come through a pipe");
  }
  return st;
}

static FalStatus
read_wav(const Reader* const reader, FalSound* const sound)
{
  uint8_t   head[8];
  uint64_t  n_data64   = 0U;
  bool      has_format = false;
  FalStatus st         = read_exactly(reader, head, 4U); // "WAVE"
  if (!st && memcmp(head, "WAVE", 4U)) {
    st = refuse(reader, "is RIFF, but not WAVE");
  }
  while (!st && !(st = read_exactly(reader, head, sizeof(head)))) {
    const uint64_t n = number(head + 4, 4U, false);
    if (!memcmp(head, "data", 4U)) {
      return has_format ? conclude(reader, sound,
                                   n_data64 && n == UINT32_MAX ? n_data64 : n)
                        : refuse(reader, "has samples before their format");
    }
    if (!memcmp(head, "fmt ", 4U)) {
      st         = read_format(reader, sound, n);
      has_format = true;
    } else if (!memcmp(head, "ds64", 4U) && n >= 16U && n < MAX_CHUNK_BYTES) {
      uint8_t sizes[16];
      st       = read_exactly(reader, sizes, sizeof(sizes));
      n_data64 = number(sizes + 8, 8U, false);
      st       = st ? st : skip(reader, n - 16U + (n & 1U));
    } else {
      st = n < MAX_CHUNK_BYTES
             ? skip(reader, n + (n & 1U))
             : refuse(reader, "has a chunk beyond all measure");
    }
  }
  return st;
}

static FalStatus
read_au(const Reader* const reader, FalSound* const sound)
{
  static const int subtypes[] = {0,
                                 0,
                                 SF_FORMAT_PCM_S8,
                                 SF_FORMAT_PCM_16,
                                 SF_FORMAT_PCM_24,
                                 SF_FORMAT_PCM_32,
                                 SF_FORMAT_FLOAT,
                                 SF_FORMAT_DOUBLE};
  uint8_t          head[20];
  FalStatus        st = read_exactly(reader, head, sizeof(head));
  if (st) {
    return st;
  }
  const uint64_t offset = number(head, 4U, true);
  const uint64_t kind   = number(head + 8, 4U, true);
  sound->format         = SF_FORMAT_AU | (kind < 8U ? subtypes[kind] : 0);
  sound->rate_hz        = (uint32_t)number(head + 12, 4U, true);
  sound->n_channels     = (uint32_t)number(head + 16, 4U, true);
  if (offset < 24U || offset > MAX_CHUNK_BYTES) {
    return refuse(reader, "has a damaged head");
  }
  st = skip(reader, offset - 24U);
  return st ? st : conclude(reader, sound, number(head + 4, 4U, true));
}

FalStatus
fal_pipe_read_head(FalSound* const sound, const int fd, const char* const name,
                   FalError* const error)
{
  const Reader reader = {fd, name, error};
  FalSound     found  = {0};
  uint8_t      magic[4];
  FalStatus    st = read_exactly(&reader, magic, sizeof(magic));
  if (st) {
    return st;
  }
  if (!memcmp(magic, "RIFF", 4U) || !memcmp(magic, "RF64", 4U)) {
    st = skip(&reader, 4U); // The length of all
    st = st ? st : read_wav(&reader, &found);
  } else if (!memcmp(magic, ".snd", 4U)) {
    st = read_au(&reader, &found);
  } else {
    st = refuse(&reader, "only WAV and AU come through a pipe");
  }
  if (!st) {
    *sound = found;
  }
  return st;
}
