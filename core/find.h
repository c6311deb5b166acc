// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file find.h Every occurrence of a clip in a recording of any length.

   Template matching in one dimension: places where the score of core/ncc.h,
   interpolated between frames, is above a threshold. The threshold is given, or
   follows from a rate of false alarms by core/chance.h, up to #FAL_FIND_ALIKE.
   Occurrences may differ in level and polarity, and be buried in other sound;
   they may not run at another speed, and those that are cut off by either end
   are not sought.
*/

#ifndef FAL_CORE_FIND_H
#define FAL_CORE_FIND_H

#include "core/attributes.h"
#include "core/chance.h"
#include "core/found.h"
#include "core/recording.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/// Score that always counts: nine tenths of the energy are the clip's, even
/// where a recording is full of its like, as of tones
#define FAL_FIND_ALIKE 0.95

/// What is sought, and where
typedef struct {
  const float* clip;         ///< [n_clip]
  uint32_t     n_clip;       ///< At least 16
  FalRecording recording;    ///< At the same rate
  uint32_t     channel;      ///< Of the recording
  double       threshold;    ///< Least |score|, or 0: after false_alarms
  double       false_alarms; ///< Hits by chance a frame, at the mean; above 0
  void (*progress)(void* handle, uint64_t n); ///< Frames are done; may be null
  void* handle;                               ///< First argument of `progress`
} FalFindRequest;

/// What was found; cleared by fal_finds_clear()
typedef struct {
  FalFound* at; ///< [n], in order of time, a clip's length or more apart
  size_t    n;
  double    threshold; ///< That was applied
  FalChance chance;    ///< What scores there are without a match
} FalFinds;

/**
   Find a clip.

   Memory depends on the clip and on how often it is found, not on the length of
   the recording. Where hits overlap, the best one counts.

   @param finds Set on success.
   @return #FAL_OK (also if nothing is found), #FAL_ERR_BAD_ARG,
   #FAL_ERR_BAD_DATA (the clip is silent), #FAL_ERR_NO_MEM, or what reading the
   recording returned.
*/
FAL_NODISCARD FalStatus fal_find(FalFinds*             finds,
                                 const FalFindRequest* request);

/**
   Measure what scores a clip gets in a recording without occurring there.

   Of long recordings, parts are read, twice: as much as 64 clips, or some
   minutes.

   @return As fal_find().
*/
FAL_NODISCARD FalStatus fal_find_chance(FalChance*            chance,
                                        const FalFindRequest* request);

/// Free the list; a zeroed struct is fine
void fal_finds_clear(FalFinds* finds);

#endif // FAL_CORE_FIND_H
