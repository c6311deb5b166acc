// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ir.h Impulse responses: load, resample, shape, and route.

   The way of a file: read (audio.h) → resample → shape (shape.h) → routes.
*/

#ifndef FAL_IR_IR_H
#define FAL_IR_IR_H

#include "core/attributes.h"
#include "core/route.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "ir/shape.h"

#include <stdbool.h>
#include <stdint.h>

/// What the channels of a response with four channels mean
typedef enum {
  FAL_ORDER_LL_LR_RL_RR, ///< Input-major, the custom: left→left, left→right, …
  FAL_ORDER_LL_RL_LR_RR ///< Output-major
} FalOrder;

/// What to load, and how
typedef struct {
  const char* path;       ///< The file; of a pair, either of the two
  const char* right_path; ///< The right channel's file, or null
  bool        find_pair;  ///< Recognise x-L.wav and x-R.wav as a pair
  double      rate_hz;    ///< Rate to resample to, 0 to keep the file's
  double      max_s; ///< Longer responses are refused; 0 for the default 60
  FalShape    shape; ///< Zeroed: as it is
} FalIrRequest;

/// A loaded response
typedef struct {
  FalAudio audio;        ///< At the wanted rate, shaped
  int      file_format;  ///< As SF_INFO's: container | subtype | order of bytes
  double   file_rate_hz; ///< As it was in the file
  uint32_t file_frames;  ///< As it was in the file
  char*    path;         ///< Where it came from
  char*    right_path;   ///< The second file of a pair, or null
  uint64_t n_bytes;      ///< Size of the file (of both)
  uint64_t hash;         ///< Of the content (of both): FNV-1a, 64 bits
} FalIr;

/**
   Load an impulse response.

   A response that is resampled from rate f to rate g is scaled by f / g, so
   that a tone convolved with it comes out as loud at any rate.

   @param ir Set on success; fal_ir_clear() frees it.
   @return #FAL_OK, or the status that `error` explains; `ir` is untouched then.
*/
FAL_NODISCARD FalStatus fal_ir_load(FalIr* ir, const FalIrRequest* request,
                                    FalError* error);

/// Free all that a response holds; a cleared or zeroed struct is fine
void fal_ir_clear(FalIr* ir);

/**
   Lay a response's channels between inputs and outputs.

   | channels | n → m | routes |
   |---|---|---|
   | 1 | n → n | the same for each channel |
   | 1 | 1 → m | the same from the one to each |
   | c | 1 → m | channel o to output o; beyond c: channel o mod c |
   | c = n | n → n | channel i from input i to output i |
   | 4 | 2 → 2 | true stereo, in `order` |
   | n * m | n → m | input-major (LL LR … RL RR …), or output-major by `order` |

   Where several rows fit, the first does, but that four channels between two
   inputs and two outputs are true stereo.
   With 1 → 2 and four channels, the source stands in the middle: the response
   is mixed in place to two channels, (LL + RL) / 2 and (LR + RR) / 2.
   With 1 → 1, channel 0 of any response is taken.

   @param n_routes_max Room in `routes`; n_inputs * n_outputs is always enough.
   @param n_routes Set on success.
   @return #FAL_OK, or #FAL_ERR_BAD_ARG with a sentence if no row fits.
*/
FAL_NODISCARD FalStatus fal_ir_route(FalIr* ir, FalOrder order,
                                     uint32_t n_inputs, uint32_t n_outputs,
                                     FalRoute* routes, uint32_t n_routes_max,
                                     uint32_t* n_routes, FalError* error);

#endif // FAL_IR_IR_H
