// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/lanes.h"

#include "core/ola.h"
#include "core/route.h"
#include "core/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Some outputs, and the inputs that they hear
typedef struct {
  FalOla*       ola;
  uint32_t*     inputs;  ///< [n_inputs] channels of the whole
  uint32_t*     outputs; ///< [n_outputs] channels of the whole
  uint32_t      n_inputs;
  uint32_t      n_outputs;
  const float** in;  ///< [n_inputs] of the present block
  float**       out; ///< [n_outputs] of the present block
} Lane;

struct FalLanes {
  Lane*    lanes; ///< [n_lanes]
  uint32_t n_lanes;
  uint32_t block;

  pthread_t*      threads; ///< [n_threads]
  uint32_t        n_threads;
  pthread_mutex_t lock; ///< For all below
  pthread_cond_t  may_begin;
  pthread_cond_t  has_ended;
  bool            is_over;
  bool            is_silent; ///< The present block has no input
  uint32_t        n_begun;   ///< Lanes of the present block
  uint32_t        n_ended;
};

/// Give each output the number of its lane
static void
number_lanes(uint32_t* const lane_of, const FalLanesConfig* const config)
{
  for (uint32_t o = 0U; o < config->n_outputs; ++o) {
    lane_of[o] = o;
  }
  // Outputs that hear the same input join the lower number, until none does
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t a = 0U; a < config->n_routes; ++a) {
      for (uint32_t b = 0U; b < config->n_routes; ++b) {
        uint32_t* const x = &lane_of[config->routes[a].output];
        uint32_t* const y = &lane_of[config->routes[b].output];
        if (config->routes[a].input == config->routes[b].input && *x < *y) {
          *y      = *x;
          changed = true;
        }
      }
    }
  }
}

/// Find a channel in a list, or append it
static uint32_t
place_of(uint32_t* const list, uint32_t* const n, const uint32_t channel)
{
  for (uint32_t i = 0U; i < *n; ++i) {
    if (list[i] == channel) {
      return i;
    }
  }
  list[*n] = channel;
  return (*n)++;
}

static void
clear_lane(Lane* const lane)
{
  fal_ola_free(lane->ola);
  free(lane->inputs);
  free(lane->outputs);
  free(lane->in);
  free(lane->out);
}

/// Make the lane of the outputs that have a number
static FalStatus
make_lane(Lane* const lane, const FalLanesConfig* const config,
          const uint32_t* const lane_of, const uint32_t number)
{
  FalRoute* const routes =
    (FalRoute*)calloc(config->n_routes + 1U, sizeof(FalRoute));
  lane->inputs  = (uint32_t*)calloc(config->n_inputs, sizeof(uint32_t));
  lane->outputs = (uint32_t*)calloc(config->n_outputs, sizeof(uint32_t));
  lane->in      = (const float**)calloc(config->n_inputs, sizeof(float*));
  lane->out     = (float**)calloc(config->n_outputs, sizeof(float*));

  FalStatus st = FAL_ERR_NO_MEM;
  if (routes && lane->inputs && lane->outputs && lane->in && lane->out) {
    for (uint32_t o = 0U; o < config->n_outputs; ++o) {
      if (lane_of[o] == number) {
        place_of(lane->outputs, &lane->n_outputs, o);
      }
    }
    uint32_t n = 0U;
    for (uint32_t r = 0U; r < config->n_routes; ++r) {
      const FalRoute* const route = &config->routes[r];
      if (lane_of[route->output] == number) {
        routes[n]       = *route;
        routes[n].input = place_of(lane->inputs, &lane->n_inputs, route->input);
        routes[n].output =
          place_of(lane->outputs, &lane->n_outputs, route->output);
        ++n;
      }
    }
    if (!n) { // An output that hears nothing
      static const float silence = 0.0F;
      place_of(lane->inputs, &lane->n_inputs, 0U);
      routes[n++] = (FalRoute){0U, 0U, 1U, &silence};
    }
    const FalOlaConfig c = {.n_inputs  = lane->n_inputs,
                            .n_outputs = lane->n_outputs,
                            .block     = config->block};
    st                   = fal_ola_new(&lane->ola, &c, routes, n);
  }
  free(routes);
  return st;
}

/// Run lanes that nobody has begun, until there are none; called with the lock
static void
run_lanes(FalLanes* const self)
{
  while (self->n_begun < self->n_lanes) {
    const Lane* const lane      = &self->lanes[self->n_begun++];
    const bool        is_silent = self->is_silent;
    pthread_mutex_unlock(&self->lock);
    fal_ola_process(lane->ola, is_silent ? NULL : lane->in, lane->out);
    pthread_mutex_lock(&self->lock);
    ++self->n_ended;
  }
}

static void*
serve(void* const handle)
{
  FalLanes* const self = (FalLanes*)handle;
  pthread_mutex_lock(&self->lock);
  while (!self->is_over) {
    run_lanes(self);
    pthread_cond_signal(&self->has_ended);
    pthread_cond_wait(&self->may_begin, &self->lock);
  }
  pthread_mutex_unlock(&self->lock);
  return NULL;
}

static FalStatus
make_threads(FalLanes* const self, const uint32_t n)
{
  self->threads = (pthread_t*)calloc(n + 1U, sizeof(pthread_t));
  if (!self->threads) {
    return FAL_ERR_NO_MEM;
  }
  while (self->n_threads < n) {
    if (pthread_create(&self->threads[self->n_threads], NULL, serve, self)) {
      return FAL_ERR_NO_MEM;
    }
    ++self->n_threads;
  }
  return FAL_OK;
}

static FalStatus
make_lanes(FalLanes* const self, const FalLanesConfig* const config,
           uint32_t* const lane_of)
{
  number_lanes(lane_of, config);
  FalStatus st = FAL_OK;
  for (uint32_t o = 0U; o < config->n_outputs && !st; ++o) {
    if (lane_of[o] == o) {
      Lane* const lane = &self->lanes[self->n_lanes++];
      st               = make_lane(lane, config, lane_of, o);
    }
  }
  self->n_begun = self->n_ended = self->n_lanes; // Nothing to do yet
  return st;
}

FalStatus
fal_lanes_new(FalLanes** const lanes, const FalLanesConfig* const config)
{
  FalLanes* const self = (FalLanes*)calloc(1U, sizeof(FalLanes));
  if (!self) {
    return FAL_ERR_NO_MEM;
  }
  pthread_mutex_init(&self->lock, NULL);
  pthread_cond_init(&self->may_begin, NULL);
  pthread_cond_init(&self->has_ended, NULL);
  self->block = config->block;
  self->lanes = (Lane*)calloc(config->n_outputs, sizeof(Lane));
  uint32_t* const lane_of =
    (uint32_t*)calloc(config->n_outputs, sizeof(uint32_t));

  FalStatus st =
    self->lanes && lane_of ? make_lanes(self, config, lane_of) : FAL_ERR_NO_MEM;
  if (!st) {
    st = make_threads(self, config->n_threads - 1U);
  }
  free(lane_of);
  if (st) {
    fal_lanes_free(self);
    return st;
  }
  *lanes = self;
  return FAL_OK;
}

void
fal_lanes_free(FalLanes* const lanes)
{
  if (!lanes) {
    return;
  }
  pthread_mutex_lock(&lanes->lock);
  lanes->is_over = true;
  pthread_cond_broadcast(&lanes->may_begin);
  pthread_mutex_unlock(&lanes->lock);
  for (uint32_t i = 0U; i < lanes->n_threads; ++i) {
    pthread_join(lanes->threads[i], NULL);
  }
  for (uint32_t i = 0U; lanes->lanes && i < lanes->n_lanes; ++i) {
    clear_lane(&lanes->lanes[i]);
  }
  pthread_cond_destroy(&lanes->has_ended);
  pthread_cond_destroy(&lanes->may_begin);
  pthread_mutex_destroy(&lanes->lock);
  free(lanes->threads);
  free(lanes->lanes);
  free(lanes);
}

uint32_t
fal_lanes_block(const FalLanes* const lanes)
{
  return lanes->block;
}

void
fal_lanes_start(FalLanes* const lanes, const float* const* const in,
                float* const* const out)
{
  pthread_mutex_lock(&lanes->lock);
  for (uint32_t l = 0U; l < lanes->n_lanes; ++l) {
    Lane* const lane = &lanes->lanes[l];
    for (uint32_t i = 0U; in && i < lane->n_inputs; ++i) {
      lane->in[i] = in[lane->inputs[i]];
    }
    for (uint32_t o = 0U; o < lane->n_outputs; ++o) {
      lane->out[o] = out[lane->outputs[o]];
    }
  }
  lanes->is_silent = !in;
  lanes->n_begun   = 0U;
  lanes->n_ended   = 0U;
  pthread_cond_broadcast(&lanes->may_begin);
  pthread_mutex_unlock(&lanes->lock);
}

void
fal_lanes_finish(FalLanes* const lanes)
{
  pthread_mutex_lock(&lanes->lock);
  run_lanes(lanes);
  while (lanes->n_ended < lanes->n_lanes) {
    pthread_cond_wait(&lanes->has_ended, &lanes->lock);
  }
  pthread_mutex_unlock(&lanes->lock);
}

void
fal_lanes_reset(FalLanes* const lanes)
{
  for (uint32_t l = 0U; l < lanes->n_lanes; ++l) {
    fal_ola_reset(lanes->lanes[l].ola);
  }
}
