// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/simd.h"

#include <stddef.h>

extern const FalSimd fal_simd_base;

#if defined(__x86_64__)

extern const FalSimd fal_simd_avx2;
extern const FalSimd fal_simd_avx512;

const FalSimd*
fal_simd_variant(const uint32_t i)
{
  const int has_avx2 =
    __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const int has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                         __builtin_cpu_supports("avx512dq") &&
                         __builtin_cpu_supports("avx512vl");

  return i == 0U                 ? &fal_simd_base
         : i == 1U && has_avx2   ? &fal_simd_avx2
         : i == 2U && has_avx512 ? &fal_simd_avx512
                                 : NULL;
}

#else

const FalSimd*
fal_simd_variant(const uint32_t i)
{
  return i ? NULL : &fal_simd_base;
}

#endif

const FalSimd*
fal_simd_get(void)
{
  const FalSimd* best = &fal_simd_base;
  for (uint32_t i = 1U; fal_simd_variant(i); ++i) {
    best = fal_simd_variant(i);
  }
  return best;
}
