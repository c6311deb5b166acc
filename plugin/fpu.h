// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file fpu.h Denormal numbers as zero: they are inaudible, and very slow

#ifndef FAL_PLUGIN_FPU_H
#define FAL_PLUGIN_FPU_H

#include "core/attributes.h"

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The thread's floating-point mode, to be restored
typedef uint64_t FalFpuMode;

/// Take denormal numbers as zero from here on (FTZ and DAZ)
FAL_RT static inline FalFpuMode
fal_fpu_flush_denormals(void)
{
#if defined(__SSE2__)
  const uint32_t mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040U);
  return mode;
#elif defined(__aarch64__)
  uint64_t mode = 0U;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ULL << 24U)));
  return mode;
#else
  return 0U;
#endif
}

/// Set the mode as it was
FAL_RT static inline void
fal_fpu_restore(const FalFpuMode mode)
{
#if defined(__SSE2__)
  _mm_setcsr((uint32_t)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

#endif // FAL_PLUGIN_FPU_H
