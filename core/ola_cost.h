// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file ola_cost.h What an overlap-add convolution costs, by a measured model.

   bench/convolve measures the constants, and how well the model does with them.
   Processors differ, but the ratios that decide between methods and block
   sizes hardly do; and with the constants fixed, so are the decisions, and with
   them the bits of the results.
*/

#ifndef FAL_CORE_OLA_COST_H
#define FAL_CORE_OLA_COST_H

#include <stdint.h>

/// Blocks that are tried, as powers of 2
#define FAL_OLA_LEAST_LOG2 8U
#define FAL_OLA_MOST_LOG2 17U

/**
   Nanoseconds for fal_ola_new() and a stream with its tail.

   @param log2_block From #FAL_OLA_LEAST_LOG2 to #FAL_OLA_MOST_LOG2.
   @param n Frames of the stream.
   @param m Frames of the response.
*/
double fal_ola_cost_ns(uint32_t log2_block, double n, double m);

/// The block size, as a power of 2, for which fal_ola_cost_ns() is least
uint32_t fal_ola_best_log2(double n, double m);

#endif // FAL_CORE_OLA_COST_H
