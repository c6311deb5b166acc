// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file pass.h A recording on its way through its response, once

#ifndef FAL_OFFLINE_PASS_H
#define FAL_OFFLINE_PASS_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/progress.h"
#include "offline/response.h"
#include "offline/settings.h"
#include "offline/shelf.h"
#include "offline/source.h"
#include "offline/stream.h"

#include <stdint.h>

/// All that a pass needs
typedef struct {
  FalSource*   source;   ///< Owned, at the first frame that is read
  FalResponse* response; ///< The shelf's
  FalStream    stream;   ///< From the source to whoever takes the result
} FalPass;

/**
   Open the recording, get its response ready, and lay out the way.

   @param pass Set on success; fal_pass_close() ends it.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_pass_open(FalPass*                 pass,
                                      const FalRenderSettings* settings,
                                      FalShelf*                shelf,
                                      const FalRenderTask*     task,
                                      FalError*                error);

/**
   Go all the way.

   @param consume,handle Take the result.
   @param progress Told how far it is; null is fine.
   @param n_read Set on success: frames of the recording.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_pass_run(FalPass* pass, FalConsume consume,
                                     void* handle, FalProgress* progress,
                                     uint64_t* n_read, FalError* error);

/// Close the recording; a zeroed pass is fine
void fal_pass_close(FalPass* pass);

#endif // FAL_OFFLINE_PASS_H
