// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ncc.h"

#include "core/arena.h"
#include "core/ola.h"
#include "core/route.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/// Power below which a window is silent, against what surrounds it
#define SILENCE 1e-12

/// Power of a frame below which it is silent anyway
#define NOTHING 1e-30

/// A sum with the rounding errors of all its additions
typedef struct {
  double sum;
  double lost;
} Sum;

struct FalNcc {
  FalOla*      ola;
  uint32_t     n_clip;
  uint32_t     block;
  FalRecording recording;
  uint32_t     channel;
  int64_t      frame;   ///< To be read next
  Sum          level;   ///< Of the last n_clip frames
  Sum          energy;  ///< … of their squares
  double       before;  ///< Energy of the block before
  uint32_t     oldest;  ///< In the history
  float*       history; ///< [n_clip], a ring
  float*       in;      ///< [block]
  float*       out;     ///< [block]
};

/// Add exactly: the error of a sum of doubles is a double (Knuth, TAOCP 4.2.2)
static void
add(Sum* const to, const double x)
{
  const double sum = to->sum + x;
  const double old = sum - x;
  to->lost += (to->sum - old) + (x - (sum - old));
  to->sum = sum;
}

static void
lay_out(FalNcc* const ncc, FalArena* const arena)
{
  ncc->history = fal_arena_floats(arena, ncc->n_clip);
  ncc->in      = fal_arena_floats(arena, ncc->block);
  ncc->out     = fal_arena_floats(arena, ncc->block);
}

/// Turn a clip round, without its mean, its energy brought to 1
static FalStatus
prepare(float* const h, const float* const clip, const uint32_t n)
{
  double mean   = 0.0;
  double whole  = 0.0;
  double energy = 0.0;
  for (uint32_t t = 0U; t < n; ++t) {
    mean += (double)clip[t] / n;
    whole += (double)clip[t] * (double)clip[t];
  }
  for (uint32_t t = 0U; t < n; ++t) {
    const double x = (double)clip[t] - mean;
    energy += x * x;
  }
  if (!isfinite(energy) || energy <= NOTHING || energy <= SILENCE * whole) {
    return FAL_ERR_BAD_DATA;
  }
  for (uint32_t t = 0U; t < n; ++t) {
    h[n - 1U - t] = (float)(((double)clip[t] - mean) / sqrt(energy));
  }
  return FAL_OK;
}

static FalStatus
make_ola(FalOla** const ola, const float* const clip, const uint32_t n_clip,
         const uint64_t n_frames)
{
  const FalOlaConfig config = {
    .n_inputs = 1U, .n_outputs = 1U, .n_frames = n_frames};
  float* const h = (float*)malloc(n_clip * sizeof(float));
  if (!h) {
    return FAL_ERR_NO_MEM;
  }
  const FalRoute route = {0U, 0U, n_clip, h};
  FalStatus      st    = prepare(h, clip, n_clip);
  if (!st) {
    st = fal_ola_new(ola, &config, &route, 1U);
  }
  free(h);
  return st;
}

FalStatus
fal_ncc_new(FalNcc** const ncc, const float* const clip, const uint32_t n_clip,
            const uint64_t n_frames)
{
  if (n_clip < 2U || n_clip > INT32_MAX) {
    return FAL_ERR_BAD_ARG;
  }
  FalOla*   ola = NULL;
  FalStatus st  = make_ola(&ola, clip, n_clip, n_frames);
  if (st) {
    return st;
  }

  FalNcc   sizes = {.n_clip = n_clip, .block = fal_ola_block(ola)};
  FalArena arena = {NULL, 0U};
  (void)fal_arena_carve(&arena, sizeof(FalNcc));
  lay_out(&sizes, &arena);
  if ((st = fal_arena_allocate(&arena))) {
    fal_ola_free(ola);
    return st;
  }
  FalNcc* const made = (FalNcc*)fal_arena_carve(&arena, sizeof(FalNcc));
  *made              = sizes;
  made->ola          = ola;
  lay_out(made, &arena);
  *ncc = made;
  return FAL_OK;
}

void
fal_ncc_free(FalNcc* const ncc)
{
  if (ncc) {
    fal_ola_free(ncc->ola);
    fal_arena_release(ncc);
  }
}

void
fal_ncc_seek(FalNcc* const ncc, const FalRecording* const recording,
             const uint32_t channel, const int64_t place)
{
  fal_ola_reset(ncc->ola);
  memset(ncc->history, 0, ncc->n_clip * sizeof(float));
  ncc->recording = *recording;
  ncc->channel   = channel;
  ncc->frame     = place;
  ncc->level     = (Sum){0.0, 0.0};
  ncc->energy    = (Sum){0.0, 0.0};
  ncc->before    = 0.0;
  ncc->oldest    = 0U;
}

FalStatus
fal_ncc_next(FalNcc* const ncc, FalNccBlock* const block)
{
  const float* const in[]  = {ncc->in};
  float* const       out[] = {ncc->out};
  const uint32_t     n     = ncc->block;
  const FalStatus    st =
    fal_recording_read(&ncc->recording, ncc->channel, ncc->in, ncc->frame, n);
  if (st) {
    return st;
  }
  fal_ola_process(ncc->ola, in, out);

  double now = 0.0;
  for (uint32_t t = 0U; t < n; ++t) {
    now += (double)ncc->in[t] * (double)ncc->in[t];
  }

  // Transforms spread the rounding of a block over it and the one that follows
  const double around = now + ncc->before;
  for (uint32_t t = 0U; t < n; ++t) {
    const double x = (double)ncc->in[t];
    const double y = (double)ncc->history[ncc->oldest];

    ncc->history[ncc->oldest] = ncc->in[t];
    ncc->oldest = ncc->oldest + 1U < ncc->n_clip ? ncc->oldest + 1U : 0U;
    add(&ncc->level, x);
    add(&ncc->level, -y);
    add(&ncc->energy, x * x); // Exact: of a float
    add(&ncc->energy, -(y * y));

    const double level  = ncc->level.sum + ncc->level.lost;
    const double energy = ncc->energy.sum + ncc->energy.lost;
    const double power  = energy - level * level / ncc->n_clip;
    const double least  = SILENCE * (energy + around) + NOTHING * ncc->n_clip;
    const double score =
      power > least ? (double)ncc->out[t] / sqrt(power) : 0.0;
    ncc->out[t] = isfinite(score) ? (float)fmin(1.0, fmax(-1.0, score)) : 0.0f;
  }
  ncc->before = now;

  *block = (FalNccBlock){ncc->frame - (int64_t)(ncc->n_clip - 1U), n, ncc->out};
  ncc->frame += (int64_t)n;
  return FAL_OK;
}
