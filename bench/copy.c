// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file copy.c The limit: libsndfile reads a file as floats, and
/// writes it; to the disk, if a third argument is given

#include <sndfile.h>

#include <stdio.h>
#include <stdlib.h>

int
main(const int argc, char** const argv)
{
  enum { FRAMES = 16384 };
  SF_INFO        info = {0};
  SNDFILE* const in   = argc >= 3 ? sf_open(argv[1], SFM_READ, &info) : NULL;
  SNDFILE* const out  = in ? sf_open(argv[2], SFM_WRITE, &info) : NULL;
  float* const   frames =
    out ? (float*)malloc(sizeof(float) * FRAMES * (size_t)info.channels) : NULL;
  if (!frames) {
    fprintf(stderr, "usage: copy IN OUT [sync]\n");
    return 1;
  }
  sf_count_t n         = 0;
  sf_count_t n_written = 0;
  while (n == n_written && (n = sf_readf_float(in, frames, FRAMES)) > 0) {
    n_written = sf_writef_float(out, frames, n);
  }
  free(frames);
  sf_close(in);
  if (argc == 4) {
    sf_write_sync(out);
  }
  return sf_close(out) || n != 0;
}
