// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/exact.h"

#include "core/ola.h"
#include "core/ola_double.h"
#include "core/route.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct FalExact {
  FalOlaDouble* ola;
  double*       samples;  ///< [n_inputs + n_outputs][block]
  double**      channels; ///< Into `samples`
  uint32_t      n_inputs;
  uint32_t      n_outputs;
  uint32_t      block;
};

FalStatus
fal_exact_new(FalExact** const exact, const FalOlaConfig* const config,
              const FalRoute* const routes, const uint32_t n_routes)
{
  FalExact* const made = (FalExact*)calloc(1U, sizeof(FalExact));
  if (!made) {
    return FAL_ERR_NO_MEM;
  }
  const size_t n_channels = (size_t)config->n_inputs + config->n_outputs;
  made->n_inputs          = config->n_inputs;
  made->n_outputs         = config->n_outputs;
  FalStatus st = fal_ola_double_new(&made->ola, config, routes, n_routes);
  if (!st) {
    made->block    = fal_ola_double_block(made->ola);
    made->samples  = (double*)calloc(n_channels * made->block, sizeof(double));
    made->channels = (double**)calloc(n_channels, sizeof(double*));
    st             = made->samples && made->channels ? FAL_OK : FAL_ERR_NO_MEM;
  }
  for (size_t c = 0U; c < n_channels && !st; ++c) {
    made->channels[c] = made->samples + c * made->block;
  }
  if (st) {
    fal_exact_free(made);
    return st;
  }
  *exact = made;
  return FAL_OK;
}

void
fal_exact_free(FalExact* const exact)
{
  if (exact) {
    fal_ola_double_free(exact->ola);
    free(exact->channels);
    free(exact->samples);
    free(exact);
  }
}

uint32_t
fal_exact_block(const FalExact* const exact)
{
  return exact->block;
}

void
fal_exact_process(FalExact* const exact, const float* const* const in,
                  float* const* const out)
{
  double* const* const x = exact->channels;
  double* const* const y = exact->channels + exact->n_inputs;
  for (uint32_t i = 0U; in && i < exact->n_inputs; ++i) {
    for (uint32_t t = 0U; t < exact->block; ++t) {
      x[i][t] = (double)in[i][t];
    }
  }
  fal_ola_double_process(exact->ola, in ? (const double* const*)x : NULL, y);
  for (uint32_t o = 0U; o < exact->n_outputs; ++o) {
    for (uint32_t t = 0U; t < exact->block; ++t) {
      out[o][t] = (float)y[o][t];
    }
  }
}

void
fal_exact_reset(FalExact* const exact)
{
  fal_ola_double_reset(exact->ola);
}
