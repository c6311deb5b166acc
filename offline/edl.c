// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/edl.h"

#include "offline/source.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Where the reference starts: 01:00:00:00
#define START_S 3600

static void
print_code(const FalEdl* const edl, const int64_t frame)
{
  const int64_t fps = edl->fps;
  const int64_t s   = frame / fps;
  printf(" %02lld:%02lld:%02lld:%02lld", (long long)(s / 3600),
         (long long)(s / 60 % 60), (long long)(s % 60),
         (long long)(frame % fps));
}

void
fal_edl_begin(FalEdl* const edl, const uint32_t fps)
{
  *edl = (FalEdl){fps, 0U};
  printf("TITLE: FALTUNG ALIGN\nFCM: NON-DROP FRAME\n");
}

FalStatus
fal_edl_add(FalEdl* const edl, const char* const path, const double delay_s,
            FalError* const error)
{
  FalSource*      source = NULL;
  const FalStatus st     = fal_source_open(&source, path, error);
  if (st) {
    return st;
  }
  const FalSound sound = *fal_source_sound(source);
  fal_source_close(source);
  if (sound.n_frames == FAL_FRAMES_UNKNOWN) {
    return fal_error_set(error, FAL_ERR_READ, "%s: its length is not known",
                         path);
  }

  char              name[4096];
  const char* const slash = strrchr(path, '/');
  fal_escape(name, sizeof(name), slash ? slash + 1 : path);
  const int64_t fps   = edl->fps;
  const int64_t late  = llround(delay_s * (double)fps);
  const int64_t start = late > 0 ? late : 0;
  const int64_t end =
    (int64_t)floor((double)sound.n_frames / sound.rate_hz * (double)fps);
  const int64_t put = START_S * fps + (late < 0 ? -late : 0);
  const int64_t n   = end > start ? end - start : 0;

  printf("%03u  AX       A     C       ", ++edl->n_events);
  print_code(edl, start);
  print_code(edl, start + n);
  print_code(edl, put);
  print_code(edl, put + n);
  printf("\n* FROM CLIP NAME: %s\n* COMMENT: DELAY %+.9f S\n", name, delay_s);
  return FAL_OK;
}
