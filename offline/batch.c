// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/batch.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/message.h"
#include "offline/output.h"
#include "offline/parents.h"
#include "offline/progress.h"
#include "offline/render.h"
#include "offline/report.h"
#include "offline/tasks.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/// Finished files wait for each other up to this number, and this long
#define GROUP_FILES 128U
#define GROUP_S 1.0

/// What all jobs share
typedef struct {
  const FalBatch* batch;
  const FalTasks* tasks;
  pthread_mutex_t lock; ///< For all below, and for standard output
  uint32_t        next; ///< Task
  uint32_t        n_failed;
  FalStatus       first_failure;
  FalProgress     progress;
  uint32_t        n_done;
} Shared;

/// A finished file that is not published yet
typedef struct {
  const FalRenderTask* task;
  FalRenderReport      report;
} Finished;

/// One thread
typedef struct {
  Shared*      shared;
  pthread_t    thread;
  FalRenderer* renderer;
  Finished     group[GROUP_FILES];
  uint32_t     n_group;
  double       since_s; ///< When the group was begun
} Job;

static double
now_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// Count and say what has become of a task
static void
conclude(Shared* const shared, const FalRenderTask* const task,
         const FalRenderReport* report, const FalError* error)
{
  if (shared->batch->resume && error && error->status == FAL_ERR_EXISTS) {
    report = NULL; // Another run was quicker: it is there
    error  = NULL;
  }
  pthread_mutex_lock(&shared->lock);
  ++shared->n_done;
  if (error && error->status) {
    fal_progress_end(&shared->progress);
    fal_message_error(error);
    ++shared->n_failed;
    shared->first_failure =
      shared->first_failure ? shared->first_failure : error->status;
  }
  if (shared->batch->json) {
    fal_report_print(task, report, error);
  }
  fal_progress_tell(&shared->progress, shared->n_done);
  pthread_mutex_unlock(&shared->lock);
}

/// Bring the group to the disk, and publish it
static void
publish(Job* const job)
{
  FalOutput* outputs[GROUP_FILES];
  for (uint32_t i = 0U; i < job->n_group; ++i) {
    outputs[i] = job->group[i].report.output;
  }
  FalError        error = {FAL_OK, ""};
  const FalStatus st    = fal_outputs_sync(outputs, job->n_group, &error);
  for (uint32_t i = 0U; i < job->n_group; ++i) {
    const Finished* const f = &job->group[i];
    FalError              e = error;
    if (st) {
      fal_output_discard(outputs[i]);
    } else if (fal_output_publish(outputs[i], &e)) {
      e.status = e.status ? e.status : FAL_ERR_WRITE;
    }
    conclude(job->shared, f->task, &f->report, &e);
  }
  job->n_group = 0U;
}

static void
do_task(Job* const job, const FalRenderTask* const task)
{
  Shared* const   shared = job->shared;
  FalError        error  = {FAL_OK, ""};
  FalRenderReport report = {0};
  struct stat     there;
  if (shared->batch->resume && !stat(task->output, &there) &&
      S_ISREG(there.st_mode)) {
    conclude(shared, task, NULL, NULL);
    return;
  }
  FalStatus st = fal_parents_make(task->output, &error);
  if (!st) {
    st = fal_render(job->renderer, task, &report, &error);
  }
  if (st) {
    conclude(shared, task, NULL, &error);
    return;
  }
  job->since_s               = job->n_group ? job->since_s : now_s();
  job->group[job->n_group++] = (Finished){task, report};
  if (job->n_group == GROUP_FILES || now_s() - job->since_s > GROUP_S) {
    publish(job);
  }
}

static void*
work(void* const handle)
{
  Job* const    job    = (Job*)handle;
  Shared* const shared = job->shared;
  for (;;) {
    pthread_mutex_lock(&shared->lock);
    const uint32_t t = shared->next;
    shared->next += t < shared->tasks->n_tasks ? 1U : 0U;
    pthread_mutex_unlock(&shared->lock);
    if (t == shared->tasks->n_tasks) {
      break;
    }
    do_task(job, &shared->tasks->tasks[t]);
  }
  publish(job);
  return NULL;
}

FalStatus
fal_batch_run(const FalBatch* const batch, const FalTasks* const tasks,
              FalError* const error)
{
  Shared shared = {.batch = batch, .tasks = tasks};
  pthread_mutex_init(&shared.lock, NULL);
  fal_progress_start(&shared.progress, batch->settings.progress, tasks->n_tasks,
                     FAL_PROGRESS_FILES);

  FalRenderSettings settings = batch->settings;
  settings.progress          = false;

  Job* const jobs   = (Job*)calloc(batch->n_jobs, sizeof(Job));
  uint32_t   n_jobs = 0U;
  FalStatus  st     = jobs ? FAL_OK : FAL_ERR_NO_MEM;
  for (uint32_t j = 0U; j < batch->n_jobs && !st; ++j) {
    jobs[j].shared = &shared;
    st             = fal_renderer_new(&jobs[j].renderer, &settings);
    // The first is this thread
    if (!st && j && pthread_create(&jobs[j].thread, NULL, work, &jobs[j])) {
      fal_renderer_free(jobs[j].renderer);
      break; // Fewer will do
    }
    n_jobs += st ? 0U : 1U;
  }
  if (n_jobs) {
    st = FAL_OK;
    work(&jobs[0]);
  }
  for (uint32_t j = 0U; j < n_jobs; ++j) {
    if (j) {
      pthread_join(jobs[j].thread, NULL);
    }
    fal_renderer_free(jobs[j].renderer);
  }
  free(jobs);
  fal_progress_end(&shared.progress);
  pthread_mutex_destroy(&shared.lock);
  if (st) {
    return fal_error_set(error, st, "out of memory");
  }
  if (shared.n_failed) {
    fal_error_set(error, shared.first_failure, "%u of %u files failed",
                  shared.n_failed, tasks->n_tasks);
    if (tasks->n_tasks == 1U) {
      error->text[0] = '\0'; // It has been said already
    }
  }
  return shared.first_failure;
}
