// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_gaps.h What a curve of delay has not found, sought anew.

   A curve follows one line (core/delay_track.h). Where much is missing in one
   of the recordings, the delay jumps out of its reach, and the curve has a gap.
   But recordings go on in order: what lies between two parts of a that were
   found in b lies between them in b. So both are compared there by themselves.
*/

#ifndef FAL_CORE_DELAY_GAPS_H
#define FAL_CORE_DELAY_GAPS_H

#include "core/attributes.h"
#include "core/delay.h"
#include "core/delay_track.h"
#include "core/status.h"

/**
   Fill the gaps of a curve, of a second and more, with delays of any size.

   @param track Of the pair; points that are found now are changed.
   @param tracking As for fal_delay_track().
   @return #FAL_OK (also if nothing is found), #FAL_ERR_NO_MEM, or what reading
   returned.
*/
FAL_NODISCARD FalStatus fal_delay_fill_gaps(FalDelayTrack*      track,
                                            const FalDelayPair* pair,
                                            const FalTracking*  tracking);

#endif // FAL_CORE_DELAY_GAPS_H
