// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file cost.h What a piece of work costs, in picoseconds of a typical core.

   Only the proportions matter: plans compare sums of these, and schedules
   spread them. Read off a time-stamp counter round each kind of unit, at the
   levels of a true stereo response of 10 s; elsewhere the proportions differ by
   less than the plans are sensitive to. Nothing is measured at run time, so
   that all runs are alike.
*/

#ifndef FAL_CORE_COST_H
#define FAL_CORE_COST_H

#include <stdint.h>

/// Multiply-accumulate of one bin for one route, over all levels of a plan
#define FAL_COST_MAC_BIN 200U

/// The same within a large level, its spectra beyond the caches
#define FAL_COST_MAC_FAR 330U

/// The same of the newest partition, which is read alone
#define FAL_COST_MAC_NEWEST 800U

/// A step of one point of columns: there or back, half of the arithmetic
#define FAL_COST_COLUMN 700U

/// The last step of one point, with overlap-add
#define FAL_COST_COLUMN_ADD 1300U

/// One point of a group, into the ring
#define FAL_COST_PUSH 900U

/// One point of a group, back in place
#define FAL_COST_BACK 600U

/// Starting a unit of work
#define FAL_COST_UNIT 60000U

#endif // FAL_CORE_COST_H
