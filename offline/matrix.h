// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file matrix.h A list of routes that owns its responses

#ifndef FAL_OFFLINE_MATRIX_H
#define FAL_OFFLINE_MATRIX_H

#include "core/attributes.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

/// n inputs to m outputs
typedef struct {
  FalRoute* routes;  ///< [n_routes]
  float**   samples; ///< [n_routes], what each route's `ir` points to
  uint32_t  n_routes;
  uint32_t  n_inputs;
  uint32_t  n_outputs;
} FalMatrix;

/**
   Append a route with a copy of a response.

   @param n_lead Zeros before the response.
   @return #FAL_OK, #FAL_ERR_NO_MEM or #FAL_ERR_TOO_LARGE.
*/
FAL_NODISCARD FalStatus fal_matrix_add(FalMatrix* matrix, const FalRoute* route,
                                       double gain, uint32_t n_lead);

/**
   Connect b behind a: the result answers as the two, one after the other.

   @param chain Set on success.
   @param a Its outputs are b's inputs.
   @return #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_matrix_chain(FalMatrix* chain, const FalMatrix* a,
                                         const FalMatrix* b);

/// Frames of the longest response
uint32_t fal_matrix_longest(const FalMatrix* matrix);

/// Frames before the loudest sample of the response that has it
uint32_t fal_matrix_onset(const FalMatrix* matrix);

/// Free all; a cleared or zeroed struct is fine
void fal_matrix_clear(FalMatrix* matrix);

#endif // FAL_OFFLINE_MATRIX_H
