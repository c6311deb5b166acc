// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file peer_zita.h libzita-convolver, the peer that the engine is held
/// against

#ifndef FAL_BENCH_PEER_ZITA_H
#define FAL_BENCH_PEER_ZITA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct PeerZita PeerZita;

/// Configure, with OPT_VECTOR_MODE; responses come by peer_zita_add()
PeerZita* peer_zita_new(uint32_t n_inputs, uint32_t n_outputs,
                        uint32_t n_frames, uint32_t block);

void peer_zita_add(PeerZita* zita, uint32_t input, uint32_t output, float* ir,
                   uint32_t n_frames);

/// Start its threads, and wait until they run
void peer_zita_start(PeerZita* zita);

/// One block; waits for the helper threads, so that no level is skipped
void peer_zita_process(PeerZita* zita, const float* const* in,
                       float* const* out);

void peer_zita_free(PeerZita* zita);

#ifdef __cplusplus
}
#endif

#endif // FAL_BENCH_PEER_ZITA_H
