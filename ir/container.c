// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/container.h"

#include "ir/container_walk.h"

#include <sndfile.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// More chunks than any real file has: a bound on the work
#define MAX_CHUNKS 4096U

/// Longest chunk identifier and size together, and longest file header
#define MAX_HEAD 40U

typedef FalStatus (*ParseChunk)(const FalWalk* walk, const uint8_t* chunk,
                                size_t n, bool big_endian);

/// A container that is a list of chunks: identifier, size, payload
typedef struct {
  const char* magic;    ///< First four bytes
  const char* form;     ///< Four bytes at `form_at`
  const char* about_id; ///< The chunk that describes the samples
  const char* data_id;  ///< The chunk that holds them
  int format;
  uint8_t form_at;
  uint8_t n_head;     ///< Bytes before the first chunk
  uint8_t n_id;       ///< Bytes in an identifier
  uint8_t n_size;     ///< Bytes in a size
  uint8_t n_prefix;   ///< Bytes in the data chunk before the samples
  uint8_t align;      ///< Chunks start at a multiple of it
  bool big_endian;    ///< Sizes are
  bool counts_itself; ///< Sizes include identifier and size
  ParseChunk parse;
} Layout;

// clang-format off
static const Layout layouts[] = {
  { "RIFF", "WAVE", "fmt ", "data", SF_FORMAT_WAV,
    8, 12, 4, 4, 0, 2, false, false, fal_walk_fmt },
  { "RIFX", "WAVE", "fmt ", "data", SF_FORMAT_WAV,
    8, 12, 4, 4, 0, 2, true, false, fal_walk_fmt },
  { "RF64", "WAVE", "fmt ", "data", SF_FORMAT_RF64,
    8, 12, 4, 4, 0, 2, false, false, fal_walk_fmt },
  { "riff", "wave", "fmt ", "data", SF_FORMAT_W64,
    24, 40, 16, 8, 0, 8, false, true, fal_walk_fmt },
  { "FORM", "AIFF", "COMM", "SSND", SF_FORMAT_AIFF,
    8, 12, 4, 4, 8, 2, true, false, fal_walk_comm },
  { "FORM", "AIFC", "COMM", "SSND", SF_FORMAT_AIFF,
    8, 12, 4, 4, 8, 2, true, false, fal_walk_comm },
  { "caff", "\0\1\0\0", "desc", "data", SF_FORMAT_CAF,
    4, 8, 4, 8, 4, 1, true, false, fal_walk_desc },
};
// clang-format on

/// A container that is not a list of chunks
static const struct {
  const char* magic;
  FalStatus (*walk)(const FalWalk*);
} others[] = {
  { "fLaC", fal_walk_flac },
  { "OggS", fal_walk_ogg },
  { ".snd", fal_walk_au },
  { "dns.", fal_walk_au },
};

FalStatus
fal_walk_refuse(const FalWalk* const walk, const FalStatus status,
                const char* const reason)
{
  return fal_error_set(walk->error, status, "%s: %s", walk->path, reason);
}

FalStatus
fal_walk_read(const FalWalk* const walk, const int64_t offset,
              void* const bytes, const size_t n)
{
  size_t done = 0U;
  while (done < n) {
    const ssize_t got = pread(walk->fd, (char*)bytes + done, n - done,
                              (off_t)(offset + (int64_t)done));
    if (!got) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the header is cut off");
    }
    if (got < 0 && errno != EINTR) {
      return fal_walk_refuse(walk, FAL_ERR_READ, strerror(errno));
    }
    done += got > 0 ? (size_t)got : 0U;
  }
  return FAL_OK;
}

FalStatus
fal_walk_set_shape(const FalWalk* const walk, const uint64_t n_channels,
                   const double rate_hz)
{
  if (!n_channels || n_channels > FAL_AUDIO_MAX_CHANNELS) {
    return fal_error_set(walk->error, FAL_ERR_TOO_LARGE,
                         "%s: %llu channels: 1 to %u are supported", walk->path,
                         (unsigned long long)n_channels,
                         FAL_AUDIO_MAX_CHANNELS);
  }
  if (!(rate_hz >= FAL_AUDIO_MIN_RATE_HZ && rate_hz <= FAL_AUDIO_MAX_RATE_HZ)) {
    return fal_error_set(
      walk->error, FAL_ERR_TOO_LARGE,
      "%s: a sample rate of %.10g Hz: %u to %u are supported", walk->path,
      rate_hz, FAL_AUDIO_MIN_RATE_HZ, FAL_AUDIO_MAX_RATE_HZ);
  }
  walk->out->n_channels = (uint32_t)n_channels;
  walk->out->rate_hz    = (uint32_t)(rate_hz + 0.5);
  return FAL_OK;
}

/// What a list of chunks has shown until now
typedef struct {
  bool has_about;
  bool has_data;
  int64_t data_bytes;  ///< Of the data chunk
  uint64_t long_bytes; ///< Size of the data chunk in a "ds64" chunk
} Found;

/// Parse the chunk that describes the samples
static FalStatus
read_about(const FalWalk* const walk, const Layout* const layout,
           const int64_t start, const int64_t n_payload)
{
  uint8_t chunk[40]  = { 0U };
  const size_t n     = n_payload < 40 ? (size_t)n_payload : 40U;
  const FalStatus st = fal_walk_read(walk, start, chunk, n);
  return st ? st : layout->parse(walk, chunk, n, layout->big_endian);
}

/// Note where the samples are
static FalStatus
read_data(const FalWalk* const walk, const Layout* const layout,
          const int64_t start, const int64_t n_payload, Found* const found)
{
  uint64_t skip = layout->n_prefix;
  if (n_payload < (int64_t)skip) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the data chunk is cut off");
  }
  if (layout->format == SF_FORMAT_AIFF) {
    uint8_t offset[4];
    const FalStatus st = fal_walk_read(walk, start, offset, sizeof(offset));
    if (st) {
      return st;
    }
    skip += fal_get_uint(offset, sizeof(offset), true);
    if ((int64_t)skip > n_payload) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                             "the samples start after the data chunk");
    }
  }
  found->has_data       = true;
  walk->out->data_start = start + (int64_t)skip;
  found->data_bytes     = n_payload - (int64_t)skip;
  return FAL_OK;
}

/// Look at one chunk
static FalStatus
read_chunk(const FalWalk* const walk, const Layout* const layout,
           const uint8_t* const id, const int64_t start,
           const int64_t n_payload, Found* const found)
{
  const bool is_about = !memcmp(id, layout->about_id, 4U);
  const bool is_data  = !memcmp(id, layout->data_id, 4U);
  if ((is_about && found->has_about) || (is_data && found->has_data)) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           "the header describes the samples twice");
  }
  if (is_about) {
    found->has_about = true;
    return read_about(walk, layout, start, n_payload);
  }
  if (is_data) {
    return read_data(walk, layout, start, n_payload, found);
  }
  if (layout->format == SF_FORMAT_RF64 && !memcmp(id, "ds64", 4U)) {
    uint8_t sizes[16];
    const FalStatus st = fal_walk_read(walk, start, sizes, sizeof(sizes));
    found->long_bytes  = fal_get_uint(sizes + 8U, 8U, false);
    return st;
  }
  return FAL_OK;
}

/// Bytes in a chunk's payload that starts at `start`; beyond the file if odd
static int64_t
payload_bytes(const FalWalk* const walk, const Layout* const layout,
              const uint8_t* const head, const int64_t start,
              const Found* const found)
{
  const uint64_t all_ones = layout->n_size == 8U ? UINT64_MAX : UINT32_MAX;
  const bool is_data      = !memcmp(head, layout->data_id, 4U);
  const uint64_t n_itself =
    layout->counts_itself ? (uint64_t)layout->n_id + layout->n_size : 0U;

  uint64_t n =
    fal_get_uint(head + layout->n_id, layout->n_size, layout->big_endian);
  if (is_data && n == all_ones) {
    if (layout->format != SF_FORMAT_RF64) {
      return walk->n_bytes - start; // A stream's header: to the end
    }
    n = found->long_bytes;
  }
  return n < n_itself || n - n_itself > INT64_MAX / 2 ? INT64_MAX / 2
                                                      : (int64_t)(n - n_itself);
}

static bool
is_name(const uint8_t* const id)
{
  for (size_t i = 0U; i < 4U; ++i) {
    if (id[i] < 0x20U || id[i] > 0x7EU) {
      return false;
    }
  }
  return true;
}

/// Follow the list of chunks to its end
static FalStatus
walk_chunks(const FalWalk* const walk, const Layout* const layout)
{
  const int64_t n_head = (int64_t)layout->n_id + layout->n_size;
  Found found          = { false, false, 0, 0U };
  int64_t at           = layout->n_head;

  for (uint32_t c = 0U; at + n_head <= walk->n_bytes; ++c) {
    if (c == MAX_CHUNKS) {
      return fal_walk_refuse(walk, FAL_ERR_TOO_LARGE, "too many chunks");
    }
    uint8_t head[MAX_HEAD];
    FalStatus st = fal_walk_read(walk, at, head, (size_t)n_head);
    if (st) {
      return st;
    }

    const int64_t start = at + n_head;
    const int64_t n     = payload_bytes(walk, layout, head, start, &found);
    if (!is_name(head) || n > walk->n_bytes - start) {
      if (found.has_data && found.has_about) {
        break; // What follows the sound is not a chunk: it is cut off
      }
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                             "a chunk is larger than the rest of the file");
    }
    if ((st = read_chunk(walk, layout, head, start, n, &found))) {
      return st;
    }

    const int64_t odd  = (start + n) % layout->align;
    at                 = start + n + (odd ? layout->align - odd : 0);
    walk->out->n_bytes = at < walk->n_bytes ? at : walk->n_bytes;
  }

  if (!found.has_about || !found.has_data) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           found.has_data ? "the samples are not described"
                                          : "there are no samples");
  }

  // The number of frames where the header counts them, else what is there
  const int64_t frame_bytes =
    fal_sample_bytes(walk->out->raw_format) * walk->out->n_channels;
  const int64_t n_there = found.data_bytes / frame_bytes;
  if (walk->out->n_frames > n_there) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           "fewer frames than the header promises");
  }
  if (walk->out->n_frames < 0) {
    walk->out->n_frames = n_there;
  }
  walk->out->data_bytes = walk->out->n_frames * frame_bytes;
  return FAL_OK;
}

FalStatus
fal_container_walk(FalContainer* const container, const int fd,
                   const char* const path, const FalFormats formats,
                   FalError* const error)
{
  struct stat info;
  if (fstat(fd, &info)) {
    return fal_error_set(error, FAL_ERR_READ, "%s: %s", path, strerror(errno));
  }

  *container         = (FalContainer){ .n_frames = -1 };
  const FalWalk walk = { fd, info.st_size, path, formats, error, container };

  uint8_t head[MAX_HEAD] = { 0U };
  const size_t n_head =
    info.st_size < MAX_HEAD ? (size_t)info.st_size : MAX_HEAD;
  const FalStatus st = fal_walk_read(&walk, 0, head, n_head);
  if (st) {
    return st;
  }

  for (size_t i = 0U; i < sizeof(layouts) / sizeof(*layouts); ++i) {
    const Layout* const layout = &layouts[i];
    if (!memcmp(head, layout->magic, 4U) &&
        !memcmp(head + layout->form_at, layout->form, 4U)) {
      container->format = layout->format;
      return walk_chunks(&walk, layout);
    }
  }
  for (size_t i = 0U; i < sizeof(others) / sizeof(*others); ++i) {
    if (!memcmp(head, others[i].magic, 4U)) {
      container->n_bytes = walk.n_bytes;
      return others[i].walk(&walk);
    }
  }
  return fal_walk_refuse(&walk, FAL_ERR_FORMAT,
                         info.st_size
                           ? "not an audio file of a supported format"
                           : "the file is empty");
}
