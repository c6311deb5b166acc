// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/wav.h"

#include "offline/samples.h"
#include "offline/sound.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const uint32_t unknown = 0xFFFFFFFFU;

static void
put(FalWavBytes* const bytes, const uint64_t value, const size_t n_bytes)
{
  for (size_t i = 0U; i < n_bytes; ++i) {
    bytes->first[bytes->n_first++] = (uint8_t)(value >> (8U * i));
  }
}

static void
put_name(FalWavBytes* const bytes, const char* const name)
{
  memcpy(bytes->first + bytes->n_first, name, 4U);
  bytes->n_first += 4U;
}

/// The speakers of the usual layouts, in the order of their bits
static uint32_t
speakers(const uint32_t n_channels)
{
  static const uint32_t masks[] = {0U,    0x4U,  0x3U,   0x7U,  0x33U,
                                   0x37U, 0x3FU, 0x13FU, 0x63FU};
  return n_channels < sizeof(masks) / sizeof(masks[0]) ? masks[n_channels] : 0U;
}

static void
put_format(FalWavBytes* const bytes, const FalWavHead* const head)
{
  static const uint8_t guid_tail[14] = {0x00, 0x00, 0x00, 0x00, 0x10,
                                        0x00, 0x80, 0x00, 0x00, 0xAA,
                                        0x00, 0x38, 0x9B, 0x71};

  const bool is_float =
    head->type == FAL_SAMPLE_F32 || head->type == FAL_SAMPLE_F64;
  const size_t   size    = fal_samples_bytes(head->type);
  const uint64_t n_frame = size * head->n_channels;
  const uint64_t tag     = is_float ? 3U : 1U;

  put_name(bytes, "fmt ");
  put(bytes, head->extensible ? 40U : is_float ? 18U : 16U, 4U);
  put(bytes, head->extensible ? 0xFFFEU : tag, 2U);
  put(bytes, head->n_channels, 2U);
  put(bytes, head->rate_hz, 4U);
  put(bytes, n_frame * head->rate_hz, 4U);
  put(bytes, n_frame, 2U);
  put(bytes, 8U * size, 2U);
  if (head->extensible) {
    put(bytes, 22U, 2U);
    put(bytes, 8U * size, 2U);
    put(bytes, speakers(head->n_channels), 4U);
    put(bytes, tag, 2U);
    memcpy(bytes->first + bytes->n_first, guid_tail, sizeof(guid_tail));
    bytes->n_first += sizeof(guid_tail);
  } else if (is_float) {
    put(bytes, 0U, 2U);
  }
}

void
fal_wav_make_head(FalWavBytes* const bytes, const FalWavHead* const head,
                  const uint64_t n_frames)
{
  const size_t   n_reserved = head->may_be_large ? 36U : 0U;
  const size_t   n_format   = head->extensible ? 48U : 26U;
  const bool     is_known   = n_frames != FAL_FRAMES_UNKNOWN;
  const bool     is_integer = fal_samples_bits(head->type);
  const uint64_t n_frame    = fal_samples_bytes(head->type) * head->n_channels;
  const uint64_t n_data     = is_known ? n_frames * n_frame : 0U;
  const uint64_t n_head     = 12U + n_reserved +
                          (!head->extensible && is_integer ? 24U : n_format) +
                          (is_integer ? 0U : 12U) + head->n_chunk_bytes + 8U;
  const uint64_t n_riff   = n_head - 8U + n_data + (n_data & 1U);
  const bool     is_large = is_known && n_riff >= unknown;
  const bool     is_rf64  = is_large && head->may_be_large;
  const bool     is_short = is_known && !is_large;

  bytes->n_first = 0U;
  put_name(bytes, is_rf64 ? "RF64" : "RIFF");
  put(bytes, is_short ? n_riff : unknown, 4U);
  put_name(bytes, "WAVE");
  if (head->may_be_large) {
    put_name(bytes, is_rf64 ? "ds64" : "JUNK");
    put(bytes, 28U, 4U);
    put(bytes, is_rf64 ? n_riff : 0U, 8U);
    put(bytes, is_rf64 ? n_data : 0U, 8U);
    put(bytes, is_rf64 ? n_frames : 0U, 8U);
    put(bytes, 0U, 4U);
  }
  put_format(bytes, head);
  if (!is_integer) {
    put_name(bytes, "fact");
    put(bytes, 4U, 4U);
    put(bytes, is_short ? n_frames : unknown, 4U);
  }
  memcpy(bytes->last, "data", 4U);
  for (unsigned i = 0U; i < 4U; ++i) {
    const uint32_t n    = is_short ? (uint32_t)n_data : unknown;
    bytes->last[4U + i] = (uint8_t)(n >> (8U * i));
  }
}
