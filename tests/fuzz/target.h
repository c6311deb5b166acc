// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file target.h What is fuzzed: the loader, from bytes to samples

#ifndef FAL_TESTS_FUZZ_TARGET_H
#define FAL_TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/**
   Load a file of these bytes, as an impulse response and as an input of the
   tool; aborts if the result breaks a promise.

   @return 0, as libFuzzer wants it.
*/
int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t n);

#endif // FAL_TESTS_FUZZ_TARGET_H
