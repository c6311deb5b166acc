// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/planner.h"

#include <fftw3.h>

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t  once  = PTHREAD_ONCE_INIT;

void
fal_planner_lock(void)
{
  pthread_once(&once, fftwf_make_planner_thread_safe);
  pthread_mutex_lock(&mutex);
}

void
fal_planner_unlock(void)
{
  pthread_mutex_unlock(&mutex);
}
