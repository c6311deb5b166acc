// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/hits.h"

#include "core/status.h"
#include "offline/json.h"

#include <jansson.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>

static const char*
polarity(const FalFound* const found)
{
  return found->score < 0.0 ? "inverted" : "normal";
}

void
fal_hits_print_text(const FalHits* const hits)
{
  char escaped[4096];
  fal_escape(escaped, sizeof(escaped), hits->file);
  if (!hits->finds.n) {
    printf("%s: nothing is found (score above %.4f)\n", escaped,
           hits->finds.threshold);
  }
  for (size_t i = 0U; i < hits->finds.n; ++i) {
    const FalFound* const f = &hits->finds.at[i];
    printf("%s: at %.9f s (%.3f samples at %g kHz), score %.4f, polarity %s, "
           "channel %u\n",
           escaped, f->frame / hits->rate_hz, f->frame, hits->rate_hz / 1e3,
           fabs(f->score), polarity(f), f->channel + 1U);
  }
}

/// Print a field of a table, in quotes
static void
print_field(const char* const text)
{
  char escaped[4096];
  fal_escape(escaped, sizeof(escaped), text);
  putchar('"');
  for (const char* c = escaped; *c; ++c) {
    if (*c == '"') {
      putchar('"');
    }
    putchar(*c);
  }
  putchar('"');
}

void
fal_hits_print_csv(const FalHits* const hits)
{
  for (size_t i = 0U; i < hits->finds.n; ++i) {
    const FalFound* const f = &hits->finds.at[i];
    print_field(hits->file);
    printf(",%.9f,%.4f,%.6f,%s,%u\n", f->frame / hits->rate_hz, f->frame,
           fabs(f->score), polarity(f), f->channel + 1U);
  }
}

FalStatus
fal_hits_print_json(const FalHits* const hits, FalError* const error)
{
  const double  frames = 3600.0 * hits->rate_hz * hits->n_channels; // An hour
  json_t* const list   = json_array();
  for (size_t i = 0U; i < hits->finds.n; ++i) {
    const FalFound* const f = &hits->finds.at[i];
    json_t* const chance = f->rate > 0.0 ? json_real(f->rate * frames) : NULL;
    json_array_append_new(
      list, json_pack("{s:f, s:f, s:f, s:s, s:I, s:o*}", "seconds",
                      f->frame / hits->rate_hz, "samples", f->frame, "score",
                      fabs(f->score), "polarity", polarity(f), "channel",
                      (json_int_t)f->channel + 1, "false_alarms", chance));
  }
  json_t* const object =
    json_pack("{s:o, s:o, s:f, s:f, s:o}", "clip", fal_json_text(hits->clip),
              "file", fal_json_text(hits->file), "sample_rate", hits->rate_hz,
              "threshold", hits->finds.threshold, "hits", list);
  return fal_json_print(object, error);
}
