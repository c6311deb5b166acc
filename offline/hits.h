// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file hits.h Where a clip was found in a file, for people and for programs

#ifndef FAL_OFFLINE_HITS_H
#define FAL_OFFLINE_HITS_H

#include "core/attributes.h"
#include "core/find.h"
#include "ir/error.h"

#include <stdint.h>

/// What was found in a file
typedef struct {
  const char* clip; ///< Its name
  const char* file; ///< Name of what was searched
  double      rate_hz;
  uint32_t    n_channels; ///< That were searched
  FalFinds    finds;
} FalHits;

/// Print a sentence a hit, or that there is none
void fal_hits_print_text(const FalHits* hits);

/// Print a line a hit: file, seconds, samples, score, polarity, channel
void fal_hits_print_csv(const FalHits* hits);

/// Print one object; #FAL_OK, or the status that `error` explains
FAL_NODISCARD FalStatus fal_hits_print_json(const FalHits* hits,
                                            FalError*      error);

#endif // FAL_OFFLINE_HITS_H
