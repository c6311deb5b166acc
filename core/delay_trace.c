// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_trace.c A line of delay over time, from windows along it

#include "core/arena.h"
#include "core/delay_ops.h"
#include "core/delay_parts.h"
#include "core/real_fft.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Windows along the common part
#define MAX_WINDOWS 48U

/// Longest and shortest window
#define MAX_SIZE 32768U
#define MIN_SIZE 512U

/// How far the unknown slope may carry the delay off within the first span
#define FIRST_REACH_S 0.0045

/// How much longer each next span is
#define SPAN_GROWTH 8.0

/// All frequencies, and those where most of speech and music is
enum { WIDE, NARROW, N_BANDS };

static const FalWeighting weightings[N_BANDS] = {
  [WIDE]   = {FAL_DELAY_PHAT, 0.75, 0.0},
  [NARROW] = {FAL_DELAY_PHAT, 0.75, 4000.0},
};

/// Correlations of windows in each band: images that lines are looked for in
typedef struct {
  FalRealFft fft;
  uint32_t   n_windows;
  uint32_t   radius;             ///< Lags -radius … radius are kept
  uint32_t   low;                ///< First bin that is used
  uint32_t   high[N_BANDS];      ///< Behind the last
  float*     a;                  ///< [2 * n_bins]
  float*     b;                  ///< [2 * n_bins]
  float*     g;                  ///< [2 * n_bins], of the wide band
  float*     r;                  ///< [size]
  float*     samples;            ///< [size], scratch
  float*     taper;              ///< [size]
  float*     sums;               ///< [2 * radius + 1], scratch
  float*     rows[N_BANDS];      ///< [MAX_WINDOWS][2 * radius + 1], deviation 1
  double     times[MAX_WINDOWS]; ///< Of the windows' middles, from the origin
} Image;

double
fal_line_at(const FalLine* const line, const double t)
{
  return line->lag + line->slope * (t - line->origin);
}

bool
fal_line_overlap(const FalLine* const line, const FalDelayPair* const pair,
                 double* const start, double* const end)
{
  const double n_a = (double)pair->a.n_frames;
  const double n_b = (double)pair->b.n_frames;
  *start           = fmax(0.0, -fal_line_at(line, 0.0));
  *end             = fmin(n_a, n_b - fal_line_at(line, n_b - line->lag));
  return *end - *start >= 16.0;
}

static void
lay_out(Image* const image, FalArena* const arena)
{
  const size_t stride = 2U * (size_t)image->fft.n_bins;
  const size_t width  = 2U * (size_t)image->radius + 1U;

  image->a       = fal_arena_floats(arena, stride);
  image->b       = fal_arena_floats(arena, stride);
  image->g       = fal_arena_floats(arena, stride);
  image->r       = fal_arena_floats(arena, image->fft.size);
  image->samples = fal_arena_floats(arena, image->fft.size);
  image->taper   = fal_arena_floats(arena, image->fft.size);
  image->sums    = fal_arena_floats(arena, width);
  for (uint32_t i = 0U; i < N_BANDS; ++i) {
    image->rows[i] = fal_arena_floats(arena, MAX_WINDOWS * width);
  }
}

/// Take the mean off what lies within a recording: its edges are no sound
static void
centre(float* const x, const uint32_t size, const FalRecording* const recording,
       const int64_t start)
{
  const int64_t end   = (int64_t)recording->n_frames - start;
  const int64_t first = start < 0 ? -start : 0;
  const int64_t last  = end < (int64_t)size ? end : (int64_t)size;
  double        sum   = 0.0;
  for (int64_t t = first; t < last; ++t) {
    sum += (double)x[t];
  }
  const float mean =
    last > first ? (float)(sum / (double)(last - first)) : 0.0f;
  for (int64_t t = first; t < last; ++t) {
    x[t] -= mean;
  }
}

/// Return the share of a window that is not silence at either end
static float
find_share(const float* const x, const uint32_t size)
{
  uint32_t first = 0U;
  uint32_t last  = size;
  while (first < size && x[first] == 0.0f) {
    ++first;
  }
  while (last > first && x[last - 1U] == 0.0f) {
    --last;
  }
  return (float)(last - first) / (float)size;
}

/// Transform a window; `share` tells how much of it has sound
static FalStatus
read_window(const Image* const image, float* const bins, float* const share,
            const FalRecording* const recording, const uint32_t channel,
            const int64_t start)
{
  const uint32_t  size = image->fft.size;
  float* const    x    = image->samples;
  const FalStatus st   = fal_recording_read(recording, channel, x, start, size);
  if (!st) {
    *share = find_share(x, size);
    centre(x, size, recording, start);
  }
  for (uint32_t t = 0U; !st && t < size; ++t) {
    x[t] *= image->taper[t];
  }
  fal_real_fft_forward(&image->fft, bins, x);
  return st;
}

/// Correlate by a band of the weighted cross-spectrum
static void
draw_row(const Image* const image, float* const row, const uint32_t high,
         const float share)
{
  const size_t  first  = 2U * (size_t)image->low;
  const size_t  last   = 2U * (size_t)high;
  const int32_t size   = (int32_t)image->fft.size;
  const int32_t radius = (int32_t)image->radius;
  float* const  bins   = image->b; // Its work is done

  memset(bins, 0, 2U * (size_t)image->fft.n_bins * sizeof(float));
  memcpy(bins + first, image->g + first, (last - first) * sizeof(float));
  fal_real_fft_inverse(&image->fft, image->r, bins);

  // The energy of the correlation is twice that of the bins (Parseval)
  const float energy =
    fal_delay_ops_get()->energy(image->g + first, last - first);
  const float scale = energy > 0.0f ? share / sqrtf(2.0f * energy) : 0.0f;
  for (int32_t lag = -radius; lag <= radius; ++lag) {
    row[lag + radius] = image->r[lag < 0 ? lag + size : lag] * scale;
  }
}

/// Correlate one window of a with the pieces of b that the lines point to
static FalStatus
draw_rows(Image* const image, const uint32_t row, const FalLine* const lines,
          const FalDelayPair* const pair, const double middle)
{
  const int64_t  start = llround(middle) - (int64_t)(image->fft.size / 2U);
  const uint32_t a     = lines->channel_a;
  const uint32_t b     = lines->channel_b;
  const size_t   width = 2U * (size_t)image->radius + 1U;
  int64_t        last  = 0;
  float          in_a  = 0.0f;
  float          in_b  = 0.0f;

  FalStatus st = read_window(image, image->a, &in_a, &pair->a, a, start);
  for (uint32_t i = 0U; !st && i < N_BANDS; ++i) {
    const int64_t shift = llround(fal_line_at(&lines[i], middle));
    if (!i || shift != last) {
      if ((st =
             read_window(image, image->b, &in_b, &pair->b, b, start + shift))) {
        return st;
      }
      fal_weigh(image->g, image->a, image->b, image->low, image->high[WIDE],
                &weightings[WIDE]);
    }
    draw_row(image, image->rows[i] + row * width, image->high[i], in_a * in_b);
    last = shift;
  }
  image->times[row] = middle - lines->origin;
  return st;
}

/// Sum an image along all lines, and move `line` to the best
static double
stack(const Image* const image, const float* const rows, FalLine* const line,
      const double max_slope, const double max_lag)
{
  const uint32_t n    = image->n_windows;
  const double   half = fmax(fabs(image->times[0]), fabs(image->times[n - 1U]));
  const double   step = half > 0.0 ? 0.5 / half : 1.0;
  const int32_t  n_steps = (int32_t)ceil(max_slope / step);
  const int32_t  n_lags  = (int32_t)max_lag;
  const int32_t  radius  = (int32_t)image->radius;
  const size_t   width   = 2U * (size_t)image->radius + 1U;
  float* const   sums    = image->sums;

  double  best     = 0.0;
  double  best_sum = 0.0;
  int32_t best_i   = 0;
  int32_t best_k   = 0;
  for (int32_t i = -n_steps; i <= n_steps; ++i) {
    memset(sums, 0, width * sizeof(float));
    for (uint32_t w = 0U; w < n; ++w) {
      const int32_t first =
        radius - n_lags + (int32_t)lrint(i * step * image->times[w]);
      assert(first >= 0 && first + 2 * n_lags <= 2 * radius);
      const float* const row = rows + w * width + first;
      for (int32_t k = 0; k <= 2 * n_lags; ++k) {
        sums[k] += row[k];
      }
    }
    for (int32_t k = 0; k <= 2 * n_lags; ++k) {
      // Clocks that agree are likelier than any other drift
      const double score = fabs((double)sums[k]) * (i ? 0.97 : 1.0);
      if (score > best) {
        best     = score;
        best_sum = (double)sums[k];
        best_i   = i;
        best_k   = k - n_lags;
      }
    }
  }

  line->lag += best_k;
  line->slope += best_i * step;
  line->inverted = best_sum < 0.0;
  line->z        = fabs(best_sum) / sqrt(n);
  return step;
}

/// Draw the windows of a span around the lines' origin, and fit each line
static FalStatus
fit_span(FalLine* const lines, const FalDelayPair* const pair,
         const double start, const double end, double* const max_slope,
         const double max_lag)
{
  Image        image = {0};
  const double span  = end - start;
  uint32_t     size  = MIN_SIZE;
  while (size < MAX_SIZE && size * 8.0 <= span) {
    size *= 2U;
  }

  const double reach = max_lag + *max_slope * span / 2.0 + 2.0;
  while (size < 4.0 * reach) {
    size *= 2U;
  }
  image.radius      = (uint32_t)ceil(reach);
  const double ways = fmax(0.0, span - size);
  image.n_windows =
    1U + (uint32_t)fmin(MAX_WINDOWS - 1.0, ceil(ways / (size / 2.0)));

  FalArena  arena = {NULL, 0U};
  FalStatus st    = fal_real_fft_init(&image.fft, size);
  if (!st) {
    lay_out(&image, &arena);
    st = fal_arena_allocate(&arena);
  }
  if (!st) {
    lay_out(&image, &arena);
    for (uint32_t t = 0U; t < size; ++t) {
      image.taper[t] = (float)(0.5 - 0.5 * cos(2.0 * M_PI * (t + 0.5) / size));
    }
    for (uint32_t i = 0U; i < N_BANDS; ++i) {
      fal_weighting_band(&weightings[i], pair, size / pair->rate_hz,
                         image.fft.n_bins, &image.low, &image.high[i]);
    }
  }

  for (uint32_t w = 0U; !st && w < image.n_windows; ++w) {
    const double place =
      image.n_windows > 1U ? (double)w / (image.n_windows - 1U) : 0.5;
    const double first = ways > 0.0 ? start + size / 2.0 : (start + end) / 2.0;
    st = draw_rows(&image, w, lines, pair, first + place * ways);
  }
  double step = 0.0;
  for (uint32_t i = 0U; !st && i < N_BANDS; ++i) {
    step = stack(&image, image.rows[i], &lines[i], *max_slope, max_lag);
  }
  *max_slope = 2.0 * step;

  fal_arena_release(arena.base);
  fal_real_fft_clear(&image.fft);
  return st;
}

FalStatus
fal_delay_trace(FalLine* const line, const FalPeak* const peak,
                const FalDelayPair* const pair)
{
  *line = (FalLine){.origin    = peak->origin,
                    .lag       = peak->lag,
                    .slope     = peak->slope,
                    .channel_a = peak->channel_a,
                    .channel_b = peak->channel_b};

  double start = 0.0;
  double end   = 0.0;
  if (!fal_line_overlap(line, pair, &start, &end)) {
    return FAL_OK;
  }
  const double middle = (start + end) / 2.0;
  line->lag           = fal_line_at(line, middle);
  line->origin        = middle;

  double max_slope = peak->slope_error;
  double span      = 2.0 * FIRST_REACH_S * pair->rate_hz / max_slope;
  // Where it drifts, the peak may be that of either end
  const double half_span = fmin(span, end - start) / 2.0;
  double       max_lag =
    FAL_SAME_DELAY_S / 2.0 * pair->rate_hz + max_slope * half_span;

  // Ever longer spans: each needs the slope of the one before
  FalLine lines[N_BANDS] = {*line, *line};
  for (bool is_over = false; !is_over; span *= SPAN_GROWTH) {
    const double    half = fmin(span, end - start) / 2.0;
    const FalStatus st =
      fit_span(lines, pair, middle - half, middle + half, &max_slope, max_lag);
    if (st) {
      return st;
    }
    is_over = span >= end - start;
    max_lag = fmax(8.0, max_lag / 4.0);
  }
  *line = lines[lines[NARROW].z > lines[WIDE].z ? NARROW : WIDE];
  return FAL_OK;
}
