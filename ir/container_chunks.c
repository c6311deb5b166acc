// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

// Containers that are lists of chunks: RIFF and its kin, AIFF, CAF

#include "ir/container_walk.h"

#include <sndfile.h>

#include <string.h>

/// More chunks than any real file has: a bound on the work
#define MAX_CHUNKS 4096U

typedef FalStatus (*ParseChunk)(const FalWalk* walk, const uint8_t* chunk,
                                size_t n, bool big_endian);

struct FalLayout {
  const char* magic;    ///< First four bytes
  const char* form;     ///< Four bytes at `form_at`
  const char* about_id; ///< The chunk that describes the samples
  const char* data_id;  ///< The chunk that holds them
  int         format;
  uint8_t     form_at;
  uint8_t     n_head;        ///< Bytes before the first chunk
  uint8_t     n_id;          ///< Bytes in an identifier
  uint8_t     n_size;        ///< Bytes in a size
  uint8_t     n_prefix;      ///< Bytes in the data chunk before the samples
  uint8_t     align;         ///< Chunks start at a multiple of it
  bool        big_endian;    ///< Sizes are
  bool        counts_itself; ///< Sizes include identifier and size
  ParseChunk  parse;
};

// clang-format off
static const FalLayout layouts[] = {
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

/// What a list of chunks has shown until now
typedef struct {
  bool     has_about;
  bool     has_data;
  int64_t  data_bytes; ///< Of the data chunk
  uint64_t long_bytes; ///< Size of the data chunk in a "ds64" chunk
} Found;

/// Parse the chunk that describes the samples
static FalStatus
read_about(const FalWalk* const walk, const FalLayout* const layout,
           const int64_t start, const int64_t n_payload)
{
  uint8_t         chunk[40] = {0U};
  const size_t    n         = n_payload < 40 ? (size_t)n_payload : 40U;
  const FalStatus st        = fal_walk_read(walk, start, chunk, n);
  return st ? st : layout->parse(walk, chunk, n, layout->big_endian);
}

/// Note where the samples are
static FalStatus
read_data(const FalWalk* const walk, const FalLayout* const layout,
          const int64_t start, const int64_t n_payload, Found* const found)
{
  uint64_t skip = layout->n_prefix;
  if (n_payload < (int64_t)skip) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the data chunk is cut off");
  }
  if (layout->format == SF_FORMAT_AIFF) {
    uint8_t         offset[4];
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

/// Note where metadata is
static void
note_chunk(FalContainer* const container, const uint8_t* const id,
           const int64_t start, const int64_t n_payload)
{
  if (container->n_chunks < FAL_MAX_CHUNKS) {
    FalChunk* const chunk = &container->chunks[container->n_chunks++];
    memcpy(chunk->id, id, 4U);
    chunk->start   = start;
    chunk->n_bytes = n_payload;
  }
}

/**
   Follow the chunks within a "LIST" chunk.

   Sloppy texts are common and do no harm here; but sizes beyond 2^31 take other
   programs back to where they come from, for ever, and nobody writes them in
   good faith.
*/
static FalStatus
check_list(const FalWalk* const walk, const int64_t start, const int64_t n)
{
  uint8_t head[8];
  int64_t at = 4;
  for (uint32_t c = 0U; c < MAX_CHUNKS && at + 8 <= n; ++c) {
    const FalStatus st = fal_walk_read(walk, start + at, head, sizeof(head));
    if (st) {
      return st;
    }
    const uint64_t n_entry = fal_get_uint(head + 4U, 4U, false);
    if (n_entry > INT32_MAX) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                             "an entry is larger than the list that holds it");
    }
    at += 8 + (int64_t)(n_entry + n_entry % 2U);
  }
  return FAL_OK;
}

/// Look at one chunk
static FalStatus
read_chunk(const FalWalk* const walk, const FalLayout* const layout,
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
    uint8_t         sizes[16];
    const FalStatus st = fal_walk_read(walk, start, sizes, sizeof(sizes));
    found->long_bytes  = fal_get_uint(sizes + 8U, 8U, false);
    return st;
  }
  if (layout->parse == fal_walk_fmt && !layout->big_endian &&
      layout->n_id == 4U && !memcmp(id, "LIST", 4U)) {
    const FalStatus st = check_list(walk, start, n_payload);
    if (st) {
      return st;
    }
  }
  note_chunk(walk->out, id, start, n_payload);
  return FAL_OK;
}

/// Bytes in a chunk's payload that starts at `start`; beyond the file if odd
static int64_t
payload_bytes(const FalWalk* const walk, const FalLayout* const layout,
              const uint8_t* const head, const int64_t start,
              const Found* const found)
{
  const uint64_t all_ones = layout->n_size == 8U ? UINT64_MAX : UINT32_MAX;
  const bool     is_data  = !memcmp(head, layout->data_id, 4U);
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

const FalLayout*
fal_layout_find(const uint8_t* const head)
{
  for (size_t i = 0U; i < sizeof(layouts) / sizeof(*layouts); ++i) {
    if (!memcmp(head, layouts[i].magic, 4U) &&
        !memcmp(head + layouts[i].form_at, layouts[i].form, 4U)) {
      return &layouts[i];
    }
  }
  return NULL;
}

FalStatus
fal_walk_chunks(const FalWalk* const walk, const FalLayout* const layout)
{
  const int64_t n_head = (int64_t)layout->n_id + layout->n_size;
  walk->out->format    = layout->format;
  Found   found        = {false, false, 0, 0U};
  int64_t at           = layout->n_head;

  for (uint32_t c = 0U; at + n_head <= walk->n_bytes; ++c) {
    if (c == MAX_CHUNKS) {
      return fal_walk_refuse(walk, FAL_ERR_TOO_LARGE, "too many chunks");
    }
    uint8_t   head[24];
    FalStatus st = fal_walk_read(walk, at, head, (size_t)n_head);
    if (st) {
      return st;
    }

    const int64_t start = at + n_head;
    const int64_t n     = payload_bytes(walk, layout, head, start, &found);
    if (!is_name(head) || n > walk->n_bytes - start) {
      if (found.has_data && found.has_about) {
        break; // What follows the sound is not a chunk: it is left alone
      }
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                             "a chunk is larger than the rest of the file");
    }
    if ((st = read_chunk(walk, layout, head, start, n, &found))) {
      return st;
    }

    const int64_t odd = (start + n) % layout->align;
    at                = start + n + (odd ? layout->align - odd : 0);
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
