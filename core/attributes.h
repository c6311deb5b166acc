// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_CORE_ATTRIBUTES_H
#define FAL_CORE_ATTRIBUTES_H

/**
   Marks what the audio thread may call.

   Such a function neither allocates, frees, locks, waits, plans, prints nor
   touches a file, and its work is bounded by its arguments.
*/
#define FAL_RT

/// Marks a function whose result must not be ignored
#define FAL_NODISCARD __attribute__((warn_unused_result))

/// Marks a printf-like function: the format and its first argument, from 1
#define FAL_PRINTF(text, first) __attribute__((format(printf, text, first)))

#endif // FAL_CORE_ATTRIBUTES_H
