// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file shift.h A sound file written again without its delay

#ifndef FAL_OFFLINE_SHIFT_H
#define FAL_OFFLINE_SHIFT_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdbool.h>

/// How a file is shifted
typedef enum {
  FAL_SHIFT_WHOLE,    ///< By whole frames: samples are copied
  FAL_SHIFT_FRACTION, ///< To a fraction of a frame: core/warp.h
  FAL_SHIFT_DRIFT     ///< … and resampled along the line of delay
} FalShiftKind;

/// What to write
typedef struct {
  const char*  path;
  const char*  target;
  bool         force;
  FalShiftKind kind;
  double       seconds; ///< The delay that is taken out, at the start
  double       drift;   ///< Seconds a second: for #FAL_SHIFT_DRIFT only
} FalShift;

/**
   Write a file without its delay, in its own format, with what it says beside
   its sound.

   What is late is cut, what is early begins with silence. Folders that the
   target is to lie in are made.

   @return #FAL_OK, or the status that `error` explains: nothing is left then.
*/
FAL_NODISCARD FalStatus fal_shift_write(const FalShift* shift, FalError* error);

#endif // FAL_OFFLINE_SHIFT_H
