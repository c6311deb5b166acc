// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Read from the file as far as it goes; -1 if the system cannot
static int64_t
read_at(const int fd, int64_t offset, char* const bytes, const int64_t n)
{
  int64_t done = 0;
  while (done < n) {
    const ssize_t got = pread(fd, bytes + done, (size_t)(n - done), offset);
    if (got < 0 && errno != EINTR) {
      return -1;
    }
    if (!got) {
      break;
    }
    done += got > 0 ? got : 0;
    offset += got > 0 ? got : 0;
  }
  return done;
}

static sf_count_t
view_length(void* const user)
{
  return ((const FalFile*)user)->container.data_bytes;
}

static sf_count_t
view_tell(void* const user)
{
  return ((const FalFile*)user)->position;
}

static sf_count_t
view_seek(const sf_count_t offset, const int whence, void* const user)
{
  FalFile* const file = (FalFile*)user;
  const int64_t  base = whence == SEEK_CUR   ? file->position
                        : whence == SEEK_END ? file->container.data_bytes
                                             : 0;
  const bool     is_inside =
    offset >= -base && offset <= file->container.data_bytes - base;
  const int64_t refused = -1;
  return is_inside ? (file->position = base + offset) : refused;
}

static sf_count_t
view_read(void* const bytes, const sf_count_t n, void* const user)
{
  FalFile* const file   = (FalFile*)user;
  const int64_t  n_left = file->container.data_bytes - file->position;
  const int64_t  got =
    read_at(file->fd, file->container.data_start + file->position, (char*)bytes,
            n < n_left ? n : n_left);
  if (got < 0) {
    file->failed = true;
    return 0;
  }
  file->position += got;
  return got;
}

/// Let libsndfile see what it needs of the file
static FalStatus
open_view(FalFile* const file, FalError* const error)
{
  static SF_VIRTUAL_IO view = {view_length, view_seek, view_read, NULL,
                               view_tell};

  const FalContainer* const container = &file->container;
  SF_INFO                   info      = {0};
  if (container->raw_format) {
    info.format     = container->raw_format;
    info.channels   = (int)container->n_channels;
    info.samplerate = (int)container->rate_hz;
  }

  file->handle = sf_open_virtual(&view, SFM_READ, &info, file);
  if (!file->handle) {
    return fal_error_set(error, file->failed ? FAL_ERR_READ : FAL_ERR_BAD_DATA,
                         "%s: %s", file->path, sf_strerror(NULL));
  }
  if (info.channels != (int)container->n_channels ||
      (info.samplerate != (int)container->rate_hz &&
       (info.format & SF_FORMAT_SUBMASK) != SF_FORMAT_OPUS)) {
    return fal_error_set(error, FAL_ERR_BAD_DATA,
                         "%s: the header contradicts itself", file->path);
  }
  file->container.rate_hz = (uint32_t)info.samplerate;
  return FAL_OK;
}

FalStatus
fal_file_open_fd(FalFile** const file, const int fd, const char* const name,
                 const FalFormats formats, FalError* const error)
{
  struct stat    info;
  FalStatus      st     = FAL_OK;
  FalFile* const opened = (FalFile*)calloc(1U, sizeof(FalFile));
  if (!opened) {
    close(fd);
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", name);
  }
  opened->fd   = fd;
  opened->path = name;

  if (fstat(fd, &info)) {
    st = fal_error_set(error, FAL_ERR_OPEN, "%s: %s", name, strerror(errno));
  } else if (S_ISDIR(info.st_mode)) {
    st = fal_error_set(error, FAL_ERR_OPEN, "%s: is a directory", name);
  } else if (!S_ISREG(info.st_mode)) {
    st = fal_error_set(error, FAL_ERR_OPEN, "%s: not a regular file", name);
  } else if (!(st = fal_container_walk(&opened->container, fd, name, formats,
                                       error))) {
    st = open_view(opened, error);
  }

  if (st) {
    fal_file_close(opened);
  } else {
    *file = opened;
  }
  return st;
}

FalStatus
fal_file_open(FalFile** const file, const char* const path,
              const FalFormats formats, FalError* const error)
{
  // Neither waits for a writer (FIFO) or a carrier (serial line), nor takes
  // a terminal as its own
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    return fal_error_set(error, FAL_ERR_OPEN, "%s: %s", path, strerror(errno));
  }
  return fal_file_open_fd(file, fd, path, formats, error);
}

FalStatus
fal_file_read(FalFile* const file, float* const frames, const uint32_t n_frames,
              uint32_t* const n_read, FalError* const error)
{
  const sf_count_t got = sf_readf_float(file->handle, frames, n_frames);
  if (file->failed) {
    return fal_error_set(error, FAL_ERR_READ, "%s: %s", file->path,
                         strerror(EIO));
  }
  if (sf_error(file->handle)) {
    return fal_error_set(error, FAL_ERR_BAD_DATA, "%s: %s", file->path,
                         sf_strerror(file->handle));
  }

  file->n_frames_read += got;
  if (got < n_frames && file->n_frames_read < file->container.n_frames) {
    return fal_error_set(error, FAL_ERR_BAD_DATA,
                         "%s: %lld frames instead of the %lld promised",
                         file->path, (long long)file->n_frames_read,
                         (long long)file->container.n_frames);
  }
  *n_read = (uint32_t)got;
  return FAL_OK;
}

FalStatus
fal_file_hash(const FalFile* const file, uint64_t* const hash,
              uint64_t* const n_bytes, FalError* const error)
{
  char     bytes[16384];
  uint64_t sum = *hash;
  int64_t  at  = 0;
  for (int64_t got = 1; got; at += got) {
    if ((got = read_at(file->fd, at, bytes, sizeof(bytes))) < 0) {
      return fal_error_set(error, FAL_ERR_READ, "%s: %s", file->path,
                           strerror(errno));
    }
    for (int64_t b = 0; b < got; ++b) {
      sum = (sum ^ (uint8_t)bytes[b]) * 0x100000001B3U;
    }
  }
  *hash = sum;
  *n_bytes += (uint64_t)at;
  return FAL_OK;
}

void
fal_file_close(FalFile* const file)
{
  if (file) {
    (void)sf_close(file->handle);
    (void)close(file->fd);
    free(file);
  }
}
