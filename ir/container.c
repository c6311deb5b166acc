// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/container.h"

#include "ir/container_walk.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Longest header that identifies a file
#define MAX_HEAD 40U

/// A container that is not a list of chunks
static const struct {
  const char* magic;
  FalStatus (*walk)(const FalWalk*);
} others[] = {
  {"fLaC", fal_walk_flac},
  {"OggS", fal_walk_ogg},
  {".snd", fal_walk_au},
  {"dns.", fal_walk_au},
};

FalStatus
fal_walk_refuse(const FalWalk* const walk, const FalStatus status,
                const char* const reason)
{
  return fal_error_set(walk->error, status, "%s: %s", walk->path, reason);
}

FalStatus
fal_walk_read(const FalWalk* const walk, const int64_t offset,
              void* const bytes, const size_t n)
{
  size_t done = 0U;
  while (done < n) {
    const ssize_t got = pread(walk->fd, (char*)bytes + done, n - done,
                              (off_t)(offset + (int64_t)done));
    if (!got) {
      return fal_walk_refuse(walk, FAL_ERR_BAD_DATA, "the file is cut off");
    }
    if (got < 0 && errno != EINTR) {
      return fal_walk_refuse(walk, FAL_ERR_READ, strerror(errno));
    }
    done += got > 0 ? (size_t)got : 0U;
  }
  return FAL_OK;
}

FalStatus
fal_walk_set_shape(const FalWalk* const walk, const uint64_t n_channels,
                   const double rate_hz)
{
  if (!n_channels || n_channels > FAL_AUDIO_MAX_CHANNELS) {
    return fal_error_set(walk->error, FAL_ERR_TOO_LARGE,
                         "%s: %llu channels: 1 to %u are supported", walk->path,
                         (unsigned long long)n_channels,
                         FAL_AUDIO_MAX_CHANNELS);
  }
  if (!(rate_hz >= FAL_AUDIO_MIN_RATE_HZ && rate_hz <= FAL_AUDIO_MAX_RATE_HZ)) {
    return fal_error_set(
      walk->error, FAL_ERR_TOO_LARGE,
      "%s: a sample rate of %.10g Hz: %u to %u are supported", walk->path,
      rate_hz, FAL_AUDIO_MIN_RATE_HZ, FAL_AUDIO_MAX_RATE_HZ);
  }
  walk->out->n_channels = (uint32_t)n_channels;
  walk->out->rate_hz    = (uint32_t)(rate_hz + 0.5);
  return FAL_OK;
}

FalStatus
fal_container_walk(FalContainer* const container, const int fd,
                   const char* const path, const FalFormats formats,
                   FalError* const error)
{
  struct stat info;
  if (fstat(fd, &info)) {
    return fal_error_set(error, FAL_ERR_READ, "%s: %s", path, strerror(errno));
  }

  *container         = (FalContainer){.n_frames = -1};
  const FalWalk walk = {fd, info.st_size, path, formats, error, container};

  uint8_t      head[MAX_HEAD] = {0U};
  const size_t n_head =
    info.st_size < MAX_HEAD ? (size_t)info.st_size : MAX_HEAD;
  const FalStatus st = fal_walk_read(&walk, 0, head, n_head);
  if (st) {
    return st;
  }

  const FalLayout* const layout = fal_layout_find(head);
  if (layout) {
    return fal_walk_chunks(&walk, layout);
  }
  for (size_t i = 0U; i < sizeof(others) / sizeof(*others); ++i) {
    if (!memcmp(head, others[i].magic, 4U)) {
      container->data_bytes = walk.n_bytes;
      return others[i].walk(&walk);
    }
  }
  return fal_walk_refuse(&walk, FAL_ERR_FORMAT,
                         info.st_size
                           ? "not an audio file of a supported format"
                           : "the file is empty");
}
