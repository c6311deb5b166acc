// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file quantise_ops.h The loops of quantise.c; see there

#ifndef FAL_OFFLINE_QUANTISE_OPS_H
#define FAL_OFFLINE_QUANTISE_OPS_H

#include <stddef.h>
#include <stdint.h>

/// The loops, for one instruction set; the results are the same for all
typedef struct {
  uint32_t (*quantise)(int32_t* q, const float* x, uint32_t n_frames,
                       float scale, float width, uint32_t key, uint32_t start);
  uint32_t (*quantise_32)(int32_t* q, const float* x, uint32_t n_frames);
  float (*peak)(const float* x, size_t n);
} FalQuantiseOps;

extern const FalQuantiseOps fal_quantise_base;
extern const FalQuantiseOps fal_quantise_avx2;

#endif // FAL_OFFLINE_QUANTISE_OPS_H
