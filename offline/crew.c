// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/crew.h"

#include "core/ola.h"
#include "core/ola_double.h"
#include "core/route.h"
#include "core/status.h"
#include "offline/planes.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/// One of the threads
typedef struct {
  FalCrew*  crew;
  pthread_t thread;
  uint32_t  number; ///< From 1
} Hand;

struct FalCrew {
  FalOla*          ola;   ///< In single precision,
  FalOlaDouble*    exact; ///< or in double
  const FalPlanes* in;    ///< The present block, of `exact`
  const FalPlanes* out;
  Hand*            hands; ///< [n_hands]
  uint32_t         n_hands;
  pthread_mutex_t  lock; ///< For all below
  pthread_cond_t   changed;
  uint64_t         n_started; ///< Blocks
  uint64_t         n_exact;   ///< Blocks that are done in double precision
  bool             is_over;
};

/// Do the present block in double precision, as a whole
static void
do_exactly(FalCrew* const crew)
{
  fal_ola_double_process(
    crew->exact, crew->in ? (const double* const*)crew->in->doubles : NULL,
    crew->out->doubles);
  pthread_mutex_lock(&crew->lock);
  ++crew->n_exact;
  pthread_cond_broadcast(&crew->changed);
  pthread_mutex_unlock(&crew->lock);
}

static void*
serve(void* const handle)
{
  const Hand* const hand     = (const Hand*)handle;
  FalCrew* const    crew     = hand->crew;
  uint64_t          n_served = 0U;
  pthread_mutex_lock(&crew->lock);
  while (!crew->is_over) {
    if (n_served == crew->n_started) {
      pthread_cond_wait(&crew->changed, &crew->lock);
      continue;
    }
    n_served = crew->n_started;
    pthread_mutex_unlock(&crew->lock);
    if (crew->exact) {
      do_exactly(crew);
    } else {
      fal_ola_help(crew->ola, hand->number);
    }
    pthread_mutex_lock(&crew->lock);
  }
  pthread_mutex_unlock(&crew->lock);
  return NULL;
}

static FalStatus
hire(FalCrew* const crew, const uint32_t n)
{
  crew->hands = (Hand*)calloc(n + 1U, sizeof(Hand));
  if (!crew->hands) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    Hand* const hand = &crew->hands[i];
    hand->crew       = crew;
    hand->number     = i + 1U;
    if (pthread_create(&hand->thread, NULL, serve, hand)) {
      return FAL_ERR_NO_MEM;
    }
    ++crew->n_hands;
  }
  return FAL_OK;
}

FalStatus
fal_crew_new(FalCrew** const crew, const FalPrecision precision,
             const FalOlaConfig* const config, const FalRoute* const routes,
             const uint32_t n_routes)
{
  FalCrew* const made = (FalCrew*)calloc(1U, sizeof(FalCrew));
  if (!made) {
    return FAL_ERR_NO_MEM;
  }
  pthread_mutex_init(&made->lock, NULL);
  pthread_cond_init(&made->changed, NULL);
  const bool     is_exact = precision == FAL_PRECISION_DOUBLE;
  const uint32_t n_others = config->n_workers ? config->n_workers - 1U : 0U;
  FalStatus      st       = is_exact
                              ? fal_ola_double_new(&made->exact, config, routes, n_routes)
                              : fal_ola_new(&made->ola, config, routes, n_routes);
  if (!st) {
    st = hire(made, is_exact && n_others ? 1U : n_others);
  }
  if (st) {
    fal_crew_free(made);
    return st;
  }
  *crew = made;
  return FAL_OK;
}

void
fal_crew_free(FalCrew* const crew)
{
  if (!crew) {
    return;
  }
  pthread_mutex_lock(&crew->lock);
  crew->is_over = true;
  pthread_cond_broadcast(&crew->changed);
  pthread_mutex_unlock(&crew->lock);
  for (uint32_t i = 0U; i < crew->n_hands; ++i) {
    pthread_join(crew->hands[i].thread, NULL);
  }
  pthread_cond_destroy(&crew->changed);
  pthread_mutex_destroy(&crew->lock);
  fal_ola_double_free(crew->exact);
  fal_ola_free(crew->ola);
  free(crew->hands);
  free(crew);
}

bool
fal_crew_is_double(const FalCrew* const crew)
{
  return crew->exact != NULL;
}

uint32_t
fal_crew_block(const FalCrew* const crew)
{
  return crew->exact ? fal_ola_double_block(crew->exact)
                     : fal_ola_block(crew->ola);
}

void
fal_crew_start(FalCrew* const crew, const FalPlanes* const in,
               const FalPlanes* const out)
{
  if (crew->exact) {
    crew->in  = in;
    crew->out = out;
  } else {
    fal_ola_start(crew->ola, in ? (const float* const*)in->floats : NULL,
                  out->floats);
  }
  pthread_mutex_lock(&crew->lock);
  ++crew->n_started;
  pthread_cond_broadcast(&crew->changed);
  pthread_mutex_unlock(&crew->lock);
}

void
fal_crew_finish(FalCrew* const crew)
{
  if (!crew->exact) {
    fal_ola_finish(crew->ola);
    return;
  }
  if (!crew->n_hands) {
    do_exactly(crew);
  }
  pthread_mutex_lock(&crew->lock);
  while (crew->n_exact < crew->n_started) {
    pthread_cond_wait(&crew->changed, &crew->lock);
  }
  pthread_mutex_unlock(&crew->lock);
}

void
fal_crew_reset(FalCrew* const crew)
{
  if (crew->exact) {
    fal_ola_double_reset(crew->exact);
  } else {
    fal_ola_reset(crew->ola);
  }
}
