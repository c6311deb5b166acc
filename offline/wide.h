// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file wide.h Planar doubles from and to the bytes of interleaved samples

#ifndef FAL_OFFLINE_WIDE_H
#define FAL_OFFLINE_WIDE_H

#include "offline/samples.h"

#include <stddef.h>
#include <stdint.h>

/// As fal_samples_decode(): exact for all types
void fal_wide_decode(double* const* planar, const void* bytes,
                     FalEncoding encoding, uint32_t n_channels,
                     size_t n_frames);

/**
   As fal_samples_encode().

   Doubles are written as they are, and integers of 32 bits rounded once. On
   their way to the other types numbers become floats first, whose 24 bits are
   as many as those types have.
*/
void fal_wide_encode(void* bytes, double* const* planar, FalEncoding encoding,
                     uint32_t n_channels, size_t n_frames,
                     FalQuantiser* quantiser);

#endif // FAL_OFFLINE_WIDE_H
