// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file sounds.h Files for tests: in a folder of their own, or nowhere at all

#ifndef FAL_TESTS_SOUNDS_H
#define FAL_TESTS_SOUNDS_H

#include <sndfile.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// Bytes of a header under construction
typedef struct {
  uint8_t bytes[1024];
  size_t  n;
} Bytes;

static inline void
put(Bytes* const b, const void* const bytes, const size_t n)
{
  memcpy(b->bytes + b->n, bytes, n);
  b->n += n;
}

static inline void
put_id(Bytes* const b, const char* const id)
{
  put(b, id, 4U);
}

/// Put the low `n` bytes of a number
static inline void
put_uint(Bytes* const b, const uint64_t x, const size_t n, const int big_endian)
{
  for (size_t i = 0U; i < n; ++i) {
    b->bytes[b->n++] = (uint8_t)(x >> 8U * (big_endian ? n - 1U - i : i));
  }
}

/// Put a WAVEFORMAT chunk and its identifier
static inline void
put_fmt(Bytes* const b, const uint32_t tag, const uint32_t n_channels,
        const uint32_t rate_hz, const uint32_t n_bits)
{
  const uint32_t n_frame = n_channels * n_bits / 8U;
  put_id(b, "fmt ");
  put_uint(b, 16U, 4U, 0);
  put_uint(b, tag, 2U, 0);
  put_uint(b, n_channels, 2U, 0);
  put_uint(b, rate_hz, 4U, 0);
  put_uint(b, rate_hz * n_frame, 4U, 0);
  put_uint(b, n_frame, 2U, 0);
  put_uint(b, n_bits, 2U, 0);
}

/// Start a WAV file of 16 bits
static inline Bytes
wav(const uint32_t n_channels, const uint32_t rate_hz)
{
  Bytes b = {{0U}, 0U};
  put_id(&b, "RIFF");
  put_uint(&b, 1000U, 4U, 0);
  put_id(&b, "WAVE");
  put_fmt(&b, 1U, n_channels, rate_hz, 16U);
  return b;
}

/// Put a chunk of zeros that says that it has `n_said` bytes
static inline void
put_chunk(Bytes* const b, const char* id, const uint32_t n_said, const size_t n)
{
  put_id(b, id);
  put_uint(b, n_said, 4U, 0);
  memset(b->bytes + b->n, 0, n);
  b->n += n;
}

/// A file without a name that holds these bytes
static inline int
file_of(const void* const bytes, const size_t n)
{
  const int fd = memfd_create("test", MFD_CLOEXEC);
  if (fd < 0 || write(fd, bytes, n) != (ssize_t)n) {
    perror("memfd");
    abort();
  }
  return fd;
}

/// A file without a name in a format of libsndfile; aborts if it cannot be
static inline int
sound_of(const int format, const int n_channels, const int rate_hz,
         const float* const frames, const size_t n_frames)
{
  const int      fd   = memfd_create("test", MFD_CLOEXEC);
  SF_INFO        info = {0, rate_hz, n_channels, format, 0, 0};
  SNDFILE* const f    = sf_open_fd(fd, SFM_WRITE, &info, 0);
  if (!f || sf_writef_float(f, frames, (sf_count_t)n_frames) !=
              (sf_count_t)n_frames) {
    fprintf(stderr, "%#x: %s\n", (unsigned)format, sf_strerror(f));
    abort();
  }
  sf_close(f);
  return fd;
}

/// Copy a nameless file to a path
static inline void
save(const int fd, const char* const path)
{
  uint8_t     bytes[4096];
  FILE* const out = fopen(path, "wb");
  ssize_t     n   = 0;
  for (off_t at = 0; (n = pread(fd, bytes, sizeof(bytes), at)) > 0; at += n) {
    if (fwrite(bytes, 1U, (size_t)n, out) != (size_t)n) {
      abort();
    }
  }
  fclose(out);
  close(fd);
}

/// Go to a new empty folder
static inline void
enter_folder(void)
{
  char              path[256];
  const char* const base = getenv("TMPDIR");
  snprintf(path, sizeof(path), "%s/faltung-XXXXXX", base ? base : P_tmpdir);
  if (!mkdtemp(path) || chdir(path)) {
    perror(path);
    abort();
  }
}

/// Remove the present folder with the files in it
static inline void
leave_folder(void)
{
  if (system("rm -rf -- \"$PWD\"") || chdir("/")) {
    abort();
  }
}

#endif // FAL_TESTS_SOUNDS_H
