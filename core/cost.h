// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file cost.h What a piece of work costs, in picoseconds of a typical core.

   Only the proportions matter: plans compare sums of these, and schedules
   spread them. Measured by bench/realtime (`--costs`) on one machine; elsewhere
   the proportions differ by less than the plans are sensitive to. Nothing is
   measured at run time, so that all runs are alike.
*/

#ifndef FAL_CORE_COST_H
#define FAL_CORE_COST_H

#include <stdint.h>

/// Multiply-accumulate of one bin for one route, its spectra beyond the caches
#define FAL_COST_MAC_BIN 250U

/// One point of one half of a sliced transform, columns or rows
#define FAL_COST_POINT 1300U

/// Starting a slice: calls and cold caches
#define FAL_COST_SLICE 40000U

#endif // FAL_CORE_COST_H
