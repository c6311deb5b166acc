// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file delay_pieces.c Peaks of pieces of a in all of b, in constant memory.

   Every block of b is transformed once, and compared with all pieces. Where a
   piece is heard in b gives a point (time, lag); fal_delay_vote() finds the
   lines that most points lie on.
*/

#include "core/arena.h"
#include "core/delay_ops.h"
#include "core/delay_parts.h"
#include "core/real_fft.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/// Pieces that are tried first; if they do not agree, twice as many follow
#define FIRST_PIECES 8U

/// Pieces at most
#define MAX_PIECES 24U

/// Peaks that are kept of a piece
#define N_PEAKS 6U

/// Length of a piece, at least half and at most this
#define PIECE_S 3.0

/// Frequencies that are used: a common part is heard in them, and drift less
#define HIGH_HZ 4000.0

/// What finding pieces needs
typedef struct {
  const FalDelayPair* pair;
  FalRealFft          whole;   ///< Of a block: twice the length of a piece
  FalRealFft          part;    ///< Of the used band alone
  uint32_t            length;  ///< Of a piece, and from block to block
  uint32_t            low;     ///< First bin that is used
  uint32_t            high;    ///< Behind the last
  float*              samples; ///< [whole.size], scratch
  float*              block;   ///< [2 * whole.n_bins]
  float*              spectra; ///< [MAX_PIECES][2 * part.n_bins], whitened
  float*              product; ///< [2 * part.n_bins], scratch
  float*              r;       ///< [part.size]
  uint32_t            n_pieces;
  double              starts[MAX_PIECES]; ///< Of the pieces, frames of a
} Pieces;

static void
lay_out(Pieces* const pieces, FalArena* const arena)
{
  const size_t n_bins = pieces->part.n_bins;

  pieces->block   = fal_arena_floats(arena, 2U * (size_t)pieces->whole.n_bins);
  pieces->spectra = fal_arena_floats(arena, MAX_PIECES * 2U * n_bins);
  pieces->product = fal_arena_floats(arena, 2U * n_bins);
  pieces->r       = fal_arena_floats(arena, pieces->part.size);
  pieces->samples = fal_arena_floats(arena, pieces->whole.size);
}

static FalStatus
init(Pieces* const pieces, FalArena* const arena,
     const FalDelayPair* const pair)
{
  static const FalWeighting band = {FAL_DELAY_PHAT, 0.75, HIGH_HZ};

  pieces->pair   = pair;
  pieces->length = 1024U;
  while (pieces->length * 2.0 <= PIECE_S * pair->rate_hz) {
    pieces->length *= 2U;
  }
  const uint32_t size = 2U * pieces->length;
  FalStatus      st   = fal_real_fft_init(&pieces->whole, size);
  if (!st) {
    fal_weighting_band(&band, pair, size / pair->rate_hz, pieces->whole.n_bins,
                       &pieces->low, &pieces->high);
    st = fal_real_fft_init(&pieces->part,
                           fal_real_fft_fast_size(2U * (pieces->high + 1U)));
  }
  if (!st) {
    lay_out(pieces, arena);
    st = fal_arena_allocate(arena);
  }
  if (!st) {
    lay_out(pieces, arena);
  }
  return st;
}

static void
whiten(const Pieces* const pieces, float* const x)
{
  fal_delay_ops_get()->whiten(x + 2U * (size_t)pieces->low,
                              pieces->high - pieces->low, 3U); // By m^0.75
}

/// Read a piece of a, fade its ends, and keep its whitened spectrum
static FalStatus
take_piece(Pieces* const pieces, const uint32_t channel, const double start)
{
  const uint32_t n = pieces->length;
  float* const   x = pieces->samples;
  memset(x + n, 0, (pieces->whole.size - n) * sizeof(float));
  const FalStatus st =
    fal_recording_read(&pieces->pair->a, channel, x, (int64_t)start, n);
  if (st) {
    return st;
  }
  const uint32_t n_fade = n / 16U;
  for (uint32_t t = 0U; t < n_fade; ++t) {
    const float gain = (float)(t + 0.5) / (float)n_fade;
    x[t] *= gain;
    x[n - 1U - t] *= gain;
  }
  fal_real_fft_forward(&pieces->whole, pieces->block, x);
  whiten(pieces, pieces->block);

  float* const to =
    pieces->spectra + pieces->n_pieces * 2U * (size_t)pieces->part.n_bins;
  memset(to, 0, 2U * (size_t)pieces->part.n_bins * sizeof(float));
  memcpy(to + 2U * (size_t)pieces->low,
         pieces->block + 2U * (size_t)pieces->low,
         2U * (size_t)(pieces->high - pieces->low) * sizeof(float));
  pieces->starts[pieces->n_pieces++] = start;
  return FAL_OK;
}

/// Take the loudest of some pieces in each n-th of a
static FalStatus
take_pieces(Pieces* const pieces, const uint32_t channel, const uint32_t n)
{
  enum { N_PROBES = 3 };
  const FalRecording* const a = &pieces->pair->a;
  const double   room = fmax(0.0, (double)a->n_frames - (double)pieces->length);
  const uint32_t most = 1U + (uint32_t)(room / pieces->length);
  const uint32_t real = n < most ? n : most;

  pieces->n_pieces = 0U;
  for (uint32_t i = 0U; i < real; ++i) {
    double loudest = -1.0;
    double start   = 0.0;
    for (uint32_t p = 0U; p < N_PROBES; ++p) {
      const double    place  = (i + (p + 0.5) / N_PROBES) / real;
      const double    at     = floor(place * room);
      const FalStatus st     = fal_recording_read(a, channel, pieces->samples,
                                                  (int64_t)at, pieces->length);
      double          energy = 0.0;
      if (st) {
        return st;
      }
      for (uint32_t t = 0U; t < pieces->length; ++t) {
        energy += (double)(pieces->samples[t] * pieces->samples[t]);
      }
      if (energy > loudest) {
        loudest = energy;
        start   = at;
      }
    }
    const FalStatus st = take_piece(pieces, channel, start);
    if (st) {
      return st;
    }
  }
  return FAL_OK;
}

/// Correlate a piece with the block, and keep the highest peak of the block
static void
compare(Pieces* const pieces, FalPoint* const points, const uint32_t piece,
        const double block_start)
{
  const FalDelayOps* const ops    = fal_delay_ops_get();
  const size_t             n_bins = pieces->part.n_bins;
  const size_t             first  = 2U * (size_t)pieces->low;
  const uint32_t           n_lags = pieces->part.size / 2U;
  const float* const       a      = pieces->spectra + piece * 2U * n_bins;
  const float* const       b      = pieces->block;
  float* const             r      = pieces->r;
  float* const             g      = pieces->product;

  memset(g, 0, 2U * n_bins * sizeof(float));
  ops->cross(g + first, a + first, b + first, pieces->high - pieces->low);
  fal_real_fft_inverse(&pieces->part, r, g);

  float       highest = 0.0f;
  const float sum     = ops->survey(r, n_lags, &highest);
  if (!(sum > 0.0f)) {
    return;
  }
  uint32_t at = 0U;
  while (fabsf(r[at]) < highest) {
    ++at;
  }

  const double step = (double)pieces->whole.size / pieces->part.size;
  const double lag  = block_start + at * step - pieces->starts[piece];
  const FalDelayPair* const pair = pieces->pair;
  if ((pair->min_s != 0.0 || pair->max_s != 0.0) &&
      (lag < pair->min_s * pair->rate_hz ||
       lag > pair->max_s * pair->rate_hz)) {
    return;
  }
  const double   mean  = 2.0 * (double)sum / pieces->part.size;
  const FalPoint point = {pieces->starts[piece] + pieces->length / 2.0, lag,
                          (double)highest / (mean * sqrt(M_PI / 2.0)), piece,
                          r[at] < 0.0f};
  uint32_t       place = N_PEAKS;
  for (; place > 0U && points[place - 1U].z < point.z; --place) {
    if (place < N_PEAKS) {
      points[place] = points[place - 1U];
    }
  }
  if (place < N_PEAKS) {
    points[place] = point;
  }
}

/// Go through all of b
static FalStatus
scan(Pieces* const pieces, FalPoint* const points, const uint32_t channel)
{
  const FalRecording* const b      = &pieces->pair->b;
  const int64_t             length = (int64_t)pieces->length;
  for (int64_t start = -length; start < (int64_t)b->n_frames; start += length) {
    const FalStatus st = fal_recording_read(b, channel, pieces->samples, start,
                                            pieces->whole.size);
    if (st) {
      return st;
    }
    fal_real_fft_forward(&pieces->whole, pieces->block, pieces->samples);
    whiten(pieces, pieces->block);
    for (uint32_t i = 0U; i < pieces->n_pieces; ++i) {
      compare(pieces, points + i * N_PEAKS, i, (double)start);
    }
  }
  return FAL_OK;
}

static FalStatus
find(FalPeaks* const peaks, Pieces* const pieces, const uint32_t channel_a,
     const uint32_t channel_b)
{
  for (uint32_t n = FIRST_PIECES; n <= MAX_PIECES; n += MAX_PIECES - n) {
    FalPoint points[MAX_PIECES * N_PEAKS];
    memset(points, 0, sizeof(points));
    FalStatus st = take_pieces(pieces, channel_a, n);
    if (!st) {
      st = scan(pieces, points, channel_b);
    }
    if (st) {
      return st;
    }
    const bool clear =
      fal_delay_vote(peaks, points, pieces->n_pieces * N_PEAKS,
                     pieces->pair->rate_hz, channel_a, channel_b);
    if (clear || pieces->n_pieces < n || n == MAX_PIECES) {
      break;
    }
  }
  return FAL_OK;
}

FalStatus
fal_delay_find_pieces(FalPeaks* const peaks, const FalDelayPair* const pair)
{
  Pieces   pieces = {0};
  FalArena arena  = {NULL, 0U};
  peaks->n        = 0U;
  FalStatus st    = init(&pieces, &arena, pair);
  for (uint32_t i = 0U; !st && i < pair->a.n_channels; ++i) {
    for (uint32_t o = 0U; !st && o < pair->b.n_channels; ++o) {
      if (fal_is_wanted(pair->channel_a, i) &&
          fal_is_wanted(pair->channel_b, o)) {
        st = find(peaks, &pieces, i, o);
      }
    }
  }
  fal_arena_release(arena.base);
  fal_real_fft_clear(&pieces.whole);
  fal_real_fft_clear(&pieces.part);
  return st;
}
