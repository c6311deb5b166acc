// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "bench/peer_zita.h"

#include <zita-convolver.h>

#include <cstring>
#include <ctime>

struct PeerZita {
  Convproc conv;
  uint32_t n_inputs;
  uint32_t n_outputs;
  uint32_t block;
};

PeerZita*
peer_zita_new(const uint32_t n_inputs, const uint32_t n_outputs,
              const uint32_t n_frames, const uint32_t block)
{
  PeerZita* const zita = new PeerZita;
  zita->n_inputs       = n_inputs;
  zita->n_outputs      = n_outputs;
  zita->block          = block;
  zita->conv.set_options(Convproc::OPT_VECTOR_MODE);
  if (zita->conv.configure(n_inputs, n_outputs, n_frames, block, block,
                           Convproc::MAXPART, 0.0f)) {
    delete zita;
    return nullptr;
  }
  return zita;
}

void
peer_zita_add(PeerZita* const zita, const uint32_t input, const uint32_t output,
              float* const ir, const uint32_t n_frames)
{
  zita->conv.impdata_create(input, output, 1, ir, 0, (int32_t)n_frames);
}

void
peer_zita_start(PeerZita* const zita)
{
  zita->conv.start_process(0, SCHED_OTHER);
  const struct timespec wait = { 0, 50000000 };
  nanosleep(&wait, nullptr);
}

void
peer_zita_process(PeerZita* const zita, const float* const* const in,
                  float* const* const out)
{
  const size_t n_bytes = zita->block * sizeof(float);
  for (uint32_t i = 0U; i < zita->n_inputs; ++i) {
    memcpy(zita->conv.inpdata(i), in[i], n_bytes);
  }
  zita->conv.process(true);
  for (uint32_t o = 0U; o < zita->n_outputs; ++o) {
    memcpy(out[o], zita->conv.outdata(o), n_bytes);
  }
}

void
peer_zita_free(PeerZita* const zita)
{
  if (zita) {
    zita->conv.stop_process();
    const struct timespec wait = { 0, 5000000 };
    while (!zita->conv.check_stop()) {
      nanosleep(&wait, nullptr);
    }
    zita->conv.cleanup();
    delete zita;
  }
}
