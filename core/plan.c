// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/plan.h"

#include "core/cost.h"

#include <assert.h>
#include <math.h>

uint32_t
fal_plan_block(const uint32_t nominal)
{
  // Calls that are no power of two do not keep to the grid of the blocks: with
  // small blocks, most of a call consists of whole ones all the same
  const uint32_t wish = !nominal                     ? 128U
                        : (nominal & (nominal - 1U)) ? nominal / 4U
                                                     : nominal;

  uint32_t block = wish < 64U && wish != nominal ? 64U : FAL_MIN_BLOCK;
  while (2U * block <= wish && block < FAL_MAX_BLOCK) {
    block *= 2U;
  }
  return block;
}

/// Cost of a level's transforms for each frame
static double
transform_cost(const uint32_t level, const uint32_t n_channels)
{
  // Half of the channels are inputs, and half are outputs, which add
  static const double groups = 0.5 * FAL_COST_PUSH + 0.5 * FAL_COST_BACK;
  static const double columns =
    1.5 * FAL_COST_COLUMN + 0.5 * FAL_COST_COLUMN_ADD;
  return n_channels * (level ? groups + columns : FAL_COST_PUSH);
}

/**
   Set from which length on each level pays.

   Partitions of level l instead of level l - 1 save multiplications for what
   lies beyond the level's offset, and cost the level's transforms.
*/
static void
set_lengths(FalPlan* const plan, const uint32_t n_inputs,
            const uint32_t n_outputs)
{
  const double mac       = (double)FAL_COST_MAC_BIN * n_inputs * n_outputs;
  const double transform = transform_cost(1U, n_inputs + n_outputs);

  plan->offsets[0] = 0U;
  plan->from[0]    = 0U;
  for (uint32_t l = 1U; l < plan->n_levels; ++l) {
    const double saved =
      mac * (1.0 / plan->blocks[l - 1U] - 1.0 / plan->blocks[l]);
    const uint32_t offset = 2U * plan->blocks[l];
    const uint32_t from   = offset + (uint32_t)lrint(transform / saved);

    plan->offsets[l] = offset;
    plan->from[l] = from > plan->from[l - 1U] ? from : plan->from[l - 1U] + 1U;
  }
}

static double
cost(const FalPlan* const plan, const uint32_t n_frames,
     const uint32_t n_inputs, const uint32_t n_outputs)
{
  double         sum      = 0.0;
  const uint32_t n_levels = fal_plan_n_levels(plan, n_frames);
  for (uint32_t l = 0U; l < n_levels; ++l) {
    sum += transform_cost(l, n_inputs + n_outputs);
    sum += (double)fal_plan_n_partitions(plan, l, n_frames) * FAL_COST_MAC_BIN *
           n_inputs * n_outputs;
  }
  return sum;
}

void
fal_plan_init(FalPlan* const plan, const uint32_t block, const uint32_t longest,
              const uint32_t n_inputs, const uint32_t n_outputs)
{
  assert(block >= FAL_MIN_BLOCK && block <= FAL_MAX_BLOCK);

  // Longer responses than expected may come: a room counts for a little, and
  // its levels are there to answer them
  static const uint32_t room  = 48000U;
  const uint32_t        reach = longest > room ? longest : room;

  uint32_t n_sizes = 0U;
  while ((block << (n_sizes + 1U)) <= FAL_MAX_PARTITION) {
    ++n_sizes;
  }

  // Bit s of a set stands for blocks of block * 2^(s + 1): try all sets
  double best = INFINITY;
  for (uint32_t set = 0U; set < (1U << n_sizes); ++set) {
    FalPlan ladder = {.n_levels = 1U, .blocks = {block}};
    for (uint32_t s = 0U; s < n_sizes; ++s) {
      if ((set & (1U << s)) && ladder.n_levels < FAL_MAX_LEVELS) {
        ladder.blocks[ladder.n_levels++] = block << (s + 1U);
      }
    }

    set_lengths(&ladder, n_inputs, n_outputs);
    const double sum = cost(&ladder, longest, n_inputs, n_outputs) +
                       cost(&ladder, reach, n_inputs, n_outputs) / 16.0;
    if (sum < best) {
      best  = sum;
      *plan = ladder;
    }
  }
  plan->n_levels = fal_plan_n_levels(plan, reach);
}

uint32_t
fal_plan_n_levels(const FalPlan* const plan, const uint32_t n_frames)
{
  uint32_t n = 1U;
  while (n < plan->n_levels && n_frames > plan->from[n]) {
    ++n;
  }
  return n;
}

/// Partitions of a level up to frame `end` of the response
static uint32_t
n_partitions_until(const FalPlan* const plan, const uint32_t level,
                   const uint32_t end)
{
  const uint32_t block  = plan->blocks[level];
  const uint32_t offset = plan->offsets[level];
  assert(block);
  return end > offset ? (end - offset - 1U) / block + 1U : 0U;
}

uint32_t
fal_plan_n_partitions(const FalPlan* const plan, const uint32_t level,
                      const uint32_t n_frames)
{
  const uint32_t n_levels = fal_plan_n_levels(plan, n_frames);
  return level >= n_levels ? 0U
         : level + 1U == n_levels
           ? n_partitions_until(plan, level, n_frames)
           : n_partitions_until(plan, level, plan->offsets[level + 1U]);
}

uint32_t
fal_plan_capacity(const FalPlan* const plan, const uint32_t level,
                  const uint32_t n_frames)
{
  // A level has the most partitions just before the next one is used
  const uint32_t n_longest =
    level + 1U < plan->n_levels && n_frames > plan->from[level + 1U]
      ? plan->from[level + 1U]
      : n_frames;
  return level && n_longest <= plan->from[level]
           ? 0U
           : n_partitions_until(plan, level, n_longest);
}
