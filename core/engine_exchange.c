// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/attributes.h"
#include "core/engine.h"
#include "core/engine_state.h"
#include "core/fade.h"
#include "core/kernel_layout.h"
#include "core/level.h"

#include <stdbool.h>
#include <string.h>

/// Return whether some level still has the old kernel
FAL_RT static bool
is_exchanging(const FalEngine* const engine)
{
  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    if (engine->exchanges[l].active) {
      return true;
    }
  }
  return false;
}

/// If all levels have the next kernel, let the old one go
FAL_RT static void
finish_exchange(FalEngine* const engine)
{
  if (!is_exchanging(engine)) {
    const uint32_t old   = engine->voice;
    engine->retired      = engine->kernels[old];
    engine->kernels[old] = NULL;
    engine->voice        = 1U - old;
  }
}

/// Let a level be heard with the other voice only
FAL_RT static void
finish_level(FalEngine* const engine, const uint32_t l)
{
  const uint32_t old = engine->exchanges[l].voice;

  engine->levels[l].voices[old].kernel = NULL;
  engine->exchanges[l].voice           = 1U - old;
  engine->exchanges[l].active          = false;
}

/// What a voice answers at a level to the next frames, or null for silence
FAL_RT static const float*
answer(const FalEngine* const engine, const uint32_t l, const uint32_t v,
       const uint32_t output)
{
  const FalLevel* const  level  = &engine->levels[l];
  const FalKernel* const kernel = engine->kernels[v];
  const size_t           at     = (size_t)output * level->block;
  return !kernel || l >= kernel->n_levels ? NULL
         : !l                             ? engine->sums[v] + at
              : level->voices[v].heard + at + engine->position % level->block;
}

FAL_RT static void
add_level(const FalEngine* const engine, const uint32_t l,
          float* const* const out, const uint32_t from, const uint32_t n_frames)
{
  for (uint32_t o = 0U; o < engine->config.n_outputs; ++o) {
    const float* const y = answer(engine, l, engine->exchanges[l].voice, o);
    float* const       z = out[o] + from;
    for (uint32_t t = 0U; y && t < n_frames; ++t) {
      z[t] += y[t];
    }
  }
}

/// Add a level while one voice fades into the other
FAL_RT static void
add_fading_level(FalEngine* const engine, const uint32_t l,
                 float* const* const out, const uint32_t from,
                 const uint32_t n_frames)
{
  FalExchange* const exchange = &engine->exchanges[l];
  const float* const gains    = engine->gains;

  fal_fade_run(&exchange->fade, engine->gains, n_frames);
  for (uint32_t o = 0U; o < engine->config.n_outputs; ++o) {
    const float* const old  = answer(engine, l, exchange->voice, o);
    const float* const next = answer(engine, l, 1U - exchange->voice, o);
    float* const       z    = out[o] + from;
    for (uint32_t t = 0U; old && t < n_frames; ++t) {
      z[t] += (1.0f - gains[t]) * old[t];
    }
    for (uint32_t t = 0U; next && t < n_frames; ++t) {
      z[t] += gains[t] * next[t];
    }
  }

  if (!exchange->fade.n_left) {
    finish_level(engine, l);
    finish_exchange(engine);
  }
}

FAL_RT void
fal_engine_add_levels(FalEngine* const engine, float* const* const out,
                      const uint32_t from, const uint32_t n_frames)
{
  for (uint32_t o = 0U; o < engine->config.n_outputs; ++o) {
    memset(out[o] + from, 0, n_frames * sizeof(float));
  }
  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    const FalExchange* const exchange = &engine->exchanges[l];
    if (exchange->active && engine->position >= exchange->start) {
      add_fading_level(engine, l, out, from, n_frames);
    } else {
      add_level(engine, l, out, from, n_frames);
    }
  }
}

FAL_RT bool
fal_engine_is_settled(const FalEngine* const engine)
{
  return !is_exchanging(engine) && !engine->retired;
}

/**
   The frame from which a level's answer of a kernel that joins now is whole.

   It joins at the next window, whose result lacks an overlap; the result of the
   one after that is whole, and heard in the window that follows. (Where a
   window starts at this very frame, level 0 still joins it; the other levels
   began it at the end of the last call.) A level that
   the kernel does not have falls silent along with level 0.
*/
FAL_RT static uint64_t
whole_at(const FalEngine* const engine, const FalKernel* const next,
         const uint32_t l)
{
  const bool     has_level = next && l < next->n_levels;
  const uint64_t block     = engine->plan.blocks[has_level ? l : 0U];
  const uint64_t begun     = has_level && l ? block : block - 1U;
  return ((engine->position + begun) / block + 2U) * block;
}

/// Take the next kernel at once, in all levels
FAL_RT static void
jump(FalEngine* const engine)
{
  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    if (engine->exchanges[l].voice == engine->voice) {
      finish_level(engine, l);
    }
  }
  finish_exchange(engine);
}

FAL_RT bool
fal_engine_exchange(FalEngine* const engine, FalKernel* const next,
                    const uint32_t n_fade)
{
  if (!fal_engine_is_settled(engine)) {
    return false;
  }

  engine->kernels[1U - engine->voice] = next;
  if (!engine->position) {
    jump(engine);
    return true;
  }

  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    FalExchange* const exchange = &engine->exchanges[l];
    exchange->active            = true;
    exchange->start             = whole_at(engine, next, l);
    fal_fade_begin(&exchange->fade, n_fade);
  }
  return true;
}

FAL_RT FalKernel*
fal_engine_retired(FalEngine* const engine)
{
  FalKernel* const retired = engine->retired;
  engine->retired          = NULL;
  return retired;
}

FAL_RT void
fal_engine_reset(FalEngine* const engine)
{
  if (is_exchanging(engine)) {
    jump(engine);
  }
  engine->position = 0U;
  for (uint32_t l = 0U; l < engine->plan.n_levels; ++l) {
    fal_level_reset(&engine->levels[l]);
  }
}
