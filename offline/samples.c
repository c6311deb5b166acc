// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/samples.h"

#include "offline/quantise.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
static const bool host_is_big = true;
#else
static const bool host_is_big = false;
#endif

size_t
fal_samples_bytes(const FalSampleType type)
{
  static const size_t sizes[] = {0U, 1U, 1U, 2U, 3U, 4U, 4U, 8U};
  return sizes[type];
}

unsigned
fal_samples_bits(const FalSampleType type)
{
  static const unsigned bits[] = {0U, 8U, 8U, 16U, 24U, 32U, 0U, 0U};
  return bits[type];
}

/// Turn each sample's bytes round, if they are in the other order
static void
swap_bytes(uint8_t* const bytes, const FalEncoding encoding, const size_t n)
{
  const size_t size = fal_samples_bytes(encoding.type);
  if (size < 2U || encoding.big_endian == host_is_big) {
    return;
  }
  for (size_t i = 0U; i < n; ++i) {
    uint8_t* const sample = bytes + i * size;
    for (size_t b = 0U; b < size / 2U; ++b) {
      const uint8_t byte    = sample[b];
      sample[b]             = sample[size - 1U - b];
      sample[size - 1U - b] = byte;
    }
  }
}

static int32_t
load_24(const uint8_t* const s)
{
  return host_is_big
           ? (int32_t)(((uint32_t)s[0] << 24U) | ((uint32_t)s[1] << 16U) |
                       ((uint32_t)s[2] << 8U))
           : (int32_t)(((uint32_t)s[2] << 24U) | ((uint32_t)s[1] << 16U) |
                       ((uint32_t)s[0] << 8U));
}

static void
store_24(uint8_t* const s, const int32_t value)
{
  // Two stores instead of three: this is where 24 bits spend their time
  const uint32_t v    = (uint32_t)value;
  const uint16_t pair = (uint16_t)(host_is_big ? v >> 8U : v);
  memcpy(s, &pair, sizeof(pair));
  s[2] = (uint8_t)(host_is_big ? v : v >> 16U);
}

/// One channel, in the host's order; `s` points to its first sample
static void
decode_channel(float* const x, const uint8_t* const s, const FalSampleType type,
               const size_t stride, const size_t n_frames)
{
  switch (type) {
    case FAL_SAMPLE_NONE:
      break;
    case FAL_SAMPLE_U8:
      for (size_t t = 0U; t < n_frames; ++t) {
        x[t] = (float)(s[t * stride] - 128) * 0x1p-7F;
      }
      break;
    case FAL_SAMPLE_S8:
      for (size_t t = 0U; t < n_frames; ++t) {
        x[t] = (float)(int8_t)s[t * stride] * 0x1p-7F;
      }
      break;
    case FAL_SAMPLE_S16:
      for (size_t t = 0U; t < n_frames; ++t) {
        int16_t value = 0;
        memcpy(&value, s + t * stride, sizeof(value));
        x[t] = (float)value * 0x1p-15F;
      }
      break;
    case FAL_SAMPLE_S24:
      // Four bytes at once, but for the last, which may end the buffer
      for (size_t t = 0U; t + 1U < n_frames; ++t) {
        uint32_t word = 0U;
        memcpy(&word, s + t * stride, sizeof(word));
        const uint32_t value = host_is_big ? word & 0xFFFFFF00U : word << 8U;
        x[t]                 = (float)(int32_t)value * 0x1p-31F;
      }
      if (n_frames) {
        const size_t t = n_frames - 1U;
        x[t]           = (float)load_24(s + t * stride) * 0x1p-31F;
      }
      break;
    case FAL_SAMPLE_S32:
      for (size_t t = 0U; t < n_frames; ++t) {
        int32_t value = 0;
        memcpy(&value, s + t * stride, sizeof(value));
        x[t] = (float)value * 0x1p-31F;
      }
      break;
    case FAL_SAMPLE_F32:
      for (size_t t = 0U; t < n_frames; ++t) {
        memcpy(&x[t], s + t * stride, sizeof(float));
      }
      break;
    case FAL_SAMPLE_F64:
      for (size_t t = 0U; t < n_frames; ++t) {
        double value = 0.0;
        memcpy(&value, s + t * stride, sizeof(value));
        x[t] = (float)value;
      }
      break;
  }
}

void
fal_samples_decode(float* const* const planar, const void* const bytes,
                   const FalEncoding encoding, const uint32_t n_channels,
                   const size_t n_frames)
{
  // In pieces that stay in the cache while each channel walks over them
  enum { PIECE = 16384 };
  uint8_t      piece[PIECE];
  const size_t size       = fal_samples_bytes(encoding.type);
  const size_t stride     = size * n_channels;
  const bool   is_swapped = size > 1U && encoding.big_endian != host_is_big;
  const size_t n_most     = stride < PIECE ? PIECE / stride : 1U;
  float*       x          = NULL;

  for (size_t t = 0U; t < n_frames; t += n_most) {
    const size_t   n = n_frames - t < n_most ? n_frames - t : n_most;
    const uint8_t* s = (const uint8_t*)bytes + t * stride;
    if (is_swapped) {
      memcpy(piece, s, n * stride);
      swap_bytes(piece, encoding, n * n_channels);
      s = piece;
    }
    for (uint32_t c = 0U; c < n_channels; ++c) {
      x = planar[c];
      decode_channel(x + t, s + c * size, encoding.type, stride, n);
    }
  }
}

/// Store one channel's integers
static void
store_integers(uint8_t* const s, const int32_t* const q,
               const FalSampleType type, const size_t stride,
               const size_t n_frames)
{
  switch (type) {
    case FAL_SAMPLE_U8:
      for (size_t t = 0U; t < n_frames; ++t) {
        s[t * stride] = (uint8_t)(q[t] + 128);
      }
      break;
    case FAL_SAMPLE_S8:
      for (size_t t = 0U; t < n_frames; ++t) {
        s[t * stride] = (uint8_t)q[t];
      }
      break;
    case FAL_SAMPLE_S16:
      for (size_t t = 0U; t < n_frames; ++t) {
        const int16_t value = (int16_t)q[t];
        memcpy(s + t * stride, &value, sizeof(value));
      }
      break;
    case FAL_SAMPLE_S24:
      for (size_t t = 0U; t < n_frames; ++t) {
        store_24(s + t * stride, q[t]);
      }
      break;
    case FAL_SAMPLE_S32:
      for (size_t t = 0U; t < n_frames; ++t) {
        memcpy(s + t * stride, &q[t], sizeof(q[t]));
      }
      break;
    case FAL_SAMPLE_NONE:
    case FAL_SAMPLE_F32:
    case FAL_SAMPLE_F64:
      break;
  }
}

static void
store_floats(uint8_t* const s, const float* const x, const FalSampleType type,
             const size_t stride, const size_t n_frames)
{
  for (size_t t = 0U; t < n_frames; ++t) {
    if (type == FAL_SAMPLE_F32) {
      memcpy(s + t * stride, &x[t], sizeof(float));
    } else {
      const double value = (double)x[t];
      memcpy(s + t * stride, &value, sizeof(value));
    }
  }
}

void
fal_samples_encode(void* const bytes, const float* const* const planar,
                   const FalEncoding encoding, const uint32_t n_channels,
                   const size_t n_frames, FalQuantiser* const quantiser)
{
  int32_t        integers[FAL_QUANTISE_FRAMES];
  const size_t   size   = fal_samples_bytes(encoding.type);
  const size_t   stride = size * n_channels;
  const unsigned bits   = fal_samples_bits(encoding.type);
  const bool     dither = quantiser->dither && bits < 32U;

  for (size_t t = 0U; t < n_frames;) {
    // Up to the next multiple, so that a piece has one set of upper bits
    const size_t room =
      FAL_QUANTISE_FRAMES - (size_t)(quantiser->n_frames % FAL_QUANTISE_FRAMES);
    const size_t   n = n_frames - t < room ? n_frames - t : room;
    uint8_t* const s = (uint8_t*)bytes + t * stride;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      if (bits) {
        quantiser->n_clipped += fal_quantise(integers, planar[c] + t, n, bits,
                                             dither, c, quantiser->n_frames);
        store_integers(s + c * size, integers, encoding.type, stride, n);
      } else {
        store_floats(s + c * size, planar[c] + t, encoding.type, stride, n);
      }
    }
    swap_bytes(s, encoding, n * n_channels);
    quantiser->n_frames += n;
    t += n;
  }
}
