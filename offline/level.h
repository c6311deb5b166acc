// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file level.h The gain that brings a result to the level asked for

#ifndef FAL_OFFLINE_LEVEL_H
#define FAL_OFFLINE_LEVEL_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/settings.h"
#include "offline/shelf.h"

/**
   Convolve once, only to measure: so a second pass needs no copy of the result.

   @param gain Set on success; 1 if no level is asked for, or for silence, which
   is said.
   @return #FAL_OK, or the status that `error` explains: also for standard
   input, which has one pass only.
*/
FAL_NODISCARD FalStatus fal_level_find_gain(double*                  gain,
                                            const FalRenderSettings* settings,
                                            FalShelf*                shelf,
                                            const FalRenderTask*     task,
                                            FalError*                error);

#endif // FAL_OFFLINE_LEVEL_H
