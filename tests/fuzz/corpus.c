// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

// Writes the seeds into a folder, for libFuzzer to start from

#include "tests/fuzz/seeds.h"

#include <stdio.h>

int
main(const int argc, char** const argv)
{
  uint8_t bytes[FAL_SEED_BYTES];
  size_t  n = 0U;
  for (size_t s = 0U; argc > 1 && (n = fal_seed(bytes, s)); ++s) {
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/seed-%02zu", argv[1], s);
    FILE* const f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1U, n, f) != n || fclose(f)) {
      perror(path);
      return 1;
    }
  }
  return argc > 1 ? 0 : 2;
}
