// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/simd.h"

#include "core/delay_ops.h"
#include "core/dft_ops.h"
#include "core/grid_ops.h"
#include "core/sum_ops.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const FalSimd     fal_simd_base;
extern const FalSumOps   fal_sum_ops_base;
extern const FalGridOps  fal_grid_ops_base;
extern const FalDftOps   fal_dft_ops_base;
extern const FalDelayOps fal_delay_ops_base;
#if defined(__x86_64__)
extern const FalSimd     fal_simd_avx2;
extern const FalSimd     fal_simd_avx512;
extern const FalSumOps   fal_sum_ops_avx2;
extern const FalSumOps   fal_sum_ops_avx512;
extern const FalGridOps  fal_grid_ops_avx2;
extern const FalDftOps   fal_dft_ops_avx2;
extern const FalDelayOps fal_delay_ops_avx2;
extern const FalGridOps  fal_grid_ops_avx512;
extern const FalDftOps   fal_dft_ops_avx512;
extern const FalDelayOps fal_delay_ops_avx512;
#endif

/// The loops of one instruction set
typedef struct {
  const FalSimd*     simd;
  const FalSumOps*   sums;
  const FalGridOps*  grid;
  const FalDftOps*   dft;
  const FalDelayOps* delay;
} Variant;

/// All variants, plain ones first
static const Variant variants[] = {
  {&fal_simd_base, &fal_sum_ops_base, &fal_grid_ops_base, &fal_dft_ops_base,
   &fal_delay_ops_base},
#if defined(__x86_64__)
  {&fal_simd_avx2, &fal_sum_ops_avx2, &fal_grid_ops_avx2, &fal_dft_ops_avx2,
   &fal_delay_ops_avx2},
  {&fal_simd_avx512, &fal_sum_ops_avx512, &fal_grid_ops_avx512,
   &fal_dft_ops_avx512, &fal_delay_ops_avx512},
#endif
};

/// Variants that this processor can run
static uint32_t
n_variants(void)
{
#if defined(__x86_64__)
  const bool has_avx2 =
    __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                          __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512vl");
  return has_avx512 ? 3U : has_avx2 ? 2U : 1U;
#else
  return 1U;
#endif
}

const FalSimd*
fal_simd_variant(const uint32_t i)
{
  return i < n_variants() ? variants[i].simd : NULL;
}

const FalSimd*
fal_simd_get(void)
{
  return variants[n_variants() - 1U].simd;
}

const FalSumOps*
fal_sum_ops_variant(const uint32_t i)
{
  return i < n_variants() ? variants[i].sums : NULL;
}

const FalSumOps*
fal_sum_ops_get(void)
{
  return variants[n_variants() - 1U].sums;
}

const FalGridOps*
fal_grid_ops_variant(const uint32_t i)
{
  return i < n_variants() ? variants[i].grid : NULL;
}

const FalGridOps*
fal_grid_ops_get(void)
{
  return variants[n_variants() - 1U].grid;
}

const FalDftOps*
fal_dft_ops_variant(const uint32_t i)
{
  return i < n_variants() ? variants[i].dft : NULL;
}

const FalDftOps*
fal_dft_ops_get(void)
{
  return variants[n_variants() - 1U].dft;
}

const FalDelayOps*
fal_delay_ops_variant(const uint32_t i)
{
  return i < n_variants() ? variants[i].delay : NULL;
}

const FalDelayOps*
fal_delay_ops_get(void)
{
  return variants[n_variants() - 1U].delay;
}
