// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

// How the headers of uncompressed files describe their samples

#include "ir/container_walk.h"

#include <sndfile.h>

#include <math.h>
#include <string.h>

int64_t
fal_sample_bytes(const int subtype)
{
  switch (subtype & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_16:
      return 2;
    case SF_FORMAT_PCM_24:
      return 3;
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT:
      return 4;
    case SF_FORMAT_DOUBLE:
      return 8;
    default:
      return 1;
  }
}

int
fal_integer_subtype(const uint64_t n_bytes, const bool unsigned_byte)
{
  const int subtypes[] = {0,
                          unsigned_byte ? SF_FORMAT_PCM_U8 : SF_FORMAT_PCM_S8,
                          SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32};
  return n_bytes < 5U ? subtypes[n_bytes] : 0;
}

static int
float_subtype(const uint64_t n_bytes)
{
  return n_bytes == 4U ? SF_FORMAT_FLOAT : n_bytes == 8U ? SF_FORMAT_DOUBLE : 0;
}

/**
   Set format and frame size of plain numbers.

   @param subtype SF_FORMAT_PCM_16 …, or 0 for what is not on the allow-list.
   @param big_endian The order of bytes in a sample.
*/
static FalStatus
set_plain(const FalWalk* const walk, const int subtype, const bool big_endian)
{
  const bool is_wide = subtype == SF_FORMAT_ULAW || subtype == SF_FORMAT_ALAW;
  if (!subtype || (is_wide && walk->formats != FAL_FORMATS_WIDE)) {
    return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                           "its kind of samples is not supported");
  }
  walk->out->format |= subtype;
  walk->out->raw_format =
    SF_FORMAT_RAW | subtype | (big_endian ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE);
  return FAL_OK;
}

/// WAVEFORMAT of RIFF, RIFX, RF64 and W64
FalStatus
fal_walk_fmt(const FalWalk* const walk, const uint8_t* const chunk,
             const size_t n, const bool big_endian)
{
  enum { PCM = 1, FLOAT = 3, ALAW = 6, ULAW = 7, EXTENSIBLE = 0xFFFE };

  if (n < 16U) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the header is cut off");
  }
  uint64_t        tag        = fal_get_uint(chunk, 2U, big_endian);
  const uint64_t  n_channels = fal_get_uint(chunk + 2U, 2U, big_endian);
  const uint64_t  rate_hz    = fal_get_uint(chunk + 4U, 4U, big_endian);
  const uint64_t  n_align    = fal_get_uint(chunk + 12U, 2U, big_endian);
  const uint64_t  n_bits     = fal_get_uint(chunk + 14U, 2U, big_endian);
  const FalStatus st = fal_walk_set_shape(walk, n_channels, (double)rate_hz);
  if (st) {
    return st;
  }

  if (tag == EXTENSIBLE) {
    if (n < 40U) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the header is cut off");
    }
    tag = fal_get_uint(chunk + 24U, 4U, big_endian);
    if (walk->out->format == SF_FORMAT_WAV) {
      walk->out->format = SF_FORMAT_WAVEX;
    }
  }

  const uint64_t n_bytes = (n_bits + 7U) / 8U;
  const bool     is_byte = n_bytes == 1U;
  const int      subtype = tag == PCM     ? fal_integer_subtype(n_bytes, true)
                           : tag == FLOAT ? float_subtype(n_bytes)
                           : tag == ULAW && is_byte ? SF_FORMAT_ULAW
                           : tag == ALAW && is_byte ? SF_FORMAT_ALAW
                                                    : 0;
  // Of coded samples n_align is a block's size
  if (subtype && n_bytes * n_channels != n_align) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           "the header contradicts itself");
  }
  if (big_endian) {
    walk->out->format |= SF_ENDIAN_BIG;
  }
  return set_plain(walk, subtype, big_endian);
}

/// An extended-precision number of 80 bits, as the Apple formats hold the rate
static double
get_extended(const uint8_t* const bytes)
{
  const int      exponent = (int)fal_get_uint(bytes, 2U, true);
  const uint64_t mantissa = fal_get_uint(bytes + 2U, 8U, true);
  return ldexp((double)mantissa, exponent - 16383 - 63);
}

/// The common chunk of AIFF and AIFC
FalStatus
fal_walk_comm(const FalWalk* const walk, const uint8_t* const chunk,
              const size_t n, const bool big_endian)
{
  static const struct {
    char name[5];
    int  subtype; ///< 0: integers of as many bits as said
    bool little_endian;
    bool is_marked; ///< Shows in the format's endianness
  } compressions[] = {
    {"NONE", 0, false, false},
    {"twos", 0, false, true},
    {"sowt", 0, true, true},
    {"in24", SF_FORMAT_PCM_24, false, false},
    {"in32", SF_FORMAT_PCM_32, false, false},
    {"fl32", SF_FORMAT_FLOAT, false, false},
    {"FL32", SF_FORMAT_FLOAT, false, false},
    {"fl64", SF_FORMAT_DOUBLE, false, false},
    {"FL64", SF_FORMAT_DOUBLE, false, false},
    {"ulaw", SF_FORMAT_ULAW, false, false},
    {"alaw", SF_FORMAT_ALAW, false, false},
  };

  if (n < 18U) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the header is cut off");
  }
  const uint64_t  n_channels = fal_get_uint(chunk, 2U, big_endian);
  const uint64_t  n_bits     = fal_get_uint(chunk + 6U, 2U, big_endian);
  const FalStatus st =
    fal_walk_set_shape(walk, n_channels, get_extended(chunk + 8U));
  if (st) {
    return st;
  }
  walk->out->n_frames = (int64_t)fal_get_uint(chunk + 2U, 4U, big_endian);

  const int         integers = fal_integer_subtype((n_bits + 7U) / 8U, false);
  const char* const name     = n < 22U ? "NONE" : (const char*)chunk + 18U;
  for (size_t i = 0U; i < sizeof(compressions) / sizeof(*compressions); ++i) {
    if (!memcmp(name, compressions[i].name, 4U)) {
      const int  subtype = compressions[i].subtype;
      const bool little  = compressions[i].little_endian;
      if (compressions[i].is_marked) {
        walk->out->format |= little ? SF_ENDIAN_LITTLE : SF_ENDIAN_BIG;
      }
      return set_plain(walk, subtype ? subtype : integers, !little);
    }
  }
  return set_plain(walk, 0, big_endian);
}

/// The audio description chunk of CAF
FalStatus
fal_walk_desc(const FalWalk* const walk, const uint8_t* const chunk,
              const size_t n, const bool big_endian)
{
  enum { IS_FLOAT = 1, IS_LITTLE_ENDIAN = 2 };

  if (n < 32U) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the header is cut off");
  }
  const uint64_t rate_bits  = fal_get_uint(chunk, 8U, big_endian);
  const uint64_t flags      = fal_get_uint(chunk + 12U, 4U, big_endian);
  const uint64_t n_packet   = fal_get_uint(chunk + 16U, 4U, big_endian);
  const uint64_t n_frames   = fal_get_uint(chunk + 20U, 4U, big_endian);
  const uint64_t n_channels = fal_get_uint(chunk + 24U, 4U, big_endian);
  const uint64_t n_bytes =
    (fal_get_uint(chunk + 28U, 4U, big_endian) + 7U) / 8U;

  double rate_hz = 0.0;
  memcpy(&rate_hz, &rate_bits, sizeof(rate_hz));
  const FalStatus st = fal_walk_set_shape(walk, n_channels, rate_hz);
  if (st) {
    return st;
  }
  if (n_frames != 1U || n_packet != n_channels * n_bytes) {
    return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                           "its kind of samples is not supported");
  }

  const bool is_little = flags & IS_LITTLE_ENDIAN;
  walk->out->format |= is_little ? SF_ENDIAN_LITTLE : 0;
  return set_plain(walk,
                   !memcmp(chunk + 8U, "ulaw", 4U)   ? SF_FORMAT_ULAW
                   : !memcmp(chunk + 8U, "alaw", 4U) ? SF_FORMAT_ALAW
                   : memcmp(chunk + 8U, "lpcm", 4U)  ? 0
                   : flags & IS_FLOAT                ? float_subtype(n_bytes)
                                      : fal_integer_subtype(n_bytes, false),
                   !is_little);
}

/// The header of AU files, which are samples from there on
FalStatus
fal_walk_au(const FalWalk* const walk)
{
  static const int subtypes[] = {0,
                                 SF_FORMAT_ULAW,
                                 SF_FORMAT_PCM_S8,
                                 SF_FORMAT_PCM_16,
                                 SF_FORMAT_PCM_24,
                                 SF_FORMAT_PCM_32,
                                 SF_FORMAT_FLOAT,
                                 SF_FORMAT_DOUBLE};
  enum { ALAW = 27 };

  if (walk->formats != FAL_FORMATS_WIDE) {
    return fal_walk_refuse(walk, FAL_ERR_FORMAT,
                           "AU is not supported for impulse responses");
  }
  uint8_t   head[24];
  FalStatus st = fal_walk_read(walk, 0, head, sizeof(head));
  if (st) {
    return st;
  }
  const bool     big_endian = head[0] == '.';
  const uint64_t start      = fal_get_uint(head + 4U, 4U, big_endian);
  const uint64_t n_said     = fal_get_uint(head + 8U, 4U, big_endian);
  const uint64_t code       = fal_get_uint(head + 12U, 4U, big_endian);
  const uint64_t rate_hz    = fal_get_uint(head + 16U, 4U, big_endian);
  const uint64_t n_channels = fal_get_uint(head + 20U, 4U, big_endian);
  if ((st = fal_walk_set_shape(walk, n_channels, (double)rate_hz))) {
    return st;
  }

  const int64_t n_there = walk->n_bytes - (int64_t)start;
  if (start < sizeof(head) || n_there < 0 ||
      (n_said != UINT32_MAX && (int64_t)n_said > n_there)) {
    return fal_walk_refuse(walk, FAL_ERR_BAD_DATA,
                           "fewer frames than the header promises");
  }
  walk->out->format = SF_FORMAT_AU | (big_endian ? 0 : SF_ENDIAN_LITTLE);
  st                = set_plain(walk,
                 code == ALAW ? SF_FORMAT_ALAW
                                : code < 8U  ? subtypes[code]
                                             : 0,
                                big_endian);
  if (!st) {
    const int64_t n_data = n_said == UINT32_MAX ? n_there : (int64_t)n_said;
    const int64_t n_frame =
      fal_sample_bytes(walk->out->raw_format) * (int64_t)n_channels;
    walk->out->n_frames   = n_data / n_frame;
    walk->out->data_start = (int64_t)start;
    walk->out->data_bytes = walk->out->n_frames * n_frame;
  }
  return st;
}
