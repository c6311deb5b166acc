// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

// Compressed files: FLAC's metadata blocks, and the pages of Ogg

#include "ir/container_walk.h"

#include <sndfile.h>

#include <string.h>

/// More than any real file has: bounds on the work
#define MAX_BLOCKS 1024U
#define MAX_PAGES (1U << 22U)

/// An Ogg page: its fixed head, up to 255 segments, each of up to 255 bytes
enum { OGG_HEAD = 27, OGG_MAX_PAGE = OGG_HEAD + 255 + 255 * 255 };

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

/// The checksum of a page: CRC-32 as in RFC 3533, most significant bit first
static uint32_t
checksum(const uint8_t* const bytes, const size_t n)
{
  uint32_t table[256];
  for (uint32_t i = 0U; i < 256U; ++i) {
    table[i] = i << 24U;
    for (uint32_t bit = 0U; bit < 8U; ++bit) {
      table[i] = (table[i] << 1U) ^ (table[i] >> 31U ? 0x04C11DB7U : 0U);
    }
  }
  uint32_t sum = 0U;
  for (size_t i = 0U; i < n; ++i) {
    sum = (sum << 8U) ^ table[(sum >> 24U) ^ bytes[i]];
  }
  return sum;
}

/**
   Read a page, and check that it is whole: a decoder would pass over a damaged
   one, and what follows would sound too early.
*/
static FalStatus
read_page(const FalWalk* const walk, const int64_t at, uint8_t* const page,
          size_t* const n_page)
{
  FalStatus st = fal_walk_read(walk, at, page, OGG_HEAD);
  if (st || (st = fal_walk_read(walk, at + OGG_HEAD, page + OGG_HEAD,
                                page[OGG_HEAD - 1]))) {
    return st;
  }
  const size_t start = OGG_HEAD + (size_t)page[OGG_HEAD - 1];
  size_t       n     = start;
  for (size_t s = OGG_HEAD; s < start; ++s) {
    n += page[s];
  }
  if ((st =
         fal_walk_read(walk, at + (int64_t)start, page + start, n - start))) {
    return st;
  }

  const uint64_t sum = fal_get_uint(page + 22U, 4U, false);
  memset(page + 22U, 0, 4U);
  if (memcmp(page, "OggS\0", 5U) || checksum(page, n) != sum) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "an Ogg page is damaged");
  }
  *n_page = n;
  return FAL_OK;
}

FalStatus
fal_walk_ogg(const FalWalk* const walk)
{
  uint8_t serial[4] = {0U};
  int64_t at        = 0;
  for (uint32_t p = 0U; at < walk->n_bytes; ++p) {
    uint8_t   page[OGG_MAX_PAGE];
    size_t    n_page = 0U;
    FalStatus st     = read_page(walk, at, page, &n_page);
    if (st) {
      return st;
    }
    if (!p) {
      const size_t start = OGG_HEAD + (size_t)page[OGG_HEAD - 1];
      if ((st = read_codec(walk, page + start, n_page - start))) {
        return st;
      }
      memcpy(serial, page + 14U, 4U);
    }
    if (memcmp(page + 14U, serial, 4U)) {
      return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                             "Ogg is supported with one stream in a file");
    }
    if (p == MAX_PAGES) {
      return fal_walk_refuse(walk, FAL_ERR_TOO_LARGE, "too many Ogg pages");
    }
    at += (int64_t)n_page;
  }
  return FAL_OK;
}
