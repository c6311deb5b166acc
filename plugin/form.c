// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/form.h"

#include "ir/loudness.h"
#include "ir/reshape.h"
#include "ir/shape.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// A level is matched by at most as much
static const double most_gain_db = 60.0;

/// What is as loud as it should be already keeps its very samples
static const double least_gain_db = 0.05;

/// The end of a response that is cut: a tenth of it, but no longer
static const double most_fade_out_s = 0.1;

/// What is left at least, however late the start
static const double least_s = 0.001;

FalForm
fal_form_default(void)
{
  FalForm form = {{0.0f}};
  for (uint32_t f = 0U; f < FAL_N_FORM; ++f) {
    form.values[f] = fal_port_range((FalPort)(FAL_PORT_MATCH + f))->def;
  }
  return form;
}

static bool
is_on(const FalForm* const form, const FalPort port)
{
  return fal_form_value(form, port) >= 0.5f;
}

static FalStatus
copy_audio(FalAudio* const copy, const FalAudio* const audio)
{
  const size_t n = (size_t)audio->n_channels * audio->n_frames;

  *copy         = *audio;
  copy->samples = (float*)malloc(n * sizeof(float));
  if (!copy->samples) {
    return FAL_ERR_NO_MEM;
  }
  memcpy(copy->samples, audio->samples, n * sizeof(float));
  return FAL_OK;
}

static void
scale(FalAudio* const audio, const double gain)
{
  const size_t n = (size_t)audio->n_channels * audio->n_frames;
  for (size_t t = 0U; t < n; ++t) {
    audio->samples[t] = (float)(gain * (double)audio->samples[t]);
  }
}

/// Return a ratio that is given in percent
static double
ratio(const FalForm* const form, const FalPort port)
{
  return (double)fal_form_value(form, port) / 100.0;
}

/// Let it die away faster or slower
static FalStatus
change_decay(FalAudio* const audio, const FalForm* const form)
{
  const FalDecayRatios ratios = {ratio(form, FAL_PORT_DECAY),
                                 ratio(form, FAL_PORT_LOW_DECAY),
                                 ratio(form, FAL_PORT_HIGH_DECAY)};

  return ratios.all == 1.0 && ratios.low == 1.0 && ratios.high == 1.0
           ? FAL_OK
           : fal_reshape_decay(audio, &ratios);
}

/// Make it longer or shorter, as loud for noise as it was
static FalStatus
stretch(FalAudio* const audio, const double factor)
{
  const double rate_hz = audio->rate_hz;
  if (factor == 1.0) {
    return FAL_OK;
  }

  const FalStatus st = fal_audio_resample(audio, rate_hz * factor);
  if (!st) {
    audio->rate_hz = rate_hz;
    scale(audio, 1.0 / sqrt(factor));
  }
  return st;
}

static FalShape
shape_of(const FalForm* const form, const FalAudio* const audio)
{
  const bool   trims   = is_on(form, FAL_PORT_ONSET);
  const double onset_s = trims ? fal_shape_onset(audio) / audio->rate_hz : 0.0;
  const double whole_s = audio->n_frames / audio->rate_hz - onset_s;
  const double start_s =
    fmax(0.0, fmin(1e-3 * (double)fal_form_value(form, FAL_PORT_START),
                   whole_s - least_s));
  const double share    = ratio(form, FAL_PORT_LENGTH);
  const double length_s = fmax(least_s, share * (whole_s - start_s));
  const bool   is_cut   = share < 1.0;

  return (FalShape){
    .trim_onset = trims,
    .start_s    = start_s,
    .length_s   = is_cut ? length_s : 0.0,
    .reverse    = is_on(form, FAL_PORT_REVERSE),
    .fade_in_s  = 1e-3 * (double)fal_form_value(form, FAL_PORT_FADE_IN),
    .fade_out_s = is_cut ? fmin(0.1 * length_s, most_fade_out_s) : 0.0,
  };
}

/// Exchange left and right: of the room, not of the music
static void
mirror(FalFormed* const formed, const uint32_t n_inputs,
       const uint32_t n_outputs)
{
  for (uint32_t r = 0U; r < formed->n_routes; ++r) {
    FalRoute* const route = &formed->routes[r];
    route->input          = n_inputs - 1U - route->input;
    route->output         = n_outputs - 1U - route->output;
  }
}

static FalStatus
match_level(FalFormed* const formed, const uint32_t n_outputs)
{
  double          level = 0.0;
  const FalStatus st    = fal_loudness_of_routes(
       &level, formed->routes, formed->n_routes, n_outputs, formed->audio.rate_hz);
  if (st || level == 0.0) {
    return st;
  }

  const double gain_db =
    fmax(-most_gain_db, fmin(most_gain_db, -20.0 * log10(level)));
  if (fabs(gain_db) > least_gain_db) {
    scale(&formed->audio, pow(10.0, gain_db / 20.0));
    formed->gain_db = (float)gain_db;
  }
  return FAL_OK;
}

FalStatus
fal_form_apply(FalFormed* const formed, const FalForm* const form,
               const FalIr* const ir, const uint32_t n_inputs,
               const uint32_t n_outputs, FalError* const error)
{
  FalFormed      f = {.gain_db = 0.0f};
  const FalOrder order =
    is_on(form, FAL_PORT_ORDER) ? FAL_ORDER_LL_RL_LR_RR : FAL_ORDER_LL_LR_RL_RR;

  FalStatus st = copy_audio(&f.audio, &ir->audio);
  if (!st) {
    st = change_decay(&f.audio, form);
  }
  if (!st) {
    st = stretch(&f.audio, ratio(form, FAL_PORT_STRETCH));
  }
  if (!st) {
    const FalShape shape = shape_of(form, &f.audio);
    st                   = fal_shape_apply(&f.audio, &shape);
  }
  if (st) {
    fal_error_set(error, st, "%s: %s", ir->path, fal_strerror(st));
    goto done;
  }

  FalIr routed = *ir;
  routed.audio = f.audio;
  if ((st = fal_ir_route(&routed, order, n_inputs, n_outputs, f.routes,
                         FAL_MAX_ROUTES, &f.n_routes, error))) {
    goto done;
  }
  if (is_on(form, FAL_PORT_SWAP)) {
    mirror(&f, n_inputs, n_outputs);
  }
  if (is_on(form, FAL_PORT_MATCH) && (st = match_level(&f, n_outputs))) {
    fal_error_set(error, st, "%s: %s", ir->path, fal_strerror(st));
    goto done;
  }

  *formed         = f;
  f.audio.samples = NULL; // Now owned by `formed`

done:
  fal_audio_clear(&f.audio);
  return st;
}

void
fal_formed_clear(FalFormed* const formed)
{
  fal_audio_clear(&formed->audio);
}
