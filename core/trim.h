// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file trim.h A recording without the silence around it

#ifndef FAL_CORE_TRIM_H
#define FAL_CORE_TRIM_H

#include "core/attributes.h"
#include "core/recording.h"
#include "core/status.h"

#include <stdint.h>

/// What lies between digital silence at both ends
typedef struct {
  FalRecording whole;
  uint64_t     start; ///< The part's first frame in the whole
  FalRecording part;  ///< Reads through this struct, which must not move
} FalTrimmed;

/**
   Find the part of a recording that is not digital silence.

   A channel that has sound keeps the others. A recording that is silent
   throughout stays whole.
*/
FAL_NODISCARD FalStatus fal_trim(FalTrimmed*         trimmed,
                                 const FalRecording* recording);

#endif // FAL_CORE_TRIM_H
