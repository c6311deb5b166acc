// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file compared.h What was found about two files, and how it is told

#ifndef FAL_OFFLINE_COMPARED_H
#define FAL_OFFLINE_COMPARED_H

#include "core/delay.h"
#include "core/delay_steps.h"
#include "core/delay_track.h"

#include <jansson.h>

#include <stdbool.h>

/// What was found about a pair; cleared by fal_compared_clear()
typedef struct {
  FalDelay      delay;
  double        rate_hz; ///< Of the comparison
  bool          bounded; ///< Not all delays were considered
  FalDelayTrack track;   ///< Empty unless it was asked for
  FalDelaySteps pieces;  ///< Empty unless they were asked for
} FalCompared;

/// Return whether no single delay fits, but the curve of a moving source does
bool fal_compared_moves(const FalCompared* compared);

/// Why there is no match, in words
const char* fal_compared_reason(const FalCompared* compared);

/// A result as an object, null if memory ran out
json_t* fal_compared_json(const char* name_a, const char* name_b,
                          const FalCompared* compared);

/// Free what was found; a zeroed struct is fine
void fal_compared_clear(FalCompared* compared);

#endif // FAL_OFFLINE_COMPARED_H
