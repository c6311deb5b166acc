// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file samples.h Planar floats from and to the bytes of interleaved samples

#ifndef FAL_OFFLINE_SAMPLES_H
#define FAL_OFFLINE_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How one number is stored
typedef enum {
  FAL_SAMPLE_NONE, ///< Not a linear format
  FAL_SAMPLE_U8,
  FAL_SAMPLE_S8,
  FAL_SAMPLE_S16,
  FAL_SAMPLE_S24,
  FAL_SAMPLE_S32,
  FAL_SAMPLE_F32,
  FAL_SAMPLE_F64
} FalSampleType;

/// How samples are stored; multi-byte ones with either end first
typedef struct {
  FalSampleType type;
  bool          big_endian;
} FalEncoding;

/// What happens to floats on their way to integers
typedef struct {
  uint64_t n_frames;  ///< Frames encoded until now: what the dither depends on
  uint64_t n_clipped; ///< Samples beyond full scale until now
  bool     dither;    ///< Add triangular noise of 2 LSB width; not for 32 bits
} FalQuantiser;

/// Bytes of one sample, or 0
size_t fal_samples_bytes(FalSampleType type);

/// Bits of an integer type, or 0
unsigned fal_samples_bits(FalSampleType type);

/**
   Decode to full scale 1.0.

   @param planar [n_channels][n_frames], overwritten.
   @param bytes [n_frames * n_channels] samples.
*/
void fal_samples_decode(float* const* planar, const void* bytes,
                        FalEncoding encoding, uint32_t n_channels,
                        size_t n_frames);

/**
   Encode; integers are rounded to nearest and limited to their range.

   The dither of a sample is a function of its channel and of its frame's index
   alone, so that the same bytes come out whatever the sizes of the calls.
   Zeros are not dithered: digital silence stays silent.

   @param bytes [n_frames * n_channels] samples, overwritten.
   @param quantiser Moved on by n_frames.
*/
void fal_samples_encode(void* bytes, const float* const* planar,
                        FalEncoding encoding, uint32_t n_channels,
                        size_t n_frames, FalQuantiser* quantiser);

#endif // FAL_OFFLINE_SAMPLES_H
