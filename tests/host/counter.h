// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file counter.h How much this thread has computed, in instructions.

   Unlike time, it does not depend on what else the machine does.
*/

#ifndef FAL_TESTS_HOST_COUNTER_H
#define FAL_TESTS_HOST_COUNTER_H

#include <stdint.h>

/// Open a counter; -1 if this processor or kernel has none for us
int counter_open(void);

/// Instructions of this thread since then; 0 without a counter
uint64_t counter_read(int counter);

#endif // FAL_TESTS_HOST_COUNTER_H
