// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file progress.h How far it is, where standard error is a terminal

#ifndef FAL_OFFLINE_PROGRESS_H
#define FAL_OFFLINE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/// In place of a rate: what is counted are files
#define FAL_PROGRESS_FILES 0.0

/// A line that is written over several times a second
typedef struct {
  uint64_t n_all;     ///< Frames or files, or #FAL_FRAMES_UNKNOWN
  double   rate_hz;   ///< Frames a second
  double   started_s; ///< On the monotonic clock
  double   shown_s;   ///< When the line was last written
  bool     is_on;
} FalProgress;

/// Start; nothing is shown unless `wanted`, and standard error is a terminal
void fal_progress_start(FalProgress* progress, bool wanted, uint64_t n_all,
                        double rate_hz);

/// Tell that n frames are done
void fal_progress_tell(FalProgress* progress, uint64_t n);

/// Take the line away
void fal_progress_end(FalProgress* progress);

#endif // FAL_OFFLINE_PROGRESS_H
