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
#include "plugin/predelay.h"
#include "plugin/ramp.h"
#include "plugin/tone.h"
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
  float    rate_hz;

  // What the host has connected; any may be null
  const LV2_Atom_Sequence* control;
  LV2_Atom_Sequence*       notify;
  float*                   values[FAL_N_PORTS]; ///< The controls
  const float*             inputs[FAL_MAX_CHANNELS];
  float*                   outputs[FAL_MAX_CHANNELS];

  FalUris        uris;
  LV2_Atom_Forge forge;
  LV2_Log_Logger logger;

  FalEngine*   engine;
  FalLoader    loader;
  FalPlayer    player;
  FalPredelay  predelay; ///< Of the input
  FalCut       low_cut;  ///< Of the convolved signal
  FalCut       high_cut;
  FalMix       mix;
  FalRampCurve curve; ///< On which all of them move
  float        peak;  ///< Of the output, falling

  void*    memory; ///< Holds the buffers
  uint32_t n_max;  ///< Frames of a buffer: longer blocks are split
  float*   dry[FAL_MAX_CHANNELS];  ///< The input
  float*   sent[FAL_MAX_CHANNELS]; ///< What goes to the engine
  float*   wet[FAL_MAX_CHANNELS];  ///< What comes from it
} FalInstance;

/// What the controls that act at once ask for
typedef struct {
  FalMixTarget mix;
  uint32_t     predelay; ///< Frames
  bool         cuts_low;
  bool         cuts_high;
  float        low_warp; ///< See fal_cut_warp()
  float        high_warp;
} FalTargets;

/// Return what the controls ask for
FAL_RT FalTargets fal_instance_targets(const FalInstance* self);

/// Return the form of the response that the controls ask for
FAL_RT FalForm fal_instance_form(const FalInstance* self);

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

/// Start from silence, with the response as the controls ask for it; not in the
/// audio thread
void fal_instance_activate(LV2_Handle handle);

/// Process a block of any length
FAL_RT void fal_instance_run(LV2_Handle handle, uint32_t n_frames);

/// Return an LV2_State_Interface
const void* fal_instance_state(void);

#endif // FAL_PLUGIN_INSTANCE_H
