// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file render.h One recording through its response into one file

#ifndef FAL_OFFLINE_RENDER_H
#define FAL_OFFLINE_RENDER_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/output.h"
#include "offline/settings.h"

#include <stdint.h>

/// What has become of it
typedef struct {
  uint32_t   rate_hz;
  uint32_t   n_channels;
  uint64_t   n_frames_in;
  uint64_t   n_frames_out;
  uint64_t   n_clipped;
  uint64_t   n_non_finite;
  double     peak;   ///< Before clipping, full scale 1.0
  FalOutput* output; ///< Finished, for fal_output_commit() and its like
} FalRenderReport;

/// The settings, and the responses of the last files
typedef struct FalRenderer FalRenderer;

/// Make a renderer; #FAL_OK or #FAL_ERR_NO_MEM
FAL_NODISCARD FalStatus fal_renderer_new(FalRenderer**            renderer,
                                         const FalRenderSettings* settings);

/// Free a renderer; null is fine
void fal_renderer_free(FalRenderer* renderer);

/**
   Render one file, up to its being published.

   What is worth a word (resampling, clipping, values that are not finite) is
   said on standard error.

   @param report Set on success; its `output` must be ended.
   @return #FAL_OK, or the status that `error` explains: nothing is left then.
*/
FAL_NODISCARD FalStatus fal_render(FalRenderer*         renderer,
                                   const FalRenderTask* task,
                                   FalRenderReport* report, FalError* error);

#endif // FAL_OFFLINE_RENDER_H
