// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/signals.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/temporary.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static sigset_t watched;

static void*
watch(void* const unused)
{
  (void)unused;

  int number = 0;
  while (sigwait(&watched, &number)) {
  }
  fal_temporaries_end(); // From here on none can be made or published

  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  signal(number, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  kill(getpid(), number);
  return NULL; // Not reached
}

FalStatus
fal_signals_start(FalError* const error)
{
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);

  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  sigemptyset(&watched);
  for (size_t i = 0U; i < sizeof(numbers) / sizeof(numbers[0]); ++i) {
    struct sigaction old;
    if (!sigaction(numbers[i], NULL, &old) && old.sa_handler != SIG_IGN) {
      sigaddset(&watched, numbers[i]);
    }
  }
  pthread_sigmask(SIG_BLOCK, &watched, NULL); // Later threads inherit it

  pthread_t      thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 1U << 18U);
  const int failure = pthread_create(&thread, &attributes, watch, NULL);
  pthread_attr_destroy(&attributes);
  if (failure) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "cannot make a thread: %s",
                         strerror(failure));
  }
  return FAL_OK;
}
