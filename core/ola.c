// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola.h"

#include "core/grid.h"
#include "core/ola_layout.h"
#include "core/sum_ops.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Terms added one by one: the rounding of a sum grows with their number
#define MOST_IN_A_SUM 128U

uint32_t
fal_ola_block(const FalOla* const ola)
{
  return ola->grid->size;
}

void
fal_ola_reset(FalOla* const ola)
{
  ola->n_seen   = 0U;
  ola->n_silent = 0U;
  memset(ola->overlaps, 0,
         ola->n_outputs * (size_t)ola->grid->size * sizeof(float));
}

static float*
history_of(const FalOla* const ola, const uint32_t input, const uint32_t group)
{
  const size_t n_groups = (size_t)input * ola->grid->n_groups + group;
  return ola->history + n_groups * ola->group_floats * ola->n_partitions;
}

static float*
matrix_of(const FalOla* const ola, const uint32_t channel)
{
  return ola->matrices + 2U * (size_t)channel * ola->grid->size;
}

/// Transform a group of every input into the newest slot of the history
static void
transform_group(const FalOla* const ola, const uint32_t group)
{
  const size_t slot_floats = (size_t)ola->n_partitions * FAL_ELEMENT;

  for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
    float* const bins =
      history_of(ola, i, group) + (size_t)ola->head * FAL_ELEMENT;
    if (ola->in) {
      fal_grid_forward_group(ola->grid, bins, slot_floats, matrix_of(ola, i),
                             group);
    } else {
      for (uint32_t b = 0U; b < ola->grid->n_columns; ++b) {
        memset(bins + b * slot_floats, 0, FAL_ELEMENT * sizeof(float));
      }
    }
  }
}

/// Sum the products of a sink's group, of partitions from `first` to `end`
static void
sum_partitions(const FalOla* const ola, const FalOlaSink* const sink,
               const FalTerm* const terms, const uint32_t group,
               const FalSums* const to, const uint32_t first,
               const uint32_t end)
{
  const FalRow       row = {.from     = 0U,
                            .to       = ola->grid->n_columns,
                            .capacity = ola->n_partitions,
                            .head     = (ola->head + first) % ola->n_partitions,
                            .n_valid  = end,
                            .first    = first};
  const float* const h   = sink->bins + group * ola->group_floats *
                                        sink->n_terms * sink->n_partitions *
                                        sink->n_outputs;

  (void)fal_sum_ops_get()->sum_row(to, &row, terms, sink->n_terms, h);
}

/// Sum a sink's group: many partitions in parts, which round less than a whole
static void
sum_group(const FalOla* const ola, const FalOlaWorker* const worker,
          const FalOlaSink* const sink, const uint32_t group,
          const FalSums* const to)
{
  const uint32_t end =
    ola->n_seen < sink->n_partitions ? ola->n_seen : sink->n_partitions;
  const FalSums parts = {sink->n_outputs,
                         false,
                         {worker->sums, worker->sums + ola->group_floats},
                         {NULL, NULL}};

  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    worker->terms[i].x            = history_of(ola, sink->inputs[i], group);
    worker->terms[i].n_partitions = sink->n_all;
  }

  uint32_t first = ola->n_silent < end ? ola->n_silent : end;
  uint32_t next  = end - first > MOST_IN_A_SUM ? first + MOST_IN_A_SUM : end;
  sum_partitions(ola, sink, worker->terms, group, to, first, next);
  while (next < end) {
    first = next;
    next  = end - first > MOST_IN_A_SUM ? first + MOST_IN_A_SUM : end;
    sum_partitions(ola, sink, worker->terms, group, &parts, first, next);
    for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
      for (size_t k = 0U; k < ola->group_floats; ++k) {
        to->y[o][k] += parts.y[o][k];
      }
    }
  }
}

/// A group of all channels: forward, products, back
static void
run_group(const FalOla* const ola, const FalOlaWorker* const worker,
          const uint32_t group)
{
  transform_group(ola, group);
  for (uint32_t i = 0U; i < ola->n_sinks; ++i) {
    // The matrices have given their group to the history: there is room
    const FalOlaSink* const sink = &ola->sinks[i];
    FalSums to = {sink->n_outputs, false, {NULL, NULL}, {NULL, NULL}};
    for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
      to.y[o] = matrix_of(ola, sink->outputs[o]) + group * ola->group_floats;
    }
    sum_group(ola, worker, sink, group, &to);
    for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
      fal_grid_inverse_group(ola->grid, matrix_of(ola, sink->outputs[o]),
                             group);
    }
  }
}

/// Run a unit of work; the units before its phase are done
static void
run_unit(const FalOla* const ola, const FalOlaWorker* const worker,
         const uint32_t unit)
{
  const FalGrid* const grid = ola->grid;

  if (unit < ola->ends[FAL_OLA_COLUMNS]) {
    const uint32_t i = unit / grid->n_chunks;
    if (ola->in) {
      fal_grid_forward_columns(grid, matrix_of(ola, i), ola->in[i],
                               unit % grid->n_chunks, worker->scratch);
    }
  } else if (unit < ola->ends[FAL_OLA_GROUPS]) {
    run_group(ola, worker, unit - ola->ends[FAL_OLA_COLUMNS]);
  } else {
    const uint32_t o = (unit - ola->ends[FAL_OLA_GROUPS]) / grid->n_chunks;
    fal_grid_inverse_columns(
      grid, ola->out[o], ola->overlaps + (size_t)o * grid->size,
      matrix_of(ola, o), (unit - ola->ends[FAL_OLA_GROUPS]) % grid->n_chunks,
      worker->scratch);
  }
}

static void
take_slot(FalOla* const ola, const bool is_silent)
{
  ola->head = (ola->head ? ola->head : ola->n_partitions) - 1U;
  ola->n_seen =
    ola->n_seen < ola->n_partitions ? ola->n_seen + 1U : ola->n_partitions;
  ola->n_silent = is_silent ? ola->n_silent + 1U : 0U;
}

/// Nothing but the overlap is left: give it, and be as new
static void
give_overlap(FalOla* const ola, float* const* const out)
{
  const size_t size = ola->grid->size;
  for (uint32_t o = 0U; o < ola->n_outputs; ++o) {
    memcpy(out[o], ola->overlaps + o * size, size * sizeof(float));
  }
  fal_ola_reset(ola);
}

void
fal_ola_start(FalOla* const ola, const float* const* const in,
              float* const* const out)
{
  take_slot(ola, !in);
  if (ola->n_silent >= ola->n_seen) {
    give_overlap(ola, out);
    return;
  }

  ola->in  = in;
  ola->out = out;
  atomic_store_explicit(&ola->n_done, 0U, memory_order_relaxed);
  atomic_store_explicit(&ola->next, 0U, memory_order_release);
}

void
fal_ola_help(FalOla* const ola, const uint32_t worker)
{
  const uint32_t n_units = ola->ends[FAL_OLA_N_PHASES - 1];

  uint64_t unit = 0U;
  while ((unit = atomic_fetch_add_explicit(&ola->next, 1U,
                                           memory_order_acq_rel)) < n_units) {
    const uint32_t n_before = unit < ola->ends[FAL_OLA_COLUMNS] ? 0U
                              : unit < ola->ends[FAL_OLA_GROUPS]
                                ? ola->ends[FAL_OLA_COLUMNS]
                                : ola->ends[FAL_OLA_GROUPS];
    while (atomic_load_explicit(&ola->n_done, memory_order_acquire) <
           n_before) {
      sched_yield(); // Others have begun what is missing: microseconds
    }
    run_unit(ola, &ola->workers[worker], (uint32_t)unit);
    atomic_fetch_add_explicit(&ola->n_done, 1U, memory_order_acq_rel);
  }
}

void
fal_ola_finish(FalOla* const ola)
{
  fal_ola_help(ola, 0U);
  while (atomic_load_explicit(&ola->n_done, memory_order_acquire) <
         ola->ends[FAL_OLA_N_PHASES - 1]) {
    sched_yield();
  }
}

void
fal_ola_process(FalOla* const ola, const float* const* const in,
                float* const* const out)
{
  fal_ola_start(ola, in, out);
  fal_ola_finish(ola);
}
