// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file quantise.h Floats to integers, with dither

#ifndef FAL_OFFLINE_QUANTISE_H
#define FAL_OFFLINE_QUANTISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most frames in one call
#define FAL_QUANTISE_FRAMES 4096U

/**
   Scale, dither, round to nearest (even) and limit.

   The dither is the difference of two uniform numbers of 16 bits: triangular,
   from -1 to 1 LSB, hashed from the channel and the frame's index. Exact zeros
   get none, nor do 32 bits. What is not a number becomes 0, and counts as
   clipped. Beyond the upper half of 24 bits, where a float has no fractions of
   an LSB left, the dither is rounded to half an LSB.

   @param q [n_frames], overwritten: -2^(bits - 1) to 2^(bits - 1) - 1.
   @param x [n_frames], full scale 1.0.
   @param n_frames At most #FAL_QUANTISE_FRAMES.
   @param first Index of the first frame; the frames lie between two multiples
   of #FAL_QUANTISE_FRAMES.
   @return How many samples were beyond the range before the dither.
*/
size_t fal_quantise(int32_t* restrict q, const float* restrict x,
                    size_t n_frames, unsigned bits, bool dither,
                    uint32_t channel, uint64_t first);

/// The largest magnitude; not a number is larger than all
float fal_peak(const float* x, size_t n);

#endif // FAL_OFFLINE_QUANTISE_H
