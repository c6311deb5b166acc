// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/ola.h"

#include "core/fft.h"
#include "core/fft_slices.h"
#include "core/ola_layout.h"
#include "core/simd.h"

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

/// Transform a row of every input into the newest slot of the history
static void
transform_row(FalOla* const ola, const float* const* const in,
              const uint32_t row)
{
  const size_t slot_floats = (size_t)ola->n_partitions * FAL_BLOCK_FLOATS;

  for (uint32_t i = 0U; i < ola->n_inputs; ++i) {
    float* const bins =
      history_of(ola, i, row) + (size_t)ola->head * FAL_BLOCK_FLOATS;
    if (in) {
      fal_fft_forward_row(ola->fft, bins, slot_floats,
                          ola->matrices + 2U * (size_t)i * ola->fft->size,
                          in[i], row, ola->scratch);
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
               const uint32_t row, float* const y, const uint32_t first,
               const uint32_t end)
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
    (void)simd->accumulate_row(y, &shape, sink->terms, sink->n_terms, h);
  } else {
    (void)simd->accumulate_row2(y, y + ola->row_floats, &shape, sink->terms,
                                sink->n_terms, h);
  }
}

/// Sum a sink's row: many partitions in parts, which round less than a whole
static void
sum_row(FalOla* const ola, const FalOlaSink* const sink, const uint32_t row)
{
  const uint32_t end =
    ola->n_seen < sink->n_partitions ? ola->n_seen : sink->n_partitions;

  for (uint32_t i = 0U; i < sink->n_terms; ++i) {
    sink->terms[i].x            = history_of(ola, sink->inputs[i], row);
    sink->terms[i].n_partitions = sink->n_all;
  }

  uint32_t first = ola->n_silent < end ? ola->n_silent : end;
  uint32_t next  = end - first > MOST_IN_A_SUM ? first + MOST_IN_A_SUM : end;
  sum_partitions(ola, sink, row, ola->sums, first, next);
  while (next < end) {
    first = next;
    next  = end - first > MOST_IN_A_SUM ? first + MOST_IN_A_SUM : end;
    sum_partitions(ola, sink, row, ola->parts, first, next);
    for (size_t k = 0U; k < sink->n_outputs * ola->row_floats; ++k) {
      ola->sums[k] += ola->parts[k];
    }
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
finish(FalOla* const ola, float* const* const out)
{
  const size_t size = ola->fft->size;
  for (uint32_t o = 0U; o < ola->n_outputs; ++o) {
    memcpy(out[o], ola->overlaps + o * size, size * sizeof(float));
  }
  fal_ola_reset(ola);
}

void
fal_ola_process(FalOla* const ola, const float* const* const in,
                float* const* const out)
{
  const FalFft* const fft      = ola->fft;
  const size_t        size     = fft->size;
  const uint32_t      n_chunks = fal_fft_n_chunks(fft);

  take_slot(ola, !in);
  if (ola->n_silent >= ola->n_seen) {
    finish(ola, out);
    return;
  }

  for (uint32_t i = 0U; in && i < ola->n_inputs; ++i) {
    for (uint32_t c = 0U; c < n_chunks; ++c) {
      fal_fft_forward_columns(fft, ola->matrices + 2U * i * size, in[i], c,
                              ola->scratch);
    }
  }

  for (uint32_t r = 0U; r < fft->n_rows; ++r) {
    transform_row(ola, in, r);
    for (uint32_t i = 0U; i < ola->n_sinks; ++i) {
      const FalOlaSink* const sink = &ola->sinks[i];
      sum_row(ola, sink, r);
      for (uint32_t o = 0U; o < sink->n_outputs; ++o) {
        fal_fft_inverse_row(fft, ola->matrices + 2U * sink->outputs[o] * size,
                            ola->sums + o * ola->row_floats, r, ola->scratch);
      }
    }
  }

  for (uint32_t o = 0U; o < ola->n_outputs; ++o) {
    for (uint32_t c = 0U; c < (n_chunks ? n_chunks : 1U); ++c) {
      fal_fft_inverse_columns(fft, out[o], ola->overlaps + o * size,
                              ola->matrices + 2U * o * size, c, ola->scratch);
    }
  }
}
