// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_IR_FACTORY_RESPONSE_H
#define FAL_IR_FACTORY_RESPONSE_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/// A response in the making, at #FAL_FACTORY_RATE_HZ
typedef struct {
  double*  samples;    ///< [n_channels][n_frames]
  uint32_t n_channels; ///< 1, 2 (left, right) or 4 (LL LR RL RR)
  uint32_t n_frames;
} FalResponse;

/// Allocate silence; fal_response_clear() frees it
FAL_NODISCARD FalStatus fal_response_init(FalResponse* response,
                                          uint32_t     n_channels,
                                          uint32_t     n_frames);

/// Free the samples
void fal_response_clear(FalResponse* response);

/// Return one channel's samples
double* fal_response_channel(const FalResponse* response, uint32_t channel);

/// Take away what is below hearing: a Butterworth high-pass of second order
void fal_response_high_pass(FalResponse* response, double frequency_hz);

/// Fade out to zero over the last `n_frames` by a raised cosine
void fal_response_fade_out(FalResponse* response, uint32_t n_frames);

/// Turn it round in time
void fal_response_reverse(FalResponse* response);

/**
   Bring to the level at which pink noise keeps its loudness.

   Independent pink noise (20 Hz to 20 kHz) on each input comes out with the
   same K-weighted power, as a mean over the outputs.
   Each output is brought there by itself, so that left and right are in
   balance.
*/
FAL_NODISCARD FalStatus fal_response_normalise(FalResponse* response);

#endif // FAL_IR_FACTORY_RESPONSE_H
