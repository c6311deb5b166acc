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

FAL_RT FalForm
fal_instance_form(const FalInstance* const self)
{
  FalForm form;
  for (uint32_t f = 0U; f < FAL_N_FORM; ++f) {
    form.values[f] = value(self, (FalPort)(FAL_PORT_MATCH + f));
  }
  return form;
}

FAL_RT FalTargets
fal_instance_targets(const FalInstance* const self)
{
  const bool   is_on   = value(self, FAL_PORT_ENABLED) >= 0.5f;
  const float  low_hz  = value(self, FAL_PORT_LOW_CUT);
  const float  high_hz = value(self, FAL_PORT_HIGH_CUT);
  const float  rate_hz = self->rate_hz;
  const float  frames  = 0.001f * value(self, FAL_PORT_PREDELAY) * rate_hz;
  FalMixTarget mix     = {1.0f, 0.0f, 1.0f};
  if (is_on) {
    mix.dry = fal_mix_gain(value(self, FAL_PORT_DRY));
    mix.wet = fal_mix_gain(value(self, FAL_PORT_WET));
  }
  mix.width = 0.01f * value(self, FAL_PORT_WIDTH);

  return (FalTargets){
    .mix       = mix,
    .predelay  = (uint32_t)(frames + 0.5f),
    .cuts_low  = low_hz > fal_port_range(FAL_PORT_LOW_CUT)->min,
    .cuts_high = high_hz < fal_port_range(FAL_PORT_HIGH_CUT)->max,
    .low_warp  = fal_cut_warp(low_hz, rate_hz),
    .high_warp = fal_cut_warp(high_hz, rate_hz),
  };
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

/// Note the peak of a block; it falls by 20 dB a second
FAL_RT static void
measure(FalInstance* const self, float* const* const out,
        const uint32_t n_frames)
{
  float peak = self->peak * powf(0.1f, (float)n_frames / self->rate_hz);
  for (uint32_t o = 0U; o < self->n_outputs; ++o) {
    for (uint32_t t = 0U; out[o] && t < n_frames; ++t) {
      peak = fmaxf(peak, fabsf(out[o][t]));
    }
  }
  self->peak = peak;
}

FAL_RT static void
process(FalInstance* const self, const FalTargets* const targets,
        const uint32_t from, const uint32_t n_frames)
{
  const FalRampCurve* const curve  = &self->curve;
  const float* const        in[]   = {self->dry[0], self->dry[1]};
  const float* const        sent[] = {self->sent[0], self->sent[1]};
  float*                    out[]  = {NULL, NULL};

  for (uint32_t i = 0U; i < self->n_inputs; ++i) {
    const float* const input = self->inputs[i];
    take_input(self->dry[i], input ? input + from : NULL, n_frames);
    memcpy(self->sent[i], self->dry[i], n_frames * sizeof(float));
  }
  for (uint32_t o = 0U; o < self->n_outputs; ++o) {
    out[o] = self->outputs[o] ? self->outputs[o] + from : NULL;
  }

  fal_predelay_run(&self->predelay, curve, targets->predelay, self->sent,
                   self->n_inputs, n_frames);
  fal_engine_process(self->engine, sent, self->wet, n_frames);
  fal_cut_run(&self->low_cut, curve, targets->cuts_low, targets->low_warp,
              self->wet, self->n_outputs, n_frames, self->sent);
  fal_cut_run(&self->high_cut, curve, targets->cuts_high, targets->high_warp,
              self->wet, self->n_outputs, n_frames, self->sent);
  fal_mix_run(&self->mix, curve, &targets->mix, in, self->wet, out, n_frames);
  measure(self, out, n_frames);
}

FAL_RT static float
level_db(const float gain)
{
  return gain > 0.0f ? fmaxf(20.0f * log10f(gain), FAL_SILENCE_DB)
                     : FAL_SILENCE_DB;
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

  const FalUris* const uris  = &self->uris;
  const bool           tells = asked->get || player->has_news;
  const bool           told =
    tells && fal_events_tell_path(&self->forge, uris, uris->ir, player->path) &&
    (self->n_outputs == 1U ||
     fal_events_tell_path(&self->forge, uris, uris->irRight,
                          player->right_path));
  if (told) {
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

  const FalTargets targets = fal_instance_targets(self);
  const FalForm    form    = fal_instance_form(self);

  const FalAsked asked =
    fal_events_read(self->control, &self->uris, &self->player.wish);
  if (asked.set && !fal_player_wish_for_file(&self->player)) {
    self->player.has_news = true; // That it is still the old one
  }
  fal_player_follow_form(&self->player, &form, n_frames);
  fal_player_tend(&self->player);

  for (uint32_t t = 0U; t < n_frames;) {
    const uint32_t left = n_frames - t;
    const uint32_t n    = left < self->n_max ? left : self->n_max;
    process(self, &targets, t, n);
    t += n;
  }

  notify(self, &asked);
  report(self, FAL_PORT_LATENCY, 0.0f);
  report(self, FAL_PORT_STATUS, (float)fal_player_status(&self->player));
  report(self, FAL_PORT_GAIN, fal_player_gain_db(&self->player));
  report(self, FAL_PORT_PEAK, level_db(self->peak));
  fal_fpu_restore(mode);
}
