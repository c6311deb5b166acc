// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file render.h One recording through its response into one file

#ifndef FAL_OFFLINE_RENDER_H
#define FAL_OFFLINE_RENDER_H

#include "core/attributes.h"
#include "core/convolve.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/crew.h"
#include "offline/meter.h"
#include "offline/output.h"
#include "offline/response.h"

#include <stdbool.h>
#include <stdint.h>

/// What is the same for all files of a run
typedef struct {
  const char*  container; ///< Name of the output's format, or null
  const char*  subtype;   ///< Name of the output's subtype, or null
  bool         force;     ///< Replace existing files
  bool         no_dither;
  bool         strict;       ///< Refuse what is not finite
  bool         fail_on_clip; ///< Refuse to clip
  bool         align;        ///< The direct sound of the response at time zero
  bool         progress;     ///< Show it, where it can be seen
  FalMode      mode;
  FalOrder     order;
  double       gain;        ///< Of all
  double       wet;         ///< Of the response
  double       dry;         ///< Of the recording itself, 0 for none
  double       predelay_s;  ///< Silence before the response
  double       start_s;     ///< Of the input, from which on it is read
  double       duration_s;  ///< Of the input, as much as is read; 0: all
  bool         is_matrix;   ///< Responses are texts for fal_matrix_read()
  bool         match_level; ///< Scale responses: pink noise keeps its loudness
  FalMeasure   normalise;   ///< What is brought to `level_db`, in a second pass
  double       level_db;
  FalPrecision precision;
  uint32_t     n_threads;
} FalRenderSettings;

/// One file
typedef struct {
  const char*        input;  ///< Path, or "-"
  const char*        output; ///< Path, or "-"
  const char* const* irs;    ///< [n_irs] paths, one after the other
  uint32_t           n_irs;  ///< At least 1
  double             gain;   ///< On top of the settings'
} FalRenderTask;

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

/// The responses of the last files, kept for the next
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
