// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file container_walk.h What the parts of the container walk share

#ifndef FAL_IR_CONTAINER_WALK_H
#define FAL_IR_CONTAINER_WALK_H

#include "core/attributes.h"
#include "ir/container.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A walk under way
typedef struct {
  int           fd;
  int64_t       n_bytes; ///< Size of the file
  const char*   path;
  FalFormats    formats;
  FalError*     error;
  FalContainer* out;
} FalWalk;

/// Read a big- or little-endian unsigned integer of 1 to 8 bytes
static inline uint64_t
fal_get_uint(const uint8_t* const bytes, const size_t n, const bool big_endian)
{
  uint64_t value = 0U;
  for (size_t i = 0U; i < n; ++i) {
    value = (value << 8U) | bytes[big_endian ? i : n - 1U - i];
  }
  return value;
}

/// Read `n` bytes at an offset; a file that ends before is #FAL_ERR_BAD_DATA
FAL_NODISCARD FalStatus fal_walk_read(const FalWalk* walk, int64_t offset,
                                      void* bytes, size_t n);

/// Refuse the file: `reason` follows its name
FAL_NODISCARD FalStatus fal_walk_refuse(const FalWalk* walk, FalStatus status,
                                        const char* reason);

/// Check channels and rate against the limits, and set them
FAL_NODISCARD FalStatus fal_walk_set_shape(const FalWalk* walk,
                                           uint64_t n_channels, double rate_hz);

/// Bytes in a sample of a subtype of plain numbers
int64_t fal_sample_bytes(int subtype);

/// Return the subtype of integers of `n_bytes` bytes, 0 if there is none
int fal_integer_subtype(uint64_t n_bytes, bool unsigned_byte);

/// Parse the description of samples in a "fmt ", "COMM" or "desc" chunk
FAL_NODISCARD FalStatus fal_walk_fmt(const FalWalk* walk, const uint8_t* chunk,
                                     size_t n, bool big_endian);
FAL_NODISCARD FalStatus fal_walk_comm(const FalWalk* walk, const uint8_t* chunk,
                                      size_t n, bool big_endian);
FAL_NODISCARD FalStatus fal_walk_desc(const FalWalk* walk, const uint8_t* chunk,
                                      size_t n, bool big_endian);

/// A container that is a list of chunks: identifier, size, payload
typedef struct FalLayout FalLayout;

/// Find the layout of a file from its first 40 bytes; null if there is none
const FalLayout* fal_layout_find(const uint8_t* head);

/// Follow a list of chunks to its end
FAL_NODISCARD FalStatus fal_walk_chunks(const FalWalk*   walk,
                                        const FalLayout* layout);

/// Walk over a whole file of a kind that is not a list of chunks
FAL_NODISCARD FalStatus fal_walk_au(const FalWalk* walk);
FAL_NODISCARD FalStatus fal_walk_flac(const FalWalk* walk);
FAL_NODISCARD FalStatus fal_walk_ogg(const FalWalk* walk);

#endif // FAL_IR_CONTAINER_WALK_H
