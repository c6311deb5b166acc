// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file schedule.h A level's units of work, spread over the slots of a window.

   Pure arithmetic on costs, without a clock: in each slot, units run while less
   has been done than the share of the window that has passed, so that no slot
   exceeds the mean by more than the dearest unit.
*/

#ifndef FAL_CORE_SCHEDULE_H
#define FAL_CORE_SCHEDULE_H

#include "core/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/// How far the work of a window has come
typedef struct {
  uint64_t total;   ///< Cost of all units
  uint64_t done;    ///< Cost of those that have run
  uint32_t n_slots; ///< Slots in the window
  uint32_t slot;    ///< The present slot, from 0
} FalSchedule;

/// Start a window
FAL_RT static inline void
fal_schedule_begin(FalSchedule* const schedule, const uint64_t total,
                   const uint32_t n_slots)
{
  *schedule = (FalSchedule){total, 0U, n_slots, 0U};
}

/// Return whether a unit of this cost shall run in the present slot
FAL_RT static inline bool
fal_schedule_wants(const FalSchedule* const schedule, const uint32_t cost)
{
  // The share that is due at the slot's end; a unit counts for its nearer side
  const uint64_t due = schedule->total * (schedule->slot + 1U);
  return schedule->slot + 1U >= schedule->n_slots ||
         (schedule->done + cost / 2U) * schedule->n_slots <= due;
}

/// Note that a unit has run
FAL_RT static inline void
fal_schedule_spend(FalSchedule* const schedule, const uint32_t cost)
{
  schedule->done += cost;
}

/// Go to the next slot
FAL_RT static inline void
fal_schedule_advance(FalSchedule* const schedule)
{
  ++schedule->slot;
}

#endif // FAL_CORE_SCHEDULE_H
