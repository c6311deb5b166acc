// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/response.h"

#include "core/ola.h"
#include "core/route.h"
#include "core/status.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "ir/loudness.h"
#include "ir/pair.h"
#include "offline/crew.h"
#include "offline/matrix.h"
#include "offline/matrix_file.h"
#include "offline/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// How many outputs a file's channels make of n inputs; 0 if there is no rule
static uint32_t
count_outputs(const uint32_t n_channels, const uint32_t n_inputs)
{
  return n_channels == 1U         ? n_inputs
         : n_inputs == 1U         ? (n_channels == 4U ? 2U : n_channels)
         : n_channels == n_inputs ? n_inputs
         : n_channels % n_inputs  ? 0U
                                  : n_channels / n_inputs;
}

/// Say what is not the plain case
static void
say(const FalIr* const ir, const uint32_t n_channels,
    const FalResponseRequest* const request, const uint32_t n_inputs,
    const uint32_t n_outputs)
{
  if (ir->file_rate_hz != (double)request->rate_hz) {
    fal_message_note("%s: resampled from %.0f to %u Hz", ir->path,
                     ir->file_rate_hz, request->rate_hz);
  }
  if (n_channels == 4U && n_outputs == 2U) {
    fal_message_note("%s: true stereo, channels taken as %s%s", ir->path,
                     request->order == FAL_ORDER_LL_LR_RL_RR ? "LL LR RL RR"
                                                             : "LL RL LR RR",
                     n_inputs == 1U ? "; mono stands in the middle" : "");
  } else if (n_channels != n_inputs && n_channels != 1U) {
    fal_message_note("%s: %u channels, taken as %u input%s to %u outputs",
                     ir->path, n_channels, n_inputs, n_inputs == 1U ? "" : "s",
                     n_outputs);
  }
}

/// Say that a file has a partner: what a command reads is what it names
static void
say_partner(const char* const path)
{
  char* left  = NULL;
  char* right = NULL;
  if (!fal_pair_find(&left, &right, path) && left) {
    fal_message_note("%s: taken alone; faltung ir pack joins it with %s", path,
                     strcmp(path, left) ? left : right);
  }
  free(left);
  free(right);
}

/// One file, between n inputs and as many outputs as it makes of them
static FalStatus
load_file(FalMatrix* const matrix, const FalResponseRequest* const request,
          const char* const path, const uint32_t n_inputs,
          FalError* const error)
{
  const FalIrRequest wanted = {
    .path    = path,
    .rate_hz = (double)request->rate_hz,
    .max_s   = FAL_RESPONSE_MAX_S,
  };
  FalIr     ir = {0};
  FalStatus st = fal_ir_load(&ir, &wanted, error);
  if (st) {
    return st;
  }
  const uint32_t  n_channels = ir.audio.n_channels; // Routing may mix them
  const uint32_t  n_outputs  = count_outputs(n_channels, n_inputs);
  const uint32_t  n_most     = n_inputs * n_outputs;
  FalMatrix       made       = {.n_inputs = n_inputs, .n_outputs = n_outputs};
  FalRoute* const routes     = (FalRoute*)calloc(n_most + 1U, sizeof(FalRoute));
  uint32_t        n_routes   = 0U;
  if (!n_outputs) {
    st = fal_error_set(error, FAL_ERR_BAD_ARG,
                       "%s: %u channels do not fit %u inputs", path, n_channels,
                       n_inputs);
  } else if (!routes) {
    st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  } else {
    st = fal_ir_route(&ir, request->order, n_inputs, n_outputs, routes, n_most,
                      &n_routes, error);
  }
  double gain = 1.0;
  if (!st && request->match_level) {
    double level = 0.0;
    if ((st = fal_loudness_of_routes(&level, routes, n_routes, n_outputs,
                                     ir.audio.rate_hz))) {
      fal_error_set(error, st, "%s: %s", path, fal_strerror(st));
    }
    gain = level > 0.0 ? 1.0 / level : 1.0;
  }
  for (uint32_t r = 0U; r < n_routes && !st; ++r) {
    if ((st = fal_matrix_add(&made, &routes[r], gain, 0U))) {
      fal_error_set(error, st, "%s: %s", path, fal_strerror(st));
    }
  }
  if (!st) {
    say(&ir, n_channels, request, n_inputs, n_outputs);
    say_partner(path);
    *matrix = made;
  } else {
    fal_matrix_clear(&made);
  }
  free(routes);
  fal_ir_clear(&ir);
  return st;
}

/// Sound, or the text of a matrix
static FalStatus
load_matrix(FalMatrix* const matrix, const FalResponseRequest* const request,
            const char* const path, const uint32_t n_inputs,
            FalError* const error)
{
  return request->is_matrix
           ? fal_matrix_read(matrix, path, request->rate_hz, n_inputs, error)
           : load_file(matrix, request, path, n_inputs, error);
}

/// All files, one behind the other
static FalStatus
load_chain(FalMatrix* const matrix, const FalResponseRequest* const request,
           FalError* const error)
{
  FalStatus st =
    load_matrix(matrix, request, request->paths[0], request->n_inputs, error);
  for (uint32_t p = 1U; p < request->n_paths && !st; ++p) {
    const char* const path = request->paths[p];
    FalMatrix         next = {0};
    FalMatrix         both = {0};
    st = load_matrix(&next, request, path, matrix->n_outputs, error);
    if (!st && (st = fal_matrix_chain(&both, matrix, &next))) {
      fal_error_set(error, st, "%s: %s", path, fal_strerror(st));
    }
    fal_matrix_clear(&next);
    if (!st) {
      fal_matrix_clear(matrix);
      *matrix = both;
    }
  }
  return st;
}

/// The responses with gain and delay, and the recording itself beside them
static FalStatus
mix(FalMatrix* const mixed, const FalMatrix* const wet,
    const FalResponseRequest* const request)
{
  mixed->n_inputs  = wet->n_inputs;
  mixed->n_outputs = wet->n_outputs;
  FalStatus st     = FAL_OK;
  for (uint32_t r = 0U; r < wet->n_routes && !st; ++r) {
    st =
      fal_matrix_add(mixed, &wet->routes[r], request->wet, request->n_predelay);
  }
  static const float one = 1.0F;
  for (uint32_t o = 0U; o < wet->n_outputs && request->dry != 0.0 && !st; ++o) {
    const FalRoute route = {o % wet->n_inputs, o, 1U, &one};
    st                   = fal_matrix_add(mixed, &route, request->dry, 0U);
  }
  return st;
}

FalStatus
fal_response_make(FalResponse* const              response,
                  const FalResponseRequest* const request,
                  FalError* const                 error)
{
  FalMatrix   wet  = {0};
  FalResponse made = {0};
  FalStatus   st   = load_chain(&wet, request, error);
  if (!st) {
    st             = mix(&made.matrix, &wet, request);
    made.n_longest = fal_matrix_longest(&made.matrix);
    made.n_onset   = fal_matrix_onset(&wet);
    if (st) {
      fal_error_set(error, st, "%s: %s", request->paths[0], fal_strerror(st));
      fal_response_clear(&made);
    }
  }
  fal_matrix_clear(&wet);
  if (!st) {
    *response = made;
  }
  return st;
}

FalStatus
fal_response_fit(FalResponse* const response, const uint64_t n_frames,
                 const FalPrecision precision, const uint32_t n_threads)
{
  const uint32_t block = fal_ola_fastest_block(n_frames, response->n_longest);
  if (response->crew && fal_crew_block(response->crew) == block) {
    fal_crew_reset(response->crew);
    return FAL_OK;
  }
  fal_crew_free(response->crew);
  response->crew = NULL;

  const FalOlaConfig config = {
    .n_inputs  = response->matrix.n_inputs,
    .n_outputs = response->matrix.n_outputs,
    .block     = block,
    .n_workers = n_threads,
  };
  return fal_crew_new(&response->crew, precision, &config,
                      response->matrix.routes, response->matrix.n_routes);
}

char*
fal_response_key(const FalResponseRequest* const request)
{
  char*  key    = NULL;
  size_t n_key  = 0U;
  FILE*  stream = open_memstream(&key, &n_key);
  if (!stream) {
    return NULL;
  }
  fprintf(stream, "%u %u %d %d %d %a %a %u", request->rate_hz,
          request->n_inputs, (int)request->order, (int)request->match_level,
          (int)request->is_matrix, request->wet, request->dry,
          request->n_predelay);
  for (uint32_t p = 0U; p < request->n_paths; ++p) {
    fprintf(stream, " %zu:%s", strlen(request->paths[p]), request->paths[p]);
  }
  const bool failed = ferror(stream);
  if (fclose(stream) || failed) {
    free(key);
    return NULL;
  }
  return key;
}

void
fal_response_clear(FalResponse* const response)
{
  fal_crew_free(response->crew);
  fal_matrix_clear(&response->matrix);
  memset(response, 0, sizeof(*response));
}
