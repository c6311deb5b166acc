// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/output.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Bytes after which the disk may begin to write what there is
#define AHEAD_BYTES (1U << 22U)

struct FalOutput {
  FalTemporary temporary; ///< Of a regular file
  char*        path;      ///< Final one, links followed; null for a stream
  const char*  name;      ///< For messages, owned by the caller
  int          fd;        ///< Of the temporary or the stream
  uint64_t     n_ahead;   ///< Bytes that the disk has not been told of
  bool         force;
};

static bool
is_same_file(const struct stat* const a, const struct stat* const b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/// Refuse an existing file that must not be replaced
static FalStatus
check_existing(const FalOutputRequest* const request,
               const struct stat* const existing, FalError* const error)
{
  for (uint32_t i = 0U; i < request->n_inputs; ++i) {
    const char* const input = request->inputs[i];
    struct stat       status;
    if (input && strcmp(input, "-") && !stat(input, &status) &&
        is_same_file(existing, &status)) {
      return fal_error_set(error, FAL_ERR_EXISTS,
                           "%s: output would overwrite the input %s",
                           request->path, input);
    }
  }
  if (!request->force) {
    return fal_error_set(error, FAL_ERR_EXISTS,
                         "%s: exists already (--force replaces it)",
                         request->path);
  }
  return FAL_OK;
}

static FalStatus
fail(const FalOutput* const output, const int number, FalError* const error)
{
  const FalStatus status = number == ENOMEM   ? FAL_ERR_NO_MEM
                           : number == EEXIST ? FAL_ERR_EXISTS
                                              : FAL_ERR_WRITE;
  return fal_error_set(error, status, "%s: %s", output->name, strerror(number));
}

/// Open a device or a pipe, which is written as it is
static FalStatus
open_stream(FalOutput* const output, FalError* const error)
{
  output->fd = open(output->name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return output->fd < 0 ? fail(output, errno, error) : FAL_OK;
}

static FalStatus
open_file(FalOutput* const output, const FalOutputRequest* const request,
          FalError* const error)
{
  struct stat existing;
  const bool  exists = !stat(request->path, &existing);
  if (!exists && errno != ENOENT) {
    return fail(output, errno, error);
  }
  if (exists && S_ISDIR(existing.st_mode)) {
    return fail(output, EISDIR, error);
  }
  if (exists && !S_ISREG(existing.st_mode)) {
    return open_stream(output, error);
  }
  FalStatus st = FAL_OK;
  if (exists && (st = check_existing(request, &existing, error))) {
    return st;
  }
  struct stat link;
  if (!exists && !lstat(request->path, &link)) {
    return fal_error_set(error, FAL_ERR_EXISTS,
                         "%s: is a symbolic link that leads nowhere",
                         request->path);
  }

  // The file that a link leads to is replaced, not the link
  output->path = exists ? realpath(request->path, NULL) : strdup(request->path);
  if (!output->path) {
    return fail(output, errno, error);
  }
  const int failure =
    fal_temporary_open(&output->temporary, output->path, 0666U);
  if (failure) {
    return fail(output, failure, error);
  }
  output->fd = output->temporary.fd;
  if (exists) {
    (void)fchmod(output->fd, existing.st_mode & 0777U);
  }
  return FAL_OK;
}

FalStatus
fal_output_open(FalOutput** const output, const FalOutputRequest* const request,
                FalError* const error)
{
  FalOutput* const made = (FalOutput*)calloc(1U, sizeof(FalOutput));
  if (!made) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         request->path);
  }
  made->temporary.fd = -1;
  made->fd           = -1;
  made->force        = request->force;
  made->name         = request->path;

  FalStatus st = FAL_OK;
  if (!strcmp(request->path, "-")) {
    made->name = "standard output";
    made->fd   = STDOUT_FILENO;
  } else {
    st = open_file(made, request, error);
  }
  if (st) {
    fal_output_discard(made);
    return st;
  }
  *output = made;
  return FAL_OK;
}

const char*
fal_output_name(const FalOutput* const output)
{
  return output->name;
}

bool
fal_output_is_stream(const FalOutput* const output)
{
  return !output->path;
}

int
fal_output_fd(const FalOutput* const output)
{
  return output->fd;
}

FalStatus
fal_output_write(FalOutput* const output, const void* const bytes,
                 const size_t n_bytes, FalError* const error)
{
  for (size_t done = 0U; done < n_bytes;) {
    const ssize_t n =
      write(output->fd, (const char*)bytes + done, n_bytes - done);
    if (n < 0 && errno != EINTR) {
      return fail(output, errno, error);
    }
    done += n > 0 ? (size_t)n : 0U;
  }
  // Let the disk begin now, so that there is less to wait for at the end
  output->n_ahead += n_bytes;
  if (output->path && output->n_ahead >= AHEAD_BYTES) {
    (void)sync_file_range(output->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    output->n_ahead = 0U;
  }
  return FAL_OK;
}

FalStatus
fal_output_write_at(FalOutput* const output, const uint64_t offset,
                    const void* const bytes, const size_t n_bytes,
                    FalError* const error)
{
  for (size_t done = 0U; done < n_bytes;) {
    const ssize_t n = pwrite(output->fd, (const char*)bytes + done,
                             n_bytes - done, (off_t)(offset + done));
    if (n < 0 && errno != EINTR) {
      return fail(output, errno, error);
    }
    done += n > 0 ? (size_t)n : 0U;
  }
  return FAL_OK;
}

FalStatus
fal_outputs_sync(FalOutput* const* const outputs, const uint32_t n_outputs,
                 FalError* const error)
{
  dev_t synced    = 0U;
  bool  is_synced = false;
  for (uint32_t i = 0U; i < n_outputs; ++i) {
    struct stat status;
    if (!outputs[i] || fal_output_is_stream(outputs[i])) {
      continue;
    }
    if (fstat(outputs[i]->fd, &status)) {
      return fail(outputs[i], errno, error);
    }
    if (!is_synced || synced != status.st_dev) {
      if (syncfs(outputs[i]->fd)) {
        return fail(outputs[i], errno, error);
      }
      is_synced = true;
      synced    = status.st_dev;
    }
  }
  return FAL_OK;
}

FalStatus
fal_output_publish(FalOutput* const output, FalError* const error)
{
  int failure = 0;
  if (output->path) {
    failure =
      fal_temporary_publish(&output->temporary, output->path, output->force);
  } else if (close(output->fd)) {
    failure = errno; // Some devices tell only now that data has been lost
  }
  output->fd         = -1;
  const FalStatus st = failure ? fail(output, failure, error) : FAL_OK;
  fal_output_discard(output);
  return st;
}

FalStatus
fal_output_commit(FalOutput* const output, FalError* const error)
{
  const int failure = output->path ? fal_temporary_sync(&output->temporary) : 0;
  if (failure) {
    const FalStatus st = fail(output, failure, error);
    fal_output_discard(output);
    return st;
  }
  return fal_output_publish(output, error);
}

void
fal_output_discard(FalOutput* const output)
{
  if (output) {
    if (output->path) {
      fal_temporary_remove(&output->temporary);
    } else if (output->fd >= 0 && output->fd != STDOUT_FILENO) {
      close(output->fd);
    }
    free(output->path);
    free(output);
  }
}
