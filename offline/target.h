// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file target.h Where a result goes: its gain, its end, its file

#ifndef FAL_OFFLINE_TARGET_H
#define FAL_OFFLINE_TARGET_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/output.h"
#include "offline/pass.h"
#include "offline/planes.h"
#include "offline/settings.h"
#include "offline/sink.h"
#include "offline/tail.h"

#include <stddef.h>

/// A file that is being made
typedef struct {
  FalSink* sink;
  FalTail* tail; ///< Null: all of the tail is kept
  double   gain; ///< On the way to the file
} FalTarget;

/**
   Open the output, in the recording's format or the one that was asked for.

   What the recording says of its time is corrected for where the output begins.

   @param target Set on success, and not moved after it; ended by
   fal_target_finish() or fal_target_discard().
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_target_open(FalTarget*               target,
                                        const FalRenderSettings* settings,
                                        const FalRenderTask*     task,
                                        const FalPass* pass, double gain,
                                        FalError* error);

/// Take frames of the result, a #FalConsume; `handle` is a FalTarget
FalStatus fal_target_take(void* handle, const FalPlanes* planes,
                          size_t n_frames, FalError* error);

/// Cut the tail, once all has been taken; the report counts the rest
FAL_NODISCARD FalStatus fal_target_end(FalTarget* target, FalSinkReport* report,
                                       FalError* error);

/// Finish the file for fal_output_commit() and its like, and free the rest
FAL_NODISCARD FalStatus fal_target_finish(FalTarget* target, FalOutput** output,
                                          FalError* error);

/// Leave nothing behind; after fal_target_finish() that is done already
void fal_target_discard(FalTarget* target);

#endif // FAL_OFFLINE_TARGET_H
