// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file part.h Which part of a recording is read, and of the result written

#ifndef FAL_OFFLINE_PART_H
#define FAL_OFFLINE_PART_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/response.h"
#include "offline/settings.h"
#include "offline/source.h"
#include "offline/stream.h"

#include <stdint.h>

/// Pass over the frames before the start that was asked for
FAL_NODISCARD FalStatus fal_part_skip_to_start(
  FalSource* source, const FalRenderSettings* settings, FalError* error);

/// How many frames are read; the most that may be if that is not known
uint64_t fal_part_count_input(const FalRenderSettings* settings,
                              const FalSource*         source);

/**
   Lay the wanted part over the full result.

   @param stream `n_tail`, `first` and `n_out` are set after its `n_in`.
   @return #FAL_OK, or the status that `error` explains: a length that is not
   known, or no sound.
*/
FAL_NODISCARD FalStatus fal_part_choose(FalStream*               stream,
                                        const FalRenderSettings* settings,
                                        const FalResponse*       response,
                                        const char* name, FalError* error);

#endif // FAL_OFFLINE_PART_H
