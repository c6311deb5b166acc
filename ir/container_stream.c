// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

// Compressed files: FLAC's metadata blocks, and the pages of Ogg

#include "ir/container_walk.h"

#include <sndfile.h>

#include <string.h>

/// More than any real file has: bounds on the work
#define MAX_BLOCKS 1024U
#define MAX_PAGES (1U << 22U)

/// The first metadata block: what the stream is
static FalStatus
read_stream_info(const FalWalk* const walk, const uint8_t* const info)
{
  const uint64_t packed    = fal_get_uint(info + 10U, 8U, true);
  const uint64_t rate_hz   = packed >> 44U;
  const uint64_t n_chans   = ((packed >> 41U) & 7U) + 1U;
  const uint64_t n_bits    = ((packed >> 36U) & 31U) + 1U;
  const uint64_t n_frames  = packed & 0xFFFFFFFFFU;
  const uint64_t min_block = fal_get_uint(info, 2U, true);
  const uint64_t max_block = fal_get_uint(info + 2U, 2U, true);

  const FalStatus st = fal_walk_set_shape(walk, n_chans, (double)rate_hz);
  if (st) {
    return st;
  }
  if (min_block < 16U || max_block < min_block) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           "the header contradicts itself");
  }
  const int subtype = n_bits % 8U ? 0 : fal_integer_subtype(n_bits / 8U, false);
  if (!subtype || subtype == SF_FORMAT_PCM_32) {
    return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                           "FLAC is supported with 8, 16 and 24 bits");
  }
  walk->out->format   = SF_FORMAT_FLAC | subtype;
  walk->out->n_frames = n_frames ? (int64_t)n_frames : -1; // 0 is "not known"
  return FAL_OK;
}

FalStatus
fal_walk_flac(const FalWalk* const walk)
{
  enum { STREAM_INFO = 0, STREAM_INFO_BYTES = 34, LAST = 0x80 };

  int64_t at      = 4;
  bool    is_last = false;
  for (uint32_t b = 0U; !is_last; ++b) {
    uint8_t   block[4U + STREAM_INFO_BYTES];
    FalStatus st = fal_walk_read(walk, at, block, 4U);
    if (st) {
      return st;
    }
    const uint64_t n    = fal_get_uint(block + 1U, 3U, true);
    const int      type = block[0] & ~LAST;
    is_last             = block[0] & LAST;
    if (b == MAX_BLOCKS || (type == STREAM_INFO) != !b ||
        (!b && n != STREAM_INFO_BYTES)) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                             "the metadata blocks are out of order");
    }
    if (!b && ((st = fal_walk_read(walk, at, block, sizeof(block))) ||
               (st = read_stream_info(walk, block + 4U)))) {
      return st;
    }
    at += 4 + (int64_t)n;
  }

  uint8_t         sync[2];
  const FalStatus st = fal_walk_read(walk, at, sync, sizeof(sync));
  if (!st && (sync[0] != 0xFFU || (sync[1] & 0xFEU) != 0xF8U)) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           "there is no sound after the metadata");
  }
  return st;
}

/// The first packet of the stream: which codec, how many channels, what rate
static FalStatus
read_codec(const FalWalk* const walk, const uint8_t* const packet, size_t n)
{
  if (n >= 16U && !memcmp(packet, "\1vorbis\0\0\0\0", 11U)) {
    walk->out->format = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    return fal_walk_set_shape(walk, packet[11],
                              (double)fal_get_uint(packet + 12U, 4U, false));
  }
  if (n >= 19U && !memcmp(packet, "OpusHead", 8U)) {
    walk->out->format = SF_FORMAT_OGG | SF_FORMAT_OPUS;
    return fal_walk_set_shape(walk, packet[9], 48000.0); // Whatever it says
  }
  return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                         "Ogg is supported with Vorbis and Opus");
}

FalStatus
fal_walk_ogg(const FalWalk* const walk)
{
  enum { HEAD = 27 };

  uint8_t first[HEAD];
  int64_t at = 0;
  for (uint32_t p = 0U; at < walk->n_bytes; ++p) {
    uint8_t   page[HEAD + 255U] = {0U};
    FalStatus st                = fal_walk_read(walk, at, page, HEAD);
    if (st || (st = fal_walk_read(walk, at + HEAD, page + HEAD, page[26]))) {
      return st;
    }
    int64_t n_payload = 0;
    for (uint32_t s = 0U; s < page[26]; ++s) {
      n_payload += page[HEAD + s];
    }
    const int64_t start = at + HEAD + page[26];
    if (p == MAX_PAGES || memcmp(page, "OggS\0", 5U) ||
        n_payload > walk->n_bytes - start) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "an Ogg page is damaged");
    }

    if (!p) {
      uint8_t      packet[32];
      const size_t n = n_payload < 32 ? (size_t)n_payload : 32U;
      if ((st = fal_walk_read(walk, start, packet, n)) ||
          (st = read_codec(walk, packet, n))) {
        return st;
      }
      memcpy(first, page, HEAD);
    }
    if (memcmp(page + 14U, first + 14U, 4U)) { // The stream's serial number
      return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                             "Ogg is supported with one stream in a file");
    }
    at = start + n_payload;
  }
  return FAL_OK;
}
