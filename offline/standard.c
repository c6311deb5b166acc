// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/standard.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
fal_standard_open(void)
{
  for (int fd = 0; fd <= 2; ++fd) {
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
      // The wrong direction, so that using it fails; gets the lowest number
      (void)open("/dev/null", fd ? O_RDONLY : O_WRONLY);
    }
  }
}

FalExit
fal_standard_close(FalError* const error)
{
  errno            = 0;
  const int failed = fflush(stdout) || ferror(stdout);
  // Some file systems tell at closing only that data has been lost
  if (failed || (close(STDOUT_FILENO) && errno != EBADF)) {
    fal_error_set(error, FAL_ERR_WRITE, "standard output: %s",
                  errno ? strerror(errno) : "cannot be written");
    return FAL_EXIT_FAILED;
  }
  return FAL_EXIT_DONE;
}
