// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/parts.h"

#include <time.h>

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle, const uint32_t size,
        const void* const data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_ERR_NO_SPACE;
}

static void
do_work(Host* const host)
{
  const uint32_t                    ms    = host->config.work_delay_ms;
  const struct timespec             delay = {0, (long)ms * 1000000L};
  const LV2_Worker_Interface* const worker =
    (const LV2_Worker_Interface*)lilv_instance_get_extension_data(
      host->instance, LV2_WORKER__interface);

  nanosleep(&delay, NULL);
  worker->work(lilv_instance_get_handle(host->instance), respond, host, 0U,
               NULL);
}

static void*
run_worker(void* const data)
{
  Host* const host = (Host*)data;

  pthread_mutex_lock(&host->lock);
  while (!host->ends) {
    if (!host->queued) {
      pthread_cond_wait(&host->wake, &host->lock);
      continue;
    }
    --host->queued;
    ++host->n_work;
    host->is_working = true;
    pthread_mutex_unlock(&host->lock);
    do_work(host);
    pthread_mutex_lock(&host->lock);
    host->is_working = false;
    pthread_cond_broadcast(&host->wake);
  }
  pthread_mutex_unlock(&host->lock);
  return NULL;
}

void
host_start_worker(Host* const host)
{
  pthread_mutex_init(&host->lock, NULL);
  pthread_cond_init(&host->wake, NULL);
  if (host->config.worker == HOST_WORKER_THREAD) {
    pthread_create(&host->thread, NULL, run_worker, host);
  }
}

void
host_stop_worker(Host* const host)
{
  if (host->config.worker == HOST_WORKER_THREAD) {
    pthread_mutex_lock(&host->lock);
    host->ends = true;
    pthread_cond_broadcast(&host->wake);
    pthread_mutex_unlock(&host->lock);
    pthread_join(host->thread, NULL);
  }
  pthread_mutex_destroy(&host->lock);
  pthread_cond_destroy(&host->wake);
}

static LV2_Worker_Status
schedule(Host* const host)
{
  if (host->config.worker == HOST_WORKER_IN_PLACE && !host->is_queue_full) {
    ++host->n_work;
    do_work(host);
    return LV2_WORKER_SUCCESS;
  }

  pthread_mutex_lock(&host->lock);
  const bool full = host->is_queue_full || host->queued == HOST_QUEUE;
  host->queued += full ? 0U : 1U;
  pthread_cond_broadcast(&host->wake);
  pthread_mutex_unlock(&host->lock);
  return full ? LV2_WORKER_ERR_NO_SPACE : LV2_WORKER_SUCCESS;
}

LV2_Worker_Status
host_schedule(const LV2_Worker_Schedule_Handle handle, const uint32_t size,
              const void* const data)
{
  const char was_in_run = host_is_in_run;
  (void)size;
  (void)data;

  host_is_in_run             = 0;
  const LV2_Worker_Status st = schedule((Host*)handle);
  host_is_in_run             = was_in_run;
  return st;
}

void
host_wait(Host* const host)
{
  pthread_mutex_lock(&host->lock);
  while (host->config.worker == HOST_WORKER_THREAD &&
         (host->queued || host->is_working)) {
    pthread_cond_wait(&host->wake, &host->lock);
  }
  pthread_mutex_unlock(&host->lock);
}
