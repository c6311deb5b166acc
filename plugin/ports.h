// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ports.h The ports of the plugins, as faltung.lv2/controls.ttl says

#ifndef FAL_PLUGIN_PORTS_H
#define FAL_PLUGIN_PORTS_H

#include "core/attributes.h"

#include <stdint.h>

/// All ports but the audio ports, which follow
typedef enum {
  FAL_PORT_CONTROL,
  FAL_PORT_NOTIFY,
  FAL_PORT_ENABLED,
  FAL_PORT_DRY,
  FAL_PORT_WET,
  FAL_PORT_WIDTH,
  FAL_PORT_PREDELAY,
  FAL_PORT_LOW_CUT,
  FAL_PORT_HIGH_CUT,
  FAL_PORT_MATCH, ///< The first that reshapes the response
  FAL_PORT_ONSET,
  FAL_PORT_START,
  FAL_PORT_LENGTH,
  FAL_PORT_FADE_IN,
  FAL_PORT_DECAY,
  FAL_PORT_LOW_DECAY,
  FAL_PORT_HIGH_DECAY,
  FAL_PORT_STRETCH,
  FAL_PORT_REVERSE,
  FAL_PORT_ORDER,
  FAL_PORT_SWAP, ///< The last that does
  FAL_PORT_FREEWHEEL,
  FAL_PORT_LATENCY,
  FAL_PORT_STATUS,
  FAL_PORT_GAIN,
  FAL_PORT_PEAK,
  FAL_N_PORTS
} FalPort;

/// Ports that reshape the response
#define FAL_N_FORM ((uint32_t)(FAL_PORT_SWAP - FAL_PORT_MATCH) + 1U)

/// The range of a control
typedef struct {
  float min;
  float max;
  float def;
} FalRange;

/// Level in dB that means silence
#define FAL_SILENCE_DB (-90.0f)

/// What the status port says
typedef enum {
  FAL_SOUND_NONE,    ///< No response has been chosen
  FAL_SOUND_LOADING, ///< The last wish is being fulfilled
  FAL_SOUND_LOADED,  ///< What was wished for sounds
  FAL_SOUND_MISSING, ///< The file is not there; the previous one sounds
  FAL_SOUND_FAILED   ///< The file is no good; the previous one sounds
} FalSoundStatus;

/// Return the port at an index, or #FAL_N_PORTS and more for the audio ports
FAL_RT uint32_t fal_port_at(uint32_t index, uint32_t n_outputs);

/// Return the range of a control port; all zero for the others
FAL_RT const FalRange* fal_port_range(FalPort port);

/**
   Return the value that a host has given to a control.

   @param value The port's buffer; null stands for the default, as do values
   that are not finite. Others are moved into the range.
*/
FAL_RT float fal_port_value(FalPort port, const float* value);

#endif // FAL_PLUGIN_PORTS_H
