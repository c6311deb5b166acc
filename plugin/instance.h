// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_PLUGIN_INSTANCE_H
#define FAL_PLUGIN_INSTANCE_H

#include "core/attributes.h"
#include "core/engine.h"
#include "plugin/loader.h"
#include "plugin/mix.h"
#include "plugin/player.h"
#include "plugin/ports.h"
#include "plugin/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/log/logger.h>

#include <stdint.h>

/// Most inputs or outputs of a plugin
#define FAL_MAX_CHANNELS 2U

/// An instance of one of the plugins
typedef struct {
  uint32_t n_inputs;
  uint32_t n_outputs;

  // What the host has connected; any may be null
  const LV2_Atom_Sequence* control;
  LV2_Atom_Sequence*       notify;
  float*                   values[FAL_N_PORTS]; ///< The controls
  const float*             inputs[FAL_MAX_CHANNELS];
  float*                   outputs[FAL_MAX_CHANNELS];

  FalUris        uris;
  LV2_Atom_Forge forge;
  LV2_Log_Logger logger;

  FalEngine* engine;
  FalLoader  loader;
  FalPlayer  player;
  FalMix     mix;

  void*    memory; ///< Holds the buffers
  uint32_t n_max;  ///< Frames of a buffer: longer blocks are split
  float*   dry[FAL_MAX_CHANNELS];
  float*   wet[FAL_MAX_CHANNELS];
} FalInstance;

/**
   Make an instance; the default response is loaded.

   @return Null if the host does not map URIDs, the rate is none at which
   responses can be had, or memory is out.
*/
FalInstance* fal_instance_new(uint32_t n_inputs, uint32_t n_outputs,
                              double rate_hz, const char* bundle_path,
                              const LV2_Feature* const* features);

/// Free an instance and all that it holds
void fal_instance_free(FalInstance* self);

/// Start from silence, with the present response; not in the audio thread
void fal_instance_activate(LV2_Handle handle);

/// Process a block of any length
FAL_RT void fal_instance_run(LV2_Handle handle, uint32_t n_frames);

/// Return an LV2_State_Interface
const void* fal_instance_state(void);

#endif // FAL_PLUGIN_INSTANCE_H
