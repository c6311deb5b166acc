// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file meter.h How loud a sound is, by one of several measures

#ifndef FAL_OFFLINE_METER_H
#define FAL_OFFLINE_METER_H

#include "core/attributes.h"
#include "core/status.h"
#include "offline/planes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What is measured
typedef enum {
  FAL_MEASURE_NONE,
  FAL_MEASURE_PEAK, ///< Largest sample, dBFS
  FAL_MEASURE_RMS,  ///< Over all channels and frames, dBFS of a square wave
  FAL_MEASURE_LUFS  ///< Integrated loudness after EBU R 128 (libebur128)
} FalMeasure;

/// A measurement under way
typedef struct FalMeter FalMeter;

/// Whether this program has been built with what a measure needs
bool fal_meter_has(FalMeasure measure);

/// Start to measure; #FAL_OK, #FAL_ERR_BAD_ARG or #FAL_ERR_NO_MEM
FAL_NODISCARD FalStatus fal_meter_new(FalMeter** meter, FalMeasure measure,
                                      uint32_t n_channels, uint32_t rate_hz);

/// Take frames; #FAL_OK or #FAL_ERR_NO_MEM
FAL_NODISCARD FalStatus fal_meter_add(FalMeter* meter, const FalPlanes* planes,
                                      size_t n_frames);

/// The level in dB; minus infinity if there is none
double fal_meter_db(const FalMeter* meter);

/// Free a meter; null is fine
void fal_meter_free(FalMeter* meter);

#endif // FAL_OFFLINE_METER_H
