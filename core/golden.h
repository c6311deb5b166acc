// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file golden.h The top of a curve, by the golden section (Kiefer 1953)

#ifndef FAL_CORE_GOLDEN_H
#define FAL_CORE_GOLDEN_H

/// A curve with one top between the limits of a search
typedef double (*FalCurve)(const void* handle, double x);

/**
   Find where a curve is highest.

   @param low,high Where it is looked for.
   @param tolerance How far the answer may be off, above 0.
*/
double fal_golden_top(FalCurve curve, const void* handle, double low,
                      double high, double tolerance);

#endif // FAL_CORE_GOLDEN_H
