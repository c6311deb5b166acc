// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola_cost.h"

#include <math.h>
#include <stdint.h>

// As bench/convolve prints them: nanoseconds
static const double ola_call_ns    = 1500.0;
static const double ola_block_ns   = 150.0;
static const double ola_product_ns = 0.30;

/// A share of a transform and back, per frame, for blocks from the least on
static const double transform_ns[FAL_OLA_MOST_LOG2 - FAL_OLA_LEAST_LOG2 + 1U] =
  {
    2.6, 2.7, 2.8, 3.0, 3.2, 3.6, 4.0, 4.6, 5.2, 6.4,
};

double
fal_ola_cost_ns(const uint32_t log2_block, const double n, const double m)
{
  const double block        = ldexp(1.0, (int)log2_block);
  const double n_partitions = ceil(m / block);
  const double n_blocks     = ceil(n / block);
  const double transform =
    transform_ns[log2_block - FAL_OLA_LEAST_LOG2] * block;

  // Of the response's blocks and of the tail's, half: there or back only
  const double n_transforms = n_blocks + n_partitions - 0.5;
  const double n_products   = n_blocks * n_partitions;
  return ola_call_ns + (n_blocks + n_partitions) * ola_block_ns +
         n_transforms * transform + n_products * block * ola_product_ns;
}

uint32_t
fal_ola_best_log2(const double n, const double m)
{
  uint32_t best = FAL_OLA_LEAST_LOG2;
  for (uint32_t i = best + 1U; i <= FAL_OLA_MOST_LOG2; ++i) {
    if (fal_ola_cost_ns(i, n, m) < fal_ola_cost_ns(best, n, m)) {
      best = i;
    }
  }
  return best;
}
