// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Compiled once for each instruction set, with FAL_SUM_OPS (the table's symbol)
  and FAL_LANES (floats in a vector register) set by the build.

  What bounds these loops is the reading of spectra that no cache holds, or else
  two multiplications in each cycle, each of which takes four or five: so there
  are eight sums at a time, which fit into sixteen registers.
*/

#include "core/sum_ops.h"

#include "core/attributes.h"
#include "core/vector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static const Part nothing;

/// sum + x * h
FAL_RT static inline Part
add_product(const Part sum, const Part x, const Part h)
{
  Part s = {sum.re + x.re * h.re, sum.im + x.re * h.im};
  s.re -= x.im * h.im;
  s.im += x.im * h.re;
  return s;
}

/// Add x * h in two sums for each part, which do not wait for each other
typedef struct {
  Part a;
  Part b;
} Twofold;

FAL_RT static inline Twofold
add_product_twofold(Twofold sum, const Part x, const Part h)
{
  sum.a.re += x.re * h.re;
  sum.a.im += x.re * h.im;
  sum.b.re -= x.im * h.im;
  sum.b.im += x.im * h.re;
  return sum;
}

FAL_RT static inline Part
total(const Twofold sum)
{
  return (Part){sum.a.re + sum.b.re, sum.a.im + sum.b.im};
}

FAL_RT static inline void
sum_one(Twofold* const sums, const float* x, const float* h,
        const uint32_t n_partitions)
{
  for (uint32_t p = 0U; p < n_partitions; ++p, x += 32, h += 32) {
    for (int v = 0; v < V; ++v) {
      sums[v] = add_product_twofold(sums[v], get(x, v), get(h, v));
    }
  }
}

FAL_RT static inline void
sum_two(Part* const sums0, Part* const sums1, const float* x, const float* h,
        const uint32_t n_partitions)
{
  for (uint32_t p = 0U; p < n_partitions; ++p, x += 32, h += 64) {
    for (int v = 0; v < V; ++v) {
      const Part past = get(x, v);
      sums0[v]        = add_product(sums0[v], past, get(h, v));
      sums1[v]        = add_product(sums1[v], past, get(h + 32, v));
    }
  }
}

/// Write a sum, or add it to what stands there
FAL_RT static inline void
write_sum(float* const y, const int v, const Part sum, const bool adds)
{
  const Part before = adds ? get(y, v) : nothing;
  put(y, v, (Part){before.re + sum.re, before.im + sum.im});
}

FAL_RT static void
accumulate(float* const restrict y, const float* const restrict x,
           const float* const restrict h, const uint32_t n_partitions)
{
  Twofold sums[V] = {{nothing, nothing}};
  sum_one(sums, x, h, n_partitions);
  for (int v = 0; v < V; ++v) {
    write_sum(y, v, total(sums[v]), true);
  }
}

FAL_RT static inline uint32_t
least(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

/// Partitions of a block that are summed
FAL_RT static inline uint32_t
n_summed(const FalRow* const row, const uint32_t n_partitions)
{
  const uint32_t end = least(n_partitions, row->n_valid);
  return end > row->first ? end - row->first : 0U;
}

/// The ring of a block
FAL_RT static inline const float*
ring_of(const FalRow* const row, const FalTerm* const term, const uint32_t b)
{
  return term->x + 32U * (size_t)b * row->capacity;
}

FAL_RT static inline const float*
sum_block1(const FalSums* const to, const FalRow* const row,
           const FalTerm* const terms, const uint32_t n_terms, const float* h,
           const uint32_t b)
{
  Twofold sums[V] = {{nothing, nothing}};
  for (uint32_t i = 0U; i < n_terms; ++i) {
    // A ring is two runs of slots: from the head on, and from the start
    const float* const x     = ring_of(row, &terms[i], b);
    const float* const taps  = h + 32U * (size_t)row->first;
    const uint32_t     n_all = terms[i].n_partitions[b];
    const uint32_t     n     = n_summed(row, n_all);
    const uint32_t     n1    = least(n, row->capacity - row->head);

    sum_one(sums, x + 32U * (size_t)row->head, taps, n1);
    sum_one(sums, x, taps + 32U * (size_t)n1, n - n1);
    h += 32U * (size_t)n_all;
  }
  for (int v = 0; v < V; ++v) {
    write_sum(to->y[0] + 32U * (size_t)b, v, total(sums[v]), to->adds);
  }
  return h;
}

FAL_RT static inline const float*
sum_block2(const FalSums* const to, const FalRow* const row,
           const FalTerm* const terms, const uint32_t n_terms, const float* h,
           const uint32_t b)
{
  Part sums0[V] = {nothing};
  Part sums1[V] = {nothing};
  for (uint32_t i = 0U; i < n_terms; ++i) {
    const float* const x     = ring_of(row, &terms[i], b);
    const float* const taps  = h + 64U * (size_t)row->first;
    const uint32_t     n_all = terms[i].n_partitions[b];
    const uint32_t     n     = n_summed(row, n_all);
    const uint32_t     n1    = least(n, row->capacity - row->head);

    sum_two(sums0, sums1, x + 32U * (size_t)row->head, taps, n1);
    sum_two(sums0, sums1, x, taps + 64U * (size_t)n1, n - n1);
    h += 64U * (size_t)n_all;
  }
  for (int v = 0; v < V; ++v) {
    write_sum(to->y[0] + 32U * (size_t)b, v, sums0[v], to->adds);
    write_sum(to->y[1] + 32U * (size_t)b, v, sums1[v], to->adds);
  }
  return h;
}

FAL_RT static const float*
sum_row(const FalSums* const sums, const FalRow* const row,
        const FalTerm* const terms, const uint32_t n_terms, const float* h)
{
  for (uint32_t b = row->from; b < row->to; ++b) {
    h = sums->n_outputs == 1U ? sum_block1(sums, row, terms, n_terms, h, b)
                              : sum_block2(sums, row, terms, n_terms, h, b);
  }
  return h;
}

/// Some lanes of a block of one output: sums of this window and of the next
typedef struct {
  Twofold now;
  Twofold next;
  Part    younger; ///< The past that the next window's partition meets
} Ahead1;

FAL_RT static inline void
run_ahead1(Ahead1* const sums, const float* x, const float* h, const uint32_t n,
           const int v)
{
  for (uint32_t p = 0U; p < n; ++p, x += 32, h += 32) {
    const Part past = get(x, v);
    const Part tap  = get(h, v);
    sums->now       = add_product_twofold(sums->now, past, tap);
    sums->next      = add_product_twofold(sums->next, sums->younger, tap);
    sums->younger   = past;
  }
}

/// The same for two outputs
typedef struct {
  Part now[2];
  Part next[2];
  Part younger;
} Ahead2;

FAL_RT static inline void
run_ahead2(Ahead2* const sums, const float* x, const float* h, const uint32_t n,
           const int v)
{
  for (uint32_t p = 0U; p < n; ++p, x += 32, h += 64) {
    const Part past = get(x, v);
    const Part tap0 = get(h, v);
    sums->now[0]    = add_product(sums->now[0], past, tap0);
    sums->next[0]   = add_product(sums->next[0], sums->younger, tap0);
    const Part tap1 = get(h + 32, v);
    sums->now[1]    = add_product(sums->now[1], past, tap1);
    sums->next[1]   = add_product(sums->next[1], sums->younger, tap1);
    sums->younger   = past;
  }
}

/// Where a term's partitions meet its ring
typedef struct {
  const float* younger; ///< The slot before the head
  const float* run1;    ///< From the head on
  const float* run2;    ///< From the ring's start
  uint32_t     n1;
  uint32_t     n2;
  bool         has_more; ///< The next window meets one partition more
} Runs;

FAL_RT static inline Runs
runs_of(const FalRow* const row, const FalTerm* const term, const uint32_t b)
{
  const float* const x    = ring_of(row, term, b);
  const uint32_t     n    = least(term->n_partitions[b], row->n_valid);
  const uint32_t     n1   = least(n, row->capacity - row->head);
  const uint32_t     last = row->head ? row->head : row->capacity;
  return (Runs){.younger  = x + 32U * (size_t)(last - 1U),
                .run1     = x + 32U * (size_t)row->head,
                .run2     = x,
                .n1       = n1,
                .n2       = n - n1,
                .has_more = n < term->n_partitions[b]};
}

FAL_RT static inline const float*
ahead_block1(const FalSums* const to, const FalRow* const row,
             const FalTerm* const terms, const uint32_t n_terms,
             const float* const h, const uint32_t b)
{
  const size_t at   = 32U * (size_t)b;
  const float* taps = h;
  for (int v = 0; v < V; ++v) {
    Ahead1 sums = {{nothing, nothing}, {nothing, nothing}, nothing};
    taps        = h;
    for (uint32_t i = 0U; i < n_terms; ++i) {
      const Runs         runs = runs_of(row, &terms[i], b);
      const float* const mid  = taps + 32U * (size_t)runs.n1;
      const float* const end  = mid + 32U * (size_t)runs.n2;

      sums.younger = get(runs.younger, v);
      run_ahead1(&sums, runs.run1, taps, runs.n1, v);
      run_ahead1(&sums, runs.run2, mid, runs.n2, v);
      if (runs.has_more) {
        sums.next = add_product_twofold(sums.next, sums.younger, get(end, v));
      }
      taps += 32U * (size_t)terms[i].n_partitions[b];
    }
    write_sum(to->y[0] + at, v, total(sums.now), to->adds);
    put(to->next[0] + at, v, total(sums.next));
  }
  return taps;
}

FAL_RT static inline const float*
ahead_block2(const FalSums* const to, const FalRow* const row,
             const FalTerm* const terms, const uint32_t n_terms,
             const float* const h, const uint32_t b)
{
  const size_t at   = 32U * (size_t)b;
  const float* taps = h;
  for (int v = 0; v < V; ++v) {
    Ahead2 sums = {{nothing, nothing}, {nothing, nothing}, nothing};
    taps        = h;
    for (uint32_t i = 0U; i < n_terms; ++i) {
      const Runs         runs = runs_of(row, &terms[i], b);
      const float* const mid  = taps + 64U * (size_t)runs.n1;
      const float* const end  = mid + 64U * (size_t)runs.n2;

      sums.younger = get(runs.younger, v);
      run_ahead2(&sums, runs.run1, taps, runs.n1, v);
      run_ahead2(&sums, runs.run2, mid, runs.n2, v);
      if (runs.has_more) {
        sums.next[0] = add_product(sums.next[0], sums.younger, get(end, v));
        sums.next[1] =
          add_product(sums.next[1], sums.younger, get(end + 32, v));
      }
      taps += 64U * (size_t)terms[i].n_partitions[b];
    }
    for (int o = 0; o < 2; ++o) {
      write_sum(to->y[o] + at, v, sums.now[o], to->adds);
      put(to->next[o] + at, v, sums.next[o]);
    }
  }
  return taps;
}

FAL_RT static const float*
sum_ahead(const FalSums* const sums, const FalRow* const row,
          const FalTerm* const terms, const uint32_t n_terms, const float* h)
{
  for (uint32_t b = row->from; b < row->to; ++b) {
    h = sums->n_outputs == 1U ? ahead_block1(sums, row, terms, n_terms, h, b)
                              : ahead_block2(sums, row, terms, n_terms, h, b);
  }
  return h;
}

FAL_RT static void
sum_slot(const FalSums* const sums, const FalRow* const row,
         const FalTerm* const terms, const uint32_t n_terms, const float* h)
{
  for (uint32_t b = row->from; b < row->to; ++b) {
    const size_t at = 32U * (size_t)b;
    for (uint32_t o = 0U; o < sums->n_outputs; ++o) {
      for (int v = 0; v < V; ++v) {
        Part         sum  = nothing;
        const float* taps = h + 32U * (size_t)o;
        for (uint32_t i = 0U; i < n_terms; ++i) {
          const float* const slot =
            ring_of(row, &terms[i], b) + 32U * (size_t)row->head;
          sum = add_product(sum, get(slot, v), get(taps, v));
          taps += 32U * (size_t)sums->n_outputs;
        }
        write_sum(sums->y[o] + at, v, sum, sums->adds);
      }
    }
    h += 32U * (size_t)sums->n_outputs * n_terms;
  }
}

extern const FalSumOps FAL_SUM_OPS;

const FalSumOps FAL_SUM_OPS = {
  .accumulate = accumulate,
  .sum_row    = sum_row,
  .sum_ahead  = sum_ahead,
  .sum_slot   = sum_slot,
};
