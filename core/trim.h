// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file trim.h A recording without the silence around it

#ifndef FAL_CORE_TRIM_H
#define FAL_CORE_TRIM_H

#include "core/attributes.h"
#include "core/recording.h"
#include "core/status.h"

/**
   Find the part of a recording that is not digital silence.

   A channel that has sound keeps the others. A recording that is silent
   throughout stays whole.

   @param trimmed Set to the part.
   @param part Set; to be kept while `trimmed` is used.
*/
FAL_NODISCARD FalStatus fal_trim(FalRecording* trimmed, FalRecordingPart* part,
                                 const FalRecording* recording);

#endif // FAL_CORE_TRIM_H
