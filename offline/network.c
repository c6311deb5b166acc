// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/network.h"

#include "core/clocks.h"
#include "core/delay.h"
#include "core/status.h"
#include "offline/json.h"
#include "offline/message.h"

#include <jansson.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/// How exact a delay is at best: what devices do, not what coherence foretells
#define LEAST_DEVIATION_S 20e-6

/// All files and what is known of them
typedef struct {
  const char* const* names; ///< [n]
  uint32_t           n;
  FalClock*          clocks; ///< [n]
  FalLink*           links;  ///< [n_links], of pairs that match
  FalDelay*          delays; ///< [n_links]
  size_t             n_links;
} Network;

/// What a match says at the middle of the common part
static FalLink
make_link(const FalDelay* const delay, const uint32_t a, const uint32_t b)
{
  const double middle_s  = (delay->start_s + delay->end_s) / 2.0;
  const double drift     = 1e-6 * delay->drift_ppm;
  const double deviation = hypot(LEAST_DEVIATION_S, delay->deviation_s);
  const double trust     = fmax(1e-3, delay->confidence) / deviation;
  return (FalLink){.a       = a,
                   .b       = b,
                   .time_s  = middle_s,
                   .seconds = delay->seconds + drift * middle_s,
                   .drift   = drift,
                   .weight  = trust * trust};
}

static FalStatus
compare_all(Network* const w, const FalComparison* const comparison,
            FalError* const error)
{
  for (uint32_t a = 0U; a < w->n; ++a) {
    for (uint32_t b = a + 1U; b < w->n; ++b) {
      FalCompared     compared = {.rate_hz = 0.0};
      const FalStatus st       = fal_comparison_run(&compared, comparison,
                                                    w->names[a], w->names[b], error);
      if (st) {
        return st;
      }
      if (!compared.delay.no_match) {
        w->links[w->n_links]    = make_link(&compared.delay, a, b);
        w->delays[w->n_links++] = compared.delay;
      }
      fal_compared_clear(&compared);
    }
  }
  return FAL_OK;
}

static void
print_text(const Network* const w)
{
  char name[1024];
  char other[1024];
  for (uint32_t i = 0U; i < w->n; ++i) {
    const FalClock* const c = &w->clocks[i];
    fal_escape(name, sizeof(name), w->names[i]);
    fal_escape(other, sizeof(other), w->names[c->group]);
    if (c->group == i) {
      printf("%s keeps the time%s\n", name,
             i ? ", since it matches none of those before" : "");
    } else {
      printf("%s is %s by %.6f ms against %s, drift %+.3f ppm\n", name,
             c->seconds < 0.0 ? "early" : "late", 1e3 * fabs(c->seconds), other,
             1e6 * c->drift);
    }
  }
  for (size_t l = 0U; l < w->n_links; ++l) {
    const FalLink* const link = &w->links[l];
    fal_escape(name, sizeof(name), w->names[link->a]);
    fal_escape(other, sizeof(other), w->names[link->b]);
    if (link->is_outlier) {
      printf("%s and %s contradict the others: by themselves, the second is "
             "%.6f ms %s\n",
             name, other, 1e3 * fabs(link->residual_s),
             link->residual_s < 0.0 ? "earlier" : "later");
    }
  }
}

static FalStatus
print_json(const Network* const w, FalError* const error)
{
  json_t* const files = json_array();
  json_t* const pairs = json_array();
  for (uint32_t i = 0U; i < w->n; ++i) {
    const FalClock* const c = &w->clocks[i];
    json_array_append_new(
      files,
      json_pack("{s:o, s:o, s:f, s:f}", "file", fal_json_text(w->names[i]),
                "against", fal_json_text(w->names[c->group]), "delay_seconds",
                c->seconds, "drift_ppm", 1e6 * c->drift));
  }
  for (size_t l = 0U; l < w->n_links; ++l) {
    const FalLink* const  link  = &w->links[l];
    const FalDelay* const delay = &w->delays[l];
    json_array_append_new(
      pairs, json_pack("{s:o, s:o, s:f, s:f, s:s, s:f, s:f, s:b}", "a",
                       fal_json_text(w->names[link->a]), "b",
                       fal_json_text(w->names[link->b]), "delay_seconds",
                       delay->seconds, "drift_ppm", delay->drift_ppm,
                       "polarity", delay->inverted ? "inverted" : "normal",
                       "confidence", delay->confidence, "residual_seconds",
                       link->residual_s, "outlier", (int)link->is_outlier));
  }
  return fal_json_print(json_pack("{s:o, s:o}", "files", files, "pairs", pairs),
                        error);
}

FalExit
fal_network_run(const FalComparison* const comparison,
                const char* const* const names, const uint32_t n_files,
                const bool json, FalError* const error)
{
  const size_t n       = n_files;
  const size_t n_pairs = n * (n - 1U) / 2U;
  Network      w       = {
               .names  = names,
               .n      = n_files,
               .clocks = (FalClock*)calloc(n, sizeof(FalClock)),
               .links  = (FalLink*)calloc(n_pairs, sizeof(FalLink)),
               .delays = (FalDelay*)calloc(n_pairs, sizeof(FalDelay)),
  };
  FalStatus st = FAL_ERR_NO_MEM;
  if (w.clocks && w.links && w.delays) {
    st = compare_all(&w, comparison, error);
  }
  if (!st) {
    st = fal_clocks_solve(w.clocks, w.n, w.links, w.n_links);
  }
  if (st && !error->text[0]) {
    fal_error_set(error, st, "all pairs: %s", fal_strerror(st));
  }
  if (!st && json) {
    st = print_json(&w, error);
  } else if (!st) {
    print_text(&w);
  }

  bool is_one = true;
  for (uint32_t i = 0U; !st && i < w.n; ++i) {
    is_one = is_one && !w.clocks[i].group;
  }
  free(w.delays);
  free(w.links);
  free(w.clocks);
  return st ? FAL_EXIT_FAILED : is_one ? FAL_EXIT_DONE : FAL_EXIT_NOTHING;
}
