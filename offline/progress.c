// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/progress.h"

#include "offline/sound.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/// Seconds between two lines, and before the first
static const double pause_s = 0.25;

static double
now_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void
fal_progress_start(FalProgress* const progress, const bool wanted,
                   const uint64_t n_all, const double rate_hz)
{
  const double now = now_s();
  *progress        = (FalProgress){
           .n_all     = n_all,
           .rate_hz   = rate_hz,
           .started_s = now,
           .shown_s   = now,
           .is_on     = wanted && isatty(STDERR_FILENO),
  };
}

void
fal_progress_tell(FalProgress* const progress, const uint64_t n)
{
  if (!progress->is_on) {
    return;
  }
  const double now = now_s();
  if (now - progress->shown_s < pause_s) {
    return;
  }
  progress->shown_s    = now;
  const double spent_s = now - progress->started_s;
  if (progress->rate_hz == FAL_PROGRESS_FILES) {
    fprintf(stderr, "\r\033[K%llu of %llu files, %.0f a second",
            (unsigned long long)n, (unsigned long long)progress->n_all,
            (double)n / spent_s);
    return;
  }
  const double done_s = (double)n / progress->rate_hz;
  if (progress->n_all == FAL_FRAMES_UNKNOWN || !n) {
    fprintf(stderr, "\r\033[K%.1f s of sound, %.0f times real time", done_s,
            done_s / spent_s);
  } else {
    const double share = (double)n / (double)progress->n_all;
    fprintf(stderr, "\r\033[K%3.0f %%, %.0f times real time, %.0f s left",
            100.0 * share, done_s / spent_s, spent_s * (1.0 - share) / share);
  }
}

void
fal_progress_end(FalProgress* const progress)
{
  if (progress->is_on) {
    fputs("\r\033[K", stderr);
  }
}
