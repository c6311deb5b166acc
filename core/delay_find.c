// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_find.c Peaks of the correlation of whole recordings

#include "core/arena.h"
#include "core/delay_ops.h"
#include "core/delay_parts.h"
#include "core/levelling.h"
#include "core/real_fft.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Peaks taken from one correlation
#define N_PEAKS 6U

/// Half the neighbourhood over which levels are evened out
#define LEVELLING_S 0.05

/// Ends are faded over
#define FADE_S 0.02

/// Everything that the search needs at once
typedef struct {
  const FalDelayPair* pair;
  FalRealFft          whole;     ///< Long enough for all lags
  float*              spectra_a; ///< [n_channels_a][2 * n_bins]
  float*              spectra_b; ///< [n_channels_b][2 * n_bins]
  float*              samples; ///< [2 * n_bins], scratch; correlations at last
  float*              product; ///< [2 * n_bins], scratch
  bool                is_levelled;
} Search;

bool
fal_is_wanted(const uint32_t wanted, const uint32_t c)
{
  return wanted == FAL_ANY_CHANNEL || wanted == c;
}

/// Take the mean off: it would begin and end in both recordings
static void
remove_mean(float* const x, const uint64_t n_frames)
{
  double sum = 0.0;
  for (uint64_t t = 0U; t < n_frames; ++t) {
    sum += (double)x[t];
  }
  const float mean = (float)(sum / (double)n_frames);
  for (uint64_t t = 0U; t < n_frames; ++t) {
    x[t] -= mean;
  }
}

/// Fade the ends in and out: cuts in both recordings would match each other
static void
fade_ends(float* const x, const uint64_t n_frames, const double rate_hz)
{
  const uint64_t most = (uint64_t)(FADE_S * rate_hz);
  const uint64_t n    = most < n_frames / 8U ? most : n_frames / 8U;
  for (uint64_t t = 0U; t < n; ++t) {
    const float gain =
      (float)(0.5 - 0.5 * cos(M_PI * ((double)t + 0.5) / (double)n));
    x[t] *= gain;
    x[n_frames - 1U - t] *= gain;
  }
}

static FalStatus
transform(const Search* const search, const FalRecording* const recording,
          float* const spectra)
{
  const size_t stride = 2U * (size_t)search->whole.n_bins;
  for (uint32_t c = 0U; c < recording->n_channels; ++c) {
    float* const    x = search->samples;
    const FalStatus st =
      fal_recording_read(recording, c, x, 0, search->whole.size);
    if (st) {
      return st;
    }
    remove_mean(x, recording->n_frames);
    if (search->is_levelled) {
      fal_level_out(x, search->product, recording->n_frames,
                    (uint64_t)(LEVELLING_S * search->pair->rate_hz));
    }
    fade_ends(x, recording->n_frames, search->pair->rate_hz);
    fal_real_fft_forward(&search->whole, spectra + c * stride, x);
  }
  return FAL_OK;
}

/// Find the highest peak among samples of a correlation whose lag is wanted;
/// its height is that of the sample
static FalPeak
find_top(const Search* const search, const uint32_t size, const uint32_t start,
         const uint32_t end)
{
  const FalDelayPair* const pair = search->pair;
  const float* const        r    = search->samples;
  const double              step = (double)search->whole.size / (double)size;
  const uint32_t            last =
    (uint32_t)ceil((double)pair->b.n_frames / step); // Then lags are negative

  const bool   bounded = pair->min_s != 0.0 || pair->max_s != 0.0;
  const double lowest =
    bounded ? pair->min_s * pair->rate_hz : -(double)pair->a.n_frames;
  const double highest =
    bounded ? pair->max_s * pair->rate_hz : (double)pair->b.n_frames;

  FalPeak peak = {.slope_error = FAL_MAX_SLOPE};
  for (uint32_t i = start; i < end; ++i) {
    const double lag    = i < last ? i * step : ((double)i - size) * step;
    const float  height = fabsf(r[i]);
    const float  next   = fabsf(r[i + 1U < size ? i + 1U : 0U]);
    const float  prev   = fabsf(r[i ? i - 1U : size - 1U]);
    if ((double)height > peak.z && lag >= lowest && lag <= highest &&
        height >= fmaxf(prev, next)) {
      peak.z        = (double)height;
      peak.lag      = lag;
      peak.inverted = r[i] < 0.0f;
    }
  }
  return peak;
}

/// Pick the highest peaks of the correlation of one pair of channels
static void
pick(FalPeaks* const peaks, const Search* const search,
     const uint32_t channel_a, const uint32_t channel_b, const uint32_t size)
{
  const FalDelayOps* const ops  = fal_delay_ops_get();
  const double             rate = search->pair->rate_hz;
  const double             step = (double)search->whole.size / (double)size;
  const double             near = FAL_SAME_DELAY_S * rate;

  // The highest of each small piece is a candidate; neighbours are one peak
  FalPeak        best[N_PEAKS + 1U];
  uint32_t       n_best = 0U;
  double         sum    = 0.0;
  const uint32_t piece  = (uint32_t)fmax(1.0, near / step);
  for (uint32_t start = 0U; start < size; start += piece) {
    const uint32_t end   = start + piece < size ? start + piece : size;
    const double   least = n_best < N_PEAKS ? 0.0 : best[N_PEAKS - 1U].z;
    float          top   = 0.0f;
    sum += (double)ops->survey(search->samples + start, end - start, &top);
    if ((double)top <= least) {
      continue;
    }

    const FalPeak peak = find_top(search, size, start, end);
    uint32_t      i    = n_best;
    if (peak.z <= least) {
      continue;
    }
    for (; i > 0U && best[i - 1U].z < peak.z; --i) {
      best[i] = best[i - 1U];
    }
    best[i] = peak;
    n_best  = n_best < N_PEAKS ? n_best + 1U : N_PEAKS;
  }

  const double deviation = sum / size * sqrt(M_PI / 2.0);
  for (uint32_t i = 0U; i < n_best; ++i) {
    best[i].z /= deviation;
    best[i].channel_a = channel_a;
    best[i].channel_b = channel_b;
  }
  for (uint32_t i = 0U; i < n_best; ++i) {
    double rival = 1.0;
    for (uint32_t j = 0U; j < n_best; ++j) {
      if (fabs(best[j].lag - best[i].lag) > near) {
        rival = fmax(rival, best[j].z);
      }
    }
    best[i].score = best[i].z * best[i].z / rival;
    fal_peaks_add(peaks, &best[i], rate);
  }
}

void
fal_peaks_add(FalPeaks* const peaks, const FalPeak* const peak,
              const double rate_hz)
{
  uint32_t place = peaks->n;
  for (uint32_t i = 0U; i < peaks->n; ++i) {
    if (fabs(peaks->at[i].lag - peak->lag) < FAL_SAME_DELAY_S * rate_hz) {
      if (peaks->at[i].score >= peak->score) {
        return;
      }
      place = i;
      break;
    }
  }

  if (place == peaks->n) {
    if (peaks->n < FAL_MAX_CANDIDATES) {
      ++peaks->n;
    } else if (peaks->at[--place].score >= peak->score) {
      return;
    }
  }
  for (; place > 0U && peaks->at[place - 1U].score < peak->score; --place) {
    peaks->at[place] = peaks->at[place - 1U];
  }
  peaks->at[place] = *peak;
}

/// Weigh the cross-spectrum of two channels, up to a frequency, and correlate
static FalStatus
correlate(FalPeaks* const peaks, const Search* const search,
          const uint32_t channel_a, const uint32_t channel_b,
          const FalWeighting* const weighting)
{
  const FalDelayPair* const pair   = search->pair;
  const uint32_t            n_bins = search->whole.n_bins;
  const size_t              stride = 2U * (size_t)n_bins;
  const float* const        a      = search->spectra_a + channel_a * stride;
  const float* const        b      = search->spectra_b + channel_b * stride;
  float* const              g      = search->product;

  const double bins_hz = search->whole.size / pair->rate_hz;
  uint32_t     low     = 0U;
  uint32_t     high    = 0U;
  fal_weighting_band(weighting, pair, bins_hz, n_bins, &low, &high);

  FalRealFft     part     = {0};
  const uint32_t size     = fal_real_fft_fast_size(2U * (uint64_t)high);
  const bool     is_whole = size >= search->whole.size;
  if (!is_whole) {
    const FalStatus st = fal_real_fft_init(&part, size);
    if (st) {
      return st;
    }
  }

  const FalRealFft* const fft = is_whole ? &search->whole : &part;
  memset(g, 0, 2U * (size_t)fft->n_bins * sizeof(float));
  fal_weigh(g, a, b, low, high, weighting);
  fal_real_fft_inverse(fft, search->samples, g);
  pick(peaks, search, channel_a, channel_b, fft->size);
  fal_real_fft_clear(&part);
  return FAL_OK;
}

static void
lay_out(Search* const search, FalArena* const arena)
{
  const size_t stride = 2U * (size_t)search->whole.n_bins;

  search->spectra_a =
    fal_arena_floats(arena, search->pair->a.n_channels * stride);
  search->spectra_b =
    fal_arena_floats(arena, search->pair->b.n_channels * stride);
  search->samples = fal_arena_floats(arena, stride);
  search->product = fal_arena_floats(arena, stride);
}

double
fal_delay_whole_bytes(const FalDelayPair* const pair)
{
  const double n_frames = (double)pair->a.n_frames + (double)pair->b.n_frames;
  const double size =
    n_frames < UINT32_MAX / 2U
      ? fal_real_fft_fast_size(pair->a.n_frames + pair->b.n_frames)
      : n_frames;
  return size * sizeof(float) * (pair->a.n_channels + pair->b.n_channels + 2.0);
}

FalStatus
fal_delay_find_whole(FalPeaks* const peaks, const FalDelayPair* const pair,
                     const bool is_levelled)
{
  static const FalWeighting several[] = {
    {FAL_DELAY_PHAT, 1.0, 0.0},
    {FAL_DELAY_PHAT, 0.75, 0.0},
    {FAL_DELAY_PHAT, 0.5, 4000.0},
    {FAL_DELAY_PHAT, 1.0, 4000.0},
  };
  const FalWeighting own = {pair->method, pair->beta, 0.0};
  const bool         is_auto =
    pair->method == FAL_DELAY_AUTO || pair->method == FAL_DELAY_ML;
  const FalWeighting* const weightings   = is_auto ? several : &own;
  const uint32_t            n_weightings = is_auto ? 4U : 1U;

  Search         search = {.pair = pair, .is_levelled = is_levelled};
  FalArena       arena  = {NULL, 0U};
  const uint32_t size =
    fal_real_fft_fast_size(pair->a.n_frames + pair->b.n_frames);
  peaks->n     = 0U;
  FalStatus st = fal_real_fft_init(&search.whole, size);
  if (!st) {
    lay_out(&search, &arena);
    st = fal_arena_allocate(&arena);
  }
  if (!st) {
    lay_out(&search, &arena);
    st = transform(&search, &pair->a, search.spectra_a);
  }
  if (!st) {
    st = transform(&search, &pair->b, search.spectra_b);
  }

  for (uint32_t i = 0U; !st && i < pair->a.n_channels; ++i) {
    for (uint32_t o = 0U; !st && o < pair->b.n_channels; ++o) {
      if (fal_is_wanted(pair->channel_a, i) &&
          fal_is_wanted(pair->channel_b, o)) {
        for (uint32_t w = 0U; !st && w < n_weightings; ++w) {
          st = correlate(peaks, &search, i, o, &weightings[w]);
        }
      }
    }
  }

  fal_arena_release(arena.base);
  fal_real_fft_clear(&search.whole);
  return st;
}
