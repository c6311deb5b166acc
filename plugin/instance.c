// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/instance.h"

#include "core/arena.h"
#include "plugin/form.h"

#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2_util.h>
#include <lv2/options/options.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Rates at which impulse responses can be had
static const double min_rate_hz = 1000.0;
static const double max_rate_hz = 1536000.0;

/// The engine keeps its input's history for as long, so that a response up to
/// this answers at once what was played before it came. With 2 s nothing would
/// click, and an instance would take 12 MiB instead of 18; but a hall that is
/// turned round or stretched would start with a hole of seconds.
static const double longest_s = 6.5;

/// From one response to the next
static const double fade_s = 0.05;

/// Between two wishes that a moving knob causes
static const double pause_s = 0.1;

/// Frames of a buffer if the host does not tell its blocks, and the most
static const uint32_t usual_block   = 1024U;
static const uint32_t largest_block = 8192U;

/// Return an option that is a positive number, or 0
static uint32_t
find_option(const FalInstance* const self, const LV2_Options_Option* const all,
            const LV2_URID key)
{
  for (const LV2_Options_Option* o = all; o && (o->key || o->value); ++o) {
    if (o->context == LV2_OPTIONS_INSTANCE && o->key == key && o->value &&
        o->type == self->uris.atom_Int && o->size == sizeof(int32_t)) {
      const int32_t number = *(const int32_t*)o->value;
      return number > 0 ? (uint32_t)number : 0U;
    }
  }
  return 0U;
}

/// Return the length of a typical block, or 0
static uint32_t
find_block(const FalInstance* const        self,
           const LV2_Feature* const* const features)
{
  const LV2_Options_Option* const all =
    (const LV2_Options_Option*)lv2_features_data(features,
                                                 LV2_OPTIONS__options);
  const uint32_t nominal =
    find_option(self, all, self->uris.bufsz_nominalBlockLength);
  return nominal ? nominal
                 : find_option(self, all, self->uris.bufsz_maxBlockLength);
}

static void
lay_out(FalInstance* const self, FalArena* const arena, float** const rise)
{
  const size_t n_ring = self->predelay.n_ring;

  *rise               = fal_arena_floats(arena, self->curve.n_frames);
  self->predelay.ring = fal_arena_floats(arena, self->n_inputs * n_ring);
  self->mix.dry_gains = fal_arena_floats(arena, self->n_max);
  self->mix.wet_gains = fal_arena_floats(arena, self->n_max);
  self->mix.widths    = fal_arena_floats(arena, self->n_max);
  for (uint32_t c = 0U; c < FAL_MAX_CHANNELS; ++c) {
    self->dry[c]  = fal_arena_floats(arena, self->n_max);
    self->sent[c] = fal_arena_floats(arena, self->n_max);
    self->wet[c]  = fal_arena_floats(arena, self->n_max);
  }
}

/// Return the length of a ring for the longest pre-delay and a block
static uint32_t
ring_frames(const double rate_hz, const uint32_t n_max)
{
  const double delay_s = 1e-3 * (double)fal_port_range(FAL_PORT_PREDELAY)->max;
  const uint32_t least = (uint32_t)(delay_s * rate_hz) + 1U + n_max;

  uint32_t n = 1U;
  while (n < least) {
    n *= 2U;
  }
  return n;
}

static FalStatus
init_buffers(FalInstance* const self, const double rate_hz)
{
  FalArena arena             = {NULL, 0U};
  float*   rise              = NULL;
  self->mix.n_inputs         = self->n_inputs;
  self->mix.n_outputs        = self->n_outputs;
  self->low_cut.is_high_pass = true;
  self->curve.n_frames       = fal_ramp_curve_frames(rate_hz);
  self->predelay.n_ring      = ring_frames(rate_hz, self->n_max);

  lay_out(self, &arena, &rise);
  const FalStatus st = fal_arena_allocate(&arena);
  if (st) {
    return st;
  }

  self->memory = arena.base;
  lay_out(self, &arena, &rise);
  fal_ramp_curve_fill(rise, self->curve.n_frames);
  self->curve.rise = rise;
  return FAL_OK;
}

static FalStatus
init_engine(FalInstance* const self, const double rate_hz, const uint32_t block)
{
  const FalEngineConfig config = {
    .n_inputs      = self->n_inputs,
    .n_outputs     = self->n_outputs,
    .nominal_block = block,
    .longest       = (uint32_t)(longest_s * rate_hz),
  };
  return fal_engine_new(&self->engine, &config);
}

static FalStatus
init_loader(FalInstance* const self, const double rate_hz)
{
  self->loader.engine    = self->engine;
  self->loader.n_inputs  = self->n_inputs;
  self->loader.n_outputs = self->n_outputs;
  self->loader.rate_hz   = rate_hz;
  self->loader.logger    = &self->logger;
  return fal_loader_init(&self->loader);
}

/// Load what sounds until another response is chosen
static void
load_default(FalInstance* const self, const char* const bundle_path)
{
  const size_t size    = strlen(bundle_path) + sizeof("/ir/" FAL_DEFAULT_IR);
  FalSession   session = {.path = (char*)malloc(size)};
  if (session.path) {
    const bool slash =
      *bundle_path && bundle_path[strlen(bundle_path) - 1U] == '/';
    snprintf(session.path, size, "%s%sir/" FAL_DEFAULT_IR, bundle_path,
             slash ? "" : "/");
    fal_loader_restore(&self->loader, &session);
  }
}

FalInstance*
fal_instance_new(const uint32_t n_inputs, const uint32_t n_outputs,
                 const double rate_hz, const char* const bundle_path,
                 const LV2_Feature* const* const features)
{
  if (!(rate_hz >= min_rate_hz && rate_hz <= max_rate_hz)) {
    return NULL;
  }
  LV2_URID_Map* map = (LV2_URID_Map*)lv2_features_data(features, LV2_URID__map);
  if (!map) {
    map = fal_uris_own_map();
  }

  FalInstance* const self = (FalInstance*)calloc(1U, sizeof(FalInstance));
  if (!self) {
    return NULL;
  }

  self->n_inputs  = n_inputs;
  self->n_outputs = n_outputs;
  self->rate_hz   = (float)rate_hz;
  fal_uris_map(&self->uris, map);
  lv2_atom_forge_init(&self->forge, map);
  lv2_log_logger_init(&self->logger, map,
                      (LV2_Log_Log*)lv2_features_data(features, LV2_LOG__log));

  const uint32_t block = find_block(self, features);
  self->n_max          = !block                  ? usual_block
                         : block < largest_block ? block
                                                 : largest_block;
  if (init_buffers(self, rate_hz) || init_engine(self, rate_hz, block) ||
      init_loader(self, rate_hz)) {
    fal_engine_free(self->engine);
    fal_arena_release(self->memory);
    free(self);
    return NULL;
  }

  self->player.engine    = self->engine;
  self->player.loader    = &self->loader;
  self->player.n_fade    = (uint32_t)(fade_s * rate_hz);
  self->player.n_pause   = (uint32_t)(pause_s * rate_hz);
  self->player.wish.form = fal_form_default();
  self->player.schedule  = (const LV2_Worker_Schedule*)lv2_features_data(
     features, LV2_WORKER__schedule);
  load_default(self, bundle_path);
  return self;
}

void
fal_instance_free(FalInstance* const self)
{
  fal_sound_free(self->player.current);
  fal_sound_free(self->player.next);
  fal_sound_free(self->player.leaving);
  fal_sound_free(self->player.spent);
  fal_loader_clear(&self->loader);
  fal_engine_free(self->engine);
  fal_arena_release(self->memory);
  free(self);
}

void
fal_instance_activate(const LV2_Handle handle)
{
  FalInstance* const self    = (FalInstance*)handle;
  FalPlayer* const   player  = &self->player;
  const FalTargets   targets = fal_instance_targets(self);
  const FalForm      form    = fal_instance_form(self);

  if (!fal_form_equals(&form, &player->wish.form)) {
    player->wish.form = form;
    ++player->wish.serial;
    fal_wishes_send(&self->loader.wishes, &player->wish);
    fal_loader_work(&self->loader);
  }

  fal_engine_reset(self->engine);
  fal_player_tend(player);
  fal_predelay_reset(&self->predelay, self->n_inputs, targets.predelay,
                     &self->curve);
  fal_cut_jump(&self->low_cut, targets.cuts_low, targets.low_warp);
  fal_cut_jump(&self->high_cut, targets.cuts_high, targets.high_warp);
  fal_mix_jump(&self->mix, &targets.mix);
  self->peak = 0.0f;
}
