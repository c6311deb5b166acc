// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/metadata.h"

#include "core/status.h"
#include "ir/error.h"
#include "ir/file.h"
#include "offline/ixml.h"
#include "offline/source.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Chunks beyond this are not kept
#define MAX_CHUNK_BYTES (1U << 26U)

/// Where the time reference stands in bext (EBU Tech 3285)
#define BEXT_TIME 338U

/// Bytes before the first entry, and of an entry, of cue and smpl
#define CUE_HEAD 4U
#define CUE_ENTRY 24U
#define SMPL_HEAD 36U
#define SMPL_ENTRY 24U

static uint32_t
get_32(const uint8_t* const b)
{
  return (uint32_t)b[0] | ((uint32_t)b[1] << 8U) | ((uint32_t)b[2] << 16U) |
         ((uint32_t)b[3] << 24U);
}

static void
put_32(uint8_t* const b, const uint32_t value)
{
  for (unsigned i = 0U; i < 4U; ++i) {
    b[i] = (uint8_t)(value >> (8U * i));
  }
}

static bool
is_kept(const char* const name)
{
  static const char* const names[] = {"bext", "iXML", "axml", "cart",
                                      "LIST", "cue ", "smpl", "inst"};
  for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (!memcmp(names[i], name, 4U)) {
      return true;
    }
  }
  return false;
}

static bool
read_at(const FalFile* const file, void* const bytes, const size_t n,
        const uint64_t offset)
{
  return pread(file->fd, bytes, n, (off_t)offset) == (ssize_t)n;
}

/// Append a chunk with its head
static FalStatus
keep(FalMetadata* const metadata, const FalFile* const file,
     const uint64_t offset, const uint32_t n_bytes)
{
  const size_t   n_whole = 8U + n_bytes + (n_bytes & 1U);
  uint8_t* const chunks =
    (uint8_t*)realloc(metadata->chunks, metadata->n_bytes + n_whole);
  if (!chunks) {
    return FAL_ERR_NO_MEM;
  }
  metadata->chunks     = chunks;
  uint8_t* const place = chunks + metadata->n_bytes;
  place[n_whole - 1U]  = 0U;
  if (!read_at(file, place, 8U + n_bytes, offset)) {
    return FAL_ERR_READ;
  }
  metadata->n_bytes += n_whole;
  return FAL_OK;
}

/// Keep the chunks that ir/ has found
static FalStatus
read_chunks(FalMetadata* const metadata, const FalFile* const file)
{
  const FalContainer* const c    = &file->container;
  const int                 type = c->format & SF_FORMAT_TYPEMASK;
  FalStatus                 st   = FAL_OK;
  if (type != SF_FORMAT_WAV && type != SF_FORMAT_WAVEX &&
      type != SF_FORMAT_RF64) {
    return FAL_OK; // Other chunks, or in another order of bytes
  }
  for (uint32_t i = 0U; i < c->n_chunks && !st; ++i) {
    const FalChunk* const chunk = &c->chunks[i];
    if (is_kept(chunk->id) && chunk->n_bytes <= MAX_CHUNK_BYTES) {
      st = keep(metadata, file, (uint64_t)chunk->start - 8U,
                (uint32_t)chunk->n_bytes);
    }
  }
  return st;
}

/// Take the texts of a LIST chunk of the kind INFO
static FalStatus
read_info(FalMetadata* const metadata, const uint8_t* const chunk)
{
  static const struct {
    const char* name;
    int         kind;
  } names[] = {{"INAM", SF_STR_TITLE},     {"IART", SF_STR_ARTIST},
               {"ICMT", SF_STR_COMMENT},   {"ICRD", SF_STR_DATE},
               {"IPRD", SF_STR_ALBUM},     {"IGNR", SF_STR_GENRE},
               {"ICOP", SF_STR_COPYRIGHT}, {"ITRK", SF_STR_TRACKNUMBER}};

  const size_t end = 8U + (size_t)get_32(chunk + 4);
  for (size_t o = 12U; o + 8U <= end;) {
    const size_t n = get_32(chunk + o + 4U);
    for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
      char** const place = &metadata->strings[names[i].kind - SF_STR_FIRST];
      if (!memcmp(names[i].name, chunk + o, 4U) && n <= end - o - 8U &&
          !*place) {
        *place = strndup((const char*)chunk + o + 8U, n);
        if (!*place) {
          return FAL_ERR_NO_MEM;
        }
      }
    }
    o += 8U + n + (n & 1U);
  }
  return FAL_OK;
}

static FalStatus
read_strings(FalMetadata* const metadata, const FalFile* const file)
{
  for (size_t o = 0U; o < metadata->n_bytes;) {
    const uint8_t* const chunk = metadata->chunks + o;
    const size_t         n     = get_32(chunk + 4);
    if (n >= 4U && !memcmp(chunk, "LIST", 4U) &&
        !memcmp(chunk + 8, "INFO", 4U) && read_info(metadata, chunk)) {
      return FAL_ERR_NO_MEM;
    }
    o += 8U + n + (n & 1U);
  }
  for (int i = SF_STR_FIRST; i <= SF_STR_LAST; ++i) {
    const uint32_t    place = (uint32_t)(i - SF_STR_FIRST);
    const char* const text  = sf_get_string(file->handle, i);
    if (text && *text && place < FAL_METADATA_N_STRINGS &&
        !metadata->strings[place] &&
        !(metadata->strings[place] = strdup(text))) {
      return FAL_ERR_NO_MEM;
    }
  }
  return FAL_OK;
}

FalStatus
fal_metadata_read(FalMetadata* const metadata, const FalSource* const source,
                  FalError* const error)
{
  const FalFile* const file = fal_source_file(source);
  FalMetadata          made = {0};
  FalStatus            st   = file ? read_chunks(&made, file) : FAL_OK;
  if (file && !st) {
    st = read_strings(&made, file);
  }
  if (st) {
    fal_metadata_clear(&made);
    return fal_error_set(error, st, "%s: %s", fal_source_name(source),
                         fal_strerror(st));
  }
  *metadata = made;
  return FAL_OK;
}

static void
shift_time_reference(uint8_t* const bext, const int64_t n_frames)
{
  const uint64_t time =
    get_32(bext + BEXT_TIME) | ((uint64_t)get_32(bext + BEXT_TIME + 4U) << 32U);
  const uint64_t moved =
    n_frames < 0 && (uint64_t)-n_frames > time ? 0U : time + (uint64_t)n_frames;
  put_32(bext + BEXT_TIME, (uint32_t)moved);
  put_32(bext + BEXT_TIME + 4U, (uint32_t)(moved >> 32U));
}

static void
shift_position(uint8_t* const position, const int64_t n_frames)
{
  const int64_t moved = (int64_t)get_32(position) - n_frames;
  put_32(position, moved < 0            ? 0U
                   : moved > UINT32_MAX ? UINT32_MAX
                                        : (uint32_t)moved);
}

static void
shift_chunk(uint8_t* const chunk, const int64_t n_frames)
{
  const uint32_t n    = get_32(chunk + 4);
  uint8_t* const body = chunk + 8;
  if (!memcmp(chunk, "bext", 4U) && n >= BEXT_TIME + 8U) {
    shift_time_reference(body, n_frames);
  } else if (!memcmp(chunk, "cue ", 4U)) {
    for (uint32_t o = CUE_HEAD; o + CUE_ENTRY <= n; o += CUE_ENTRY) {
      shift_position(body + o + 4U, n_frames);
      shift_position(body + o + 20U, n_frames);
    }
  } else if (!memcmp(chunk, "smpl", 4U)) {
    for (uint32_t o = SMPL_HEAD; o + SMPL_ENTRY <= n; o += SMPL_ENTRY) {
      shift_position(body + o + 8U, n_frames);
      shift_position(body + o + 12U, n_frames);
    }
  }
}

/// Append a chunk with its head to others
static FalStatus
append(FalMetadata* const to, const char* const name, const void* const body,
       const size_t n_bytes)
{
  const size_t   n_whole = 8U + n_bytes + (n_bytes & 1U);
  uint8_t* const chunks  = (uint8_t*)realloc(to->chunks, to->n_bytes + n_whole);
  if (!chunks) {
    return FAL_ERR_NO_MEM;
  }
  uint8_t* const place = chunks + to->n_bytes;
  place[n_whole - 1U]  = 0U;
  memcpy(place, name, 4U);
  put_32(place + 4, (uint32_t)n_bytes);
  memcpy(place + 8, body, n_bytes);
  to->chunks = chunks;
  to->n_bytes += n_whole;
  return FAL_OK;
}

/// Append iXML with other times; without them it would be wrong
static FalStatus
append_ixml(FalMetadata* const to, const uint8_t* const chunk,
            const int64_t n_frames, const uint32_t rate_hz)
{
  char*     text   = NULL;
  size_t    n_text = 0U;
  FalStatus st     = fal_ixml_shift(&text, &n_text, (const char*)chunk + 8,
                                    get_32(chunk + 4), n_frames, rate_hz);
  if (!st) {
    st = append(to, "iXML", text, n_text);
  }
  free(text);
  return st == FAL_ERR_NO_MEM ? st : FAL_OK;
}

FalStatus
fal_metadata_shift(FalMetadata* const metadata, const int64_t n_frames,
                   const uint32_t rate_hz)
{
  FalMetadata moved = {0};
  FalStatus   st    = FAL_OK;
  for (size_t o = 0U; n_frames && !st && o < metadata->n_bytes;) {
    uint8_t* const chunk = metadata->chunks + o;
    const uint32_t n     = get_32(chunk + 4);
    if (!memcmp(chunk, "iXML", 4U)) {
      st = append_ixml(&moved, chunk, n_frames, rate_hz);
    } else {
      shift_chunk(chunk, n_frames);
      st = append(&moved, (const char*)chunk, chunk + 8, n);
    }
    o += 8U + (size_t)n + (n & 1U);
  }
  if (st || !n_frames) {
    free(moved.chunks);
    return st;
  }
  free(metadata->chunks);
  metadata->chunks  = moved.chunks;
  metadata->n_bytes = moved.n_bytes;
  return FAL_OK;
}

void
fal_metadata_clear(FalMetadata* const metadata)
{
  for (uint32_t i = 0U; i < FAL_METADATA_N_STRINGS; ++i) {
    free(metadata->strings[i]);
  }
  free(metadata->chunks);
  memset(metadata, 0, sizeof(*metadata));
}
