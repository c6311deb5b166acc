// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/events.h"
#include "plugin/fpu.h"
#include "plugin/instance.h"

#include <math.h>
#include <string.h>

/// Samples beyond this (+120 dB) are faults of whoever made them
static const float absurd = 1.0e6f;

FAL_RT static float
value(const FalInstance* const self, const FalPort port)
{
  return fal_port_value(port, self->values[port]);
}

FAL_RT static void
report(const FalInstance* const self, const FalPort port, const float value)
{
  if (self->values[port]) {
    *self->values[port] = value;
  }
}

FAL_RT static FalMixTarget
mix_target(const FalInstance* const self)
{
  if (value(self, FAL_PORT_ENABLED) < 0.5f) {
    return (FalMixTarget){1.0f, 0.0f};
  }
  return (FalMixTarget){fal_mix_gain(value(self, FAL_PORT_DRY)),
                        fal_mix_gain(value(self, FAL_PORT_WET))};
}

/// Copy the input: it may be overwritten before it has been read for the last
/// time. What is not finite or absurd becomes silence.
FAL_RT static void
take_input(float* const dry, const float* const input, const uint32_t n_frames)
{
  if (!input) {
    memset(dry, 0, n_frames * sizeof(float));
    return;
  }
  for (uint32_t t = 0U; t < n_frames; ++t) {
    dry[t] = fabsf(input[t]) <= absurd ? input[t] : 0.0f;
  }
}

FAL_RT static void
process(FalInstance* const self, const uint32_t from, const uint32_t n_frames)
{
  const float*       in[FAL_MAX_CHANNELS]        = {self->dry[0], self->dry[1]};
  const float*       convolved[FAL_MAX_CHANNELS] = {self->wet[0], self->wet[1]};
  float*             out[FAL_MAX_CHANNELS]       = {NULL, NULL};
  const FalMixTarget target                      = mix_target(self);

  for (uint32_t i = 0U; i < self->n_inputs; ++i) {
    const float* const input = self->inputs[i];
    take_input(self->dry[i], input ? input + from : NULL, n_frames);
  }
  for (uint32_t o = 0U; o < self->n_outputs; ++o) {
    out[o] = self->outputs[o] ? self->outputs[o] + from : NULL;
  }

  fal_engine_process(self->engine, in, self->wet, n_frames);
  fal_mix_run(&self->mix, &target, in, convolved, out, n_frames);
}

/// Answer the host and tell it what has changed, as far as there is room
FAL_RT static void
notify(FalInstance* const self, const FalAsked* const asked)
{
  FalPlayer* const     player = &self->player;
  LV2_Atom_Forge_Frame frame;
  if (!fal_events_begin(&self->forge, &frame, self->notify)) {
    return;
  }

  const bool tells = asked->get || player->has_news;
  if (tells &&
      fal_events_tell_path(&self->forge, &self->uris, self->uris.ir,
                           player->path) &&
      fal_events_tell_path(&self->forge, &self->uris, self->uris.irRight,
                           player->right_path)) {
    if (player->has_news) {
      fal_events_tell_state_changed(&self->forge, &self->uris);
    }
    player->has_news = false;
  }
  lv2_atom_forge_pop(&self->forge, &frame);
}

FAL_RT void
fal_instance_run(const LV2_Handle handle, const uint32_t n_frames)
{
  FalInstance* const self = (FalInstance*)handle;
  const FalFpuMode   mode = fal_fpu_flush_denormals();

  const FalAsked asked =
    fal_events_read(self->control, &self->uris, &self->player.wish);
  if (asked.set && !fal_player_wish_for_file(&self->player)) {
    self->player.has_news = true; // That it is still the old one
  }
  fal_player_tend(&self->player);

  for (uint32_t t = 0U; t < n_frames;) {
    const uint32_t left = n_frames - t;
    const uint32_t n    = left < self->n_max ? left : self->n_max;
    process(self, t, n);
    t += n;
  }

  notify(self, &asked);
  report(self, FAL_PORT_LATENCY, 0.0f);
  report(self, FAL_PORT_STATUS, (float)fal_player_status(&self->player));
  fal_fpu_restore(mode);
}

void
fal_instance_activate(const LV2_Handle handle)
{
  FalInstance* const self   = (FalInstance*)handle;
  const FalMixTarget target = mix_target(self);

  fal_engine_reset(self->engine);
  fal_player_tend(&self->player);
  fal_mix_jump(&self->mix, &target);
}
