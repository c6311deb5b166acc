// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file settings.h What a run of `convolve` is to do, and to which file

#ifndef FAL_OFFLINE_SETTINGS_H
#define FAL_OFFLINE_SETTINGS_H

#include "core/convolve.h"
#include "ir/ir.h"
#include "offline/crew.h"
#include "offline/meter.h"
#include "offline/pick.h"

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
  FalPick      pick;         ///< Channels of the recording
  FalMode      mode;
  FalOrder     order;
  double       gain;        ///< Of all
  double       wet;         ///< Of the response
  double       dry;         ///< Of the recording itself, 0 for none
  double       predelay_s;  ///< Silence before the response
  double       start_s;     ///< Of the input, from which on it is read
  double       duration_s;  ///< Of the input, as much as is read; 0: all
  double       tail_floor;  ///< Where the tail stays below it is cut; 0: never
  bool         is_matrix;   ///< Responses are texts for fal_matrix_read()
  bool         match_level; ///< Scale responses, see ir/loudness.h
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

#endif // FAL_OFFLINE_SETTINGS_H
