// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/compared.h"

#include "offline/json.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Scores beyond this are no chance
#define CLEAR_SCORE 20.0

void
fal_compared_clear(FalCompared* const compared)
{
  fal_delay_track_clear(&compared->track);
  fal_delay_steps_clear(&compared->pieces);
}

bool
fal_compared_moves(const FalCompared* const compared)
{
  // Of unrelated files, about one point in a hundred is found
  const FalDelayTrack* const track   = &compared->track;
  uint32_t                   n_found = 0U;
  for (uint32_t i = 0U; i < track->n_points; ++i) {
    n_found += track->points[i].found ? 1U : 0U;
  }
  return compared->delay.no_match && track->n_points > 0U &&
         n_found >= track->n_points / 3U + 1U;
}

const char*
fal_compared_reason(const FalCompared* const compared)
{
  const FalDelay* const delay = &compared->delay;
  return fal_compared_moves(compared)
           ? "the delay moves, and no single one fits"
         : delay->n_candidates == 0U
           ? (compared->bounded
                ? "no delay within the bounds fits, or one of them is silent"
                : "one of them is silent")
         : delay->candidates[0].score > CLEAR_SCORE
           ? "several delays fit about as well"
         : delay->confidence > 0.2
           ? "the best delay hardly stands out from chance"
           : "no delay stands out from chance";
}

static json_t*
list_pieces(const FalDelaySteps* const pieces)
{
  json_t* const list = json_array();
  for (uint32_t i = 0U; i < pieces->n; ++i) {
    const FalDelayStep* const p = &pieces->at[i];
    json_array_append_new(
      list, json_pack("{s:f, s:f, s:f, s:s}", "start_seconds", p->start_s,
                      "end_seconds", p->end_s, "delay_seconds", p->seconds,
                      "polarity", p->inverted ? "inverted" : "normal"));
  }
  return list;
}

json_t*
fal_compared_json(const char* const name_a, const char* const name_b,
                  const FalCompared* const compared)
{
  const FalDelay* const delay   = &compared->delay;
  const double          rate_hz = compared->rate_hz;
  json_t* const         object  = json_pack(
             "{s:o, s:o, s:f, s:f, s:f, s:f, s:s, s:f, s:b}", "a", fal_json_text(name_a),
             "b", fal_json_text(name_b), "delay_seconds", delay->seconds,
             "delay_samples", delay->seconds * rate_hz, "sample_rate", rate_hz,
             "drift_ppm", delay->drift_ppm, "polarity",
    delay->inverted ? "inverted" : "normal", "confidence", delay->confidence,
             "no_match", (int)delay->no_match);
  if (!object) {
    return NULL;
  }
  if (compared->pieces.n) {
    json_object_set_new(object, "pieces", list_pieces(&compared->pieces));
  }
  if (delay->no_match) {
    json_object_set_new(object, "reason",
                        json_string(fal_compared_reason(compared)));
    return object;
  }
  json_object_set_new(object, "deviation_seconds",
                      json_real(delay->deviation_s));
  json_object_set_new(object, "common_start_seconds",
                      json_real(delay->start_s));
  json_object_set_new(object, "common_end_seconds", json_real(delay->end_s));
  if (delay->change_s > 0.0) {
    json_object_set_new(object, "changes_at_seconds",
                        json_real(delay->change_s));
  }
  json_object_set_new(object, "channel_a",
                      json_integer((json_int_t)delay->channel_a + 1));
  json_object_set_new(object, "channel_b",
                      json_integer((json_int_t)delay->channel_b + 1));
  return object;
}
