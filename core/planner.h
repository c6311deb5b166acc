// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file planner.h The lock that all planning of transforms is done under.

   FFTW's planner is shared by the whole process, other plugins' plans included.
   Two locks guard it: FFTW's own, which others may use as well, and this
   one. Never taken in the audio thread; executing plans needs no lock.
*/

#ifndef FAL_CORE_PLANNER_H
#define FAL_CORE_PLANNER_H

/// Wait for the planner, and make it thread-safe when first called
void fal_planner_lock(void);

/// Let others plan
void fal_planner_unlock(void);

#endif // FAL_CORE_PLANNER_H
