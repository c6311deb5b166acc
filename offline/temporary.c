// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/// Guards the list, and what must not happen while the process is dying
static pthread_mutex_t lock        = PTHREAD_MUTEX_INITIALIZER;
static FalTemporary    temporaries = {&temporaries, &temporaries, NULL,
                                      -1}; // Ring

static void
enlist(FalTemporary* const temporary)
{
  temporary->next           = &temporaries;
  temporary->previous       = temporaries.previous;
  temporary->previous->next = temporary;
  temporaries.previous      = temporary;
}

static void
unlist(FalTemporary* const temporary)
{
  temporary->next->previous = temporary->previous;
  temporary->previous->next = temporary->next;
}

/// Length of the folder's part of a path, with its slash
static size_t
folder_length(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) + 1U : 0U;
}

int
fal_temporary_open(FalTemporary* const temporary, const char* const path,
                   const mode_t mode)
{
  static const char pattern[] = ".faltung-0123456789abcdef.tmp";

  const size_t n_folder = folder_length(path);
  char* const  name     = (char*)malloc(n_folder + sizeof(pattern));
  if (!name) {
    return ENOMEM;
  }
  memcpy(name, path, n_folder);

  int failure = EEXIST;
  for (unsigned attempt = 0U; attempt < 16U && failure == EEXIST; ++attempt) {
    uint64_t number = 0U;
    if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number)) {
      failure = EIO;
      break;
    }
    snprintf(name + n_folder, sizeof(pattern), ".faltung-%016llx.tmp",
             (unsigned long long)number);

    pthread_mutex_lock(&lock);
    const int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    failure      = fd < 0 ? errno : 0;
    if (!failure) {
      temporary->path = name;
      temporary->fd   = fd;
      enlist(temporary);
    }
    pthread_mutex_unlock(&lock);
  }
  if (failure) {
    free(name);
  }
  return failure;
}

/// Rename, but fail if the new name is taken
static int
rename_new(const char* const from, const char* const to)
{
  if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE)) {
    return 0;
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return errno;
  }
  // A file system without that flag: a link is made only if the name is free
  if (!link(from, to)) {
    return unlink(from) ? errno : 0;
  }
  if (errno == EEXIST) {
    return EEXIST;
  }
  struct stat there;
  if (!lstat(to, &there)) {
    return EEXIST;
  }
  return rename(from, to) ? errno : 0;
}

int
fal_temporary_sync(FalTemporary* const temporary)
{
  const int fd = temporary->fd;
  // Not every file system can; then there is nothing to wait for
  const bool failed = fsync(fd) && errno != EINVAL && errno != ENOSYS &&
                      errno != ENOTSUP && errno != EROFS;
  return failed ? errno : 0;
}

int
fal_temporary_publish(FalTemporary* const temporary, const char* const path,
                      const bool replace)
{
  int failure   = close(temporary->fd) ? errno : 0;
  temporary->fd = -1;
  if (failure) {
    return failure;
  }

  pthread_mutex_lock(&lock);
  if (replace) {
    failure = rename(temporary->path, path) ? errno : 0;
  } else {
    failure = rename_new(temporary->path, path);
  }
  if (!failure) {
    unlist(temporary);
    free(temporary->path);
    temporary->path = NULL;
  }
  pthread_mutex_unlock(&lock);
  return failure;
}

void
fal_temporary_remove(FalTemporary* const temporary)
{
  pthread_mutex_lock(&lock);
  if (temporary->fd >= 0) {
    close(temporary->fd);
  }
  if (temporary->path) {
    unlink(temporary->path);
    unlist(temporary);
    free(temporary->path);
  }
  temporary->fd   = -1;
  temporary->path = NULL;
  pthread_mutex_unlock(&lock);
}

void
fal_temporaries_end(void)
{
  pthread_mutex_lock(&lock); // For good
  for (const FalTemporary* t = temporaries.next; t != &temporaries;
       t                     = t->next) {
    unlink(t->path);
  }
}
