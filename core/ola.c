// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola.h"

#include "core/fft.h"
#include "core/fft_slices.h"
#include "core/ola_layout.h"
#include "core/simd.h"

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
  return fal_fft_size(ola->fft);
}

void
fal_ola_reset(FalOla* const ola)
{
  ola->n_seen   = 0U;
  ola->n_silent = 0U;
  memset(ola->overlaps, 0,
         ola->n_outputs * (size_t)ola->fft->size * sizeof(float));
}

static float*
history_of(const FalOla* const ola, const uint32_t input, const uint32_t row)
{
  const size_t n_inputs_row = (size_t)input * ola->fft->n_rows + row;
  return ola->history + n_inputs_row * ola->row_floats * ola->n_partitions;
}

static float*
matrix_of(const FalOla* const ola, const uint32_t channel)
{
  return ola->matrices + 2U * (size_t)channel * ola->fft->size;
}

/// Transform a row of every input into the newest slot of the history
static void
transform_row(const FalOla* const ola, const FalOlaWorker* const worker,
              const uint32_t row)
{
  const size_t slot_floats = (size_t)ola->n_partitions * FAL_BLOCK_FLOATS;

  for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
    float* const bins =
      history_of(ola, i, row) + (size_t)ola->head * FAL_BLOCK_FLOATS;
    if (ola->in) {
      fal_fft_forward_row(ola->fft, bins, slot_floats, matrix_of(ola, i),
                          ola->in[i], row, worker->scratch);
    } else {
      for (size_t b = 0U; b < ola->row_floats / FAL_BLOCK_FLOATS; ++b) {
        memset(bins + b * slot_floats, 0, FAL_BLOCK_FLOATS * sizeof(float));
      }
    }
  }
}

/// Sum the products of a sink's row, of partitions from `first` to `end`
static void
sum_partitions(const FalOla* const ola, const FalOlaSink* const sink,
               const FalTerm* const terms, const uint32_t row, float* const y,
               const uint32_t first, const uint32_t end)
{
  const FalSimd* const simd   = ola->fft->simd;
  const uint32_t     n_blocks = (uint32_t)(ola->row_floats / FAL_BLOCK_FLOATS);
  const FalRow       shape    = {.n_blocks = n_blocks,
                                 .from     = 0U,
                                 .to       = n_blocks,
                                 .capacity = ola->n_partitions,
                                 .head = (ola->head + first) % ola->n_partitions,
                                 .n_valid = end,
                                 .first   = first};
  const float* const h = sink->bins + row * ola->row_floats * sink->n_terms *
                                        sink->n_partitions * sink->n_outputs;

  if (sink->n_outputs == 1U) {
    (void)simd->accumulate_row(y, &shape, terms, sink->n_terms, h);
  } else {
    (void)simd->accumulate_row2(y, y + ola->row_floats, &shape, terms,
                                sink->n_terms, h);
  }
}

/// Sum a sink's row: many partitions in parts, which round less than a whole
static void
sum_row(const FalOla* const ola, const FalOlaWorker* const worker,
        const FalOlaSink* const sink, const uint32_t row)
{
  const uint32_t end =
    ola->n_seen < sink->n_partitions ? ola->n_seen : sink->n_partitions;

  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    worker->terms[i].x            = history_of(ola, sink->inputs[i], row);
    worker->terms[i].n_partitions = sink->n_all;
  }

  uint32_t first = ola->n_silent < end ? ola->n_silent : end;
  uint32_t next  = end - first > MOST_IN_A_SUM ? first + MOST_IN_A_SUM : end;
  sum_partitions(ola, sink, worker->terms, row, worker->sums, first, next);
  while (next < end) {
    first = next;
    next  = end - first > MOST_IN_A_SUM ? first + MOST_IN_A_SUM : end;
    sum_partitions(ola, sink, worker->terms, row, worker->parts, first, next);
    for (size_t k = 0U; k < sink->n_outputs * ola->row_floats; ++k) {
      worker->sums[k] += worker->parts[k];
    }
  }
}

/// A row of all channels: forward, products, back
static void
run_row(const FalOla* const ola, const FalOlaWorker* const worker,
        const uint32_t row)
{
  transform_row(ola, worker, row);
  for (uint32_t i = 0U; i < ola->n_sinks; ++i) {
    const FalOlaSink* const sink = &ola->sinks[i];
    sum_row(ola, worker, sink, row);
    for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
      fal_fft_inverse_row(ola->fft, matrix_of(ola, sink->outputs[o]),
                          worker->sums + o * ola->row_floats, row,
                          worker->scratch);
    }
  }
}

/// Run a unit of work; the units before its phase are done
static void
run_unit(const FalOla* const ola, const FalOlaWorker* const worker,
         const uint32_t unit)
{
  const FalFft* const fft      = ola->fft;
  const uint32_t      n_chunks = fal_fft_n_chunks(fft);

  if (unit < ola->ends[FAL_OLA_COLUMNS]) {
    const uint32_t i = unit / n_chunks;
    if (ola->in) {
      fal_fft_forward_columns(fft, matrix_of(ola, i), ola->in[i],
                              unit % n_chunks, worker->scratch);
    }
  } else if (unit < ola->ends[FAL_OLA_ROWS]) {
    run_row(ola, worker, unit - ola->ends[FAL_OLA_COLUMNS]);
  } else {
    const uint32_t n = n_chunks ? n_chunks : 1U;
    const uint32_t o = (unit - ola->ends[FAL_OLA_ROWS]) / n;
    fal_fft_inverse_columns(
      fft, ola->out[o], ola->overlaps + (size_t)o * fft->size,
      matrix_of(ola, o), (unit - ola->ends[FAL_OLA_ROWS]) % n, worker->scratch);
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
  const size_t size = ola->fft->size;
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
                              : unit < ola->ends[FAL_OLA_ROWS]
                                ? ola->ends[FAL_OLA_COLUMNS]
                                : ola->ends[FAL_OLA_ROWS];
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
