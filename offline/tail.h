// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file tail.h The end of a result, cut where it has died away

#ifndef FAL_OFFLINE_TAIL_H
#define FAL_OFFLINE_TAIL_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/error.h"
#include "offline/planes.h"
#include "offline/stream.h"

#include <stddef.h>
#include <stdint.h>

/// A delay as long as the tail: what is in it at the end can still be left out
typedef struct FalTail FalTail;

/// What it is to be
typedef struct {
  bool       is_double;  ///< Kind of the planes
  uint32_t   n_channels; ///< Of the planes
  uint32_t   n_frames;   ///< Of the tail: the most that is cut
  double     floor;      ///< What stays below it, in all channels, is cut
  FalConsume consume;    ///< Takes what is kept
  void*      handle;     ///< Given to `consume`
} FalTailConfig;

/// Make a tail; #FAL_OK or #FAL_ERR_NO_MEM
FAL_NODISCARD FalStatus fal_tail_new(FalTail**            tail,
                                     const FalTailConfig* config);

/// Put frames in, and pass on what falls out
FAL_NODISCARD FalStatus fal_tail_push(FalTail* tail, const FalPlanes* planes,
                                      size_t n_frames, FalError* error);

/// Pass on what is in it, up to the last frame that reaches the floor
FAL_NODISCARD FalStatus fal_tail_end(FalTail* tail, FalError* error);

/// Free it; null is fine
void fal_tail_free(FalTail* tail);

#endif // FAL_OFFLINE_TAIL_H
