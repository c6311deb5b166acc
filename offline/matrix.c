// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/matrix.h"

#include "core/convolve.h"
#include "core/route.h"
#include "core/status.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Append a route that owns its samples; they are freed if there is no room
static FalStatus
append(FalMatrix* const matrix, const uint32_t input, const uint32_t output,
       const uint32_t n_frames, float* const samples)
{
  const size_t    n = matrix->n_routes + 1U;
  FalRoute* const routes =
    (FalRoute*)realloc(matrix->routes, n * sizeof(FalRoute));
  matrix->routes      = routes ? routes : matrix->routes;
  float** const owned = (float**)realloc(matrix->samples, n * sizeof(float*));
  matrix->samples     = owned ? owned : matrix->samples;
  if (!routes || !owned) {
    free(samples);
    return FAL_ERR_NO_MEM;
  }
  matrix->routes[n - 1U]  = (FalRoute){input, output, n_frames, samples};
  matrix->samples[n - 1U] = samples;
  matrix->n_routes        = (uint32_t)n;
  return FAL_OK;
}

FalStatus
fal_matrix_add(FalMatrix* const matrix, const FalRoute* const route,
               const double gain, const uint32_t n_lead)
{
  if (route->n_frames > UINT32_MAX - n_lead) {
    return FAL_ERR_TOO_LARGE;
  }
  const uint32_t n       = n_lead + route->n_frames;
  float* const   samples = (float*)calloc(n, sizeof(float));
  if (!samples) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t t = 0U; t < route->n_frames; ++t) {
    samples[n_lead + t] = (float)(gain * (double)route->ir[t]);
  }
  return append(matrix, route->input, route->output, n, samples);
}

FalStatus
fal_matrix_chain(FalMatrix* const chain, const FalMatrix* const a,
                 const FalMatrix* const b)
{
  FalMatrix made = {.n_inputs = a->n_inputs, .n_outputs = b->n_outputs};
  FalStatus st   = a->n_outputs == b->n_inputs ? FAL_OK : FAL_ERR_BAD_ARG;
  for (uint32_t i = 0U; i < a->n_routes && !st; ++i) {
    for (uint32_t o = 0U; o < b->n_routes && !st; ++o) {
      const FalRoute* const first  = &a->routes[i];
      const FalRoute* const second = &b->routes[o];
      if (first->output != second->input) {
        continue;
      }
      const size_t n = (size_t)first->n_frames + second->n_frames - 1U;
      float* const y =
        n <= UINT32_MAX ? (float*)malloc(n * sizeof(float)) : NULL;
      st = y ? fal_convolve(y, first->ir, first->n_frames, second->ir,
                            second->n_frames, FAL_FULL, FAL_METHOD_AUTO)
             : FAL_ERR_NO_MEM;
      if (st) {
        free(y);
      } else {
        st = append(&made, first->input, second->output, (uint32_t)n, y);
      }
    }
  }
  if (st) {
    fal_matrix_clear(&made);
    return st;
  }
  *chain = made;
  return FAL_OK;
}

uint32_t
fal_matrix_longest(const FalMatrix* const matrix)
{
  uint32_t longest = 0U;
  for (uint32_t r = 0U; r < matrix->n_routes; ++r) {
    const uint32_t n = matrix->routes[r].n_frames;
    longest          = n > longest ? n : longest;
  }
  return longest;
}

uint32_t
fal_matrix_onset(const FalMatrix* const matrix)
{
  uint32_t onset = 0U;
  float    peak  = 0.0F;
  for (uint32_t r = 0U; r < matrix->n_routes; ++r) {
    const FalRoute* const route = &matrix->routes[r];
    for (uint32_t t = 0U; t < route->n_frames; ++t) {
      if (fabsf(route->ir[t]) > peak) {
        peak  = fabsf(route->ir[t]);
        onset = t;
      }
    }
  }
  return onset;
}

void
fal_matrix_clear(FalMatrix* const matrix)
{
  for (uint32_t r = 0U; r < matrix->n_routes; ++r) {
    free(matrix->samples[r]);
  }
  free(matrix->samples);
  free(matrix->routes);
  memset(matrix, 0, sizeof(*matrix));
}
