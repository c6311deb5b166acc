// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_trace.c A line of delay over time, from windows along it

#include "core/arena.h"
#include "core/delay_parts.h"
#include "core/real_fft.h"

#include <math.h>
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

/// Correlations of windows: the image that lines are looked for in
typedef struct {
  FalRealFft fft;
  uint32_t   n_windows;
  uint32_t   radius;  ///< Lags -radius … radius are kept
  float*     a;       ///< [2 * n_bins]
  float*     b;       ///< [2 * n_bins]
  float*     g;       ///< [2 * n_bins]
  float*     r;       ///< [size]
  float*     samples; ///< [size], scratch
  float*     taper;   ///< [size]
  float*     rows;    ///< [MAX_WINDOWS][2 * radius + 1], deviation 1 each
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

  image->a       = fal_arena_floats(arena, stride);
  image->b       = fal_arena_floats(arena, stride);
  image->g       = fal_arena_floats(arena, stride);
  image->r       = fal_arena_floats(arena, image->fft.size);
  image->samples = fal_arena_floats(arena, image->fft.size);
  image->taper   = fal_arena_floats(arena, image->fft.size);
  image->rows =
    fal_arena_floats(arena, MAX_WINDOWS * (2U * (size_t)image->radius + 1U));
}

static FalStatus
read_window(const Image* const image, float* const bins,
            const FalRecording* const recording, const uint32_t channel,
            const int64_t start)
{
  const FalStatus st = fal_recording_read(recording, channel, image->samples,
                                          start, image->fft.size);
  for (uint32_t t = 0U; !st && t < image->fft.size; ++t) {
    image->samples[t] *= image->taper[t];
  }
  fal_real_fft_forward(&image->fft, bins, image->samples);
  return st;
}

/// Correlate one window of a with the piece of b that the line points to
static FalStatus
draw_row(Image* const image, const uint32_t row, const FalLine* const line,
         const FalDelayPair* const pair, const FalWeighting* const weighting,
         const double middle)
{
  const uint32_t size    = image->fft.size;
  const double   delay   = fal_line_at(line, middle);
  const int64_t  shift   = llround(delay);
  const int64_t  start   = llround(middle) - (int64_t)(size / 2U);
  const double   bins_hz = size / pair->rate_hz;
  float* const   to = image->rows + row * (2U * (size_t)image->radius + 1U);

  FalStatus st = read_window(image, image->a, &pair->a, line->channel_a, start);
  if (!st) {
    st = read_window(image, image->b, &pair->b, line->channel_b, start + shift);
  }
  if (st) {
    return st;
  }

  uint32_t low  = 0U;
  uint32_t high = 0U;
  fal_weighting_band(weighting, pair, bins_hz, image->fft.n_bins, &low, &high);
  memset(image->g, 0, 2U * (size_t)image->fft.n_bins * sizeof(float));
  fal_weigh(image->g, image->a, image->b, low, high, weighting);
  fal_real_fft_inverse(&image->fft, image->r, image->g);

  double energy = 0.0;
  for (uint32_t t = 0U; t < size; ++t) {
    energy += (double)image->r[t] * (double)image->r[t];
  }
  const float scale = energy > 0.0 ? (float)(1.0 / sqrt(energy / size)) : 0.0f;
  const int32_t radius = (int32_t)image->radius;
  for (int32_t lag = -radius; lag <= radius; ++lag) {
    const uint32_t at = (uint32_t)(lag < 0 ? lag + (int32_t)size : lag);
    to[lag + radius]  = image->r[at] * scale;
  }
  image->times[row] = middle - line->origin;
  return FAL_OK;
}

/// Sum the image along all lines, and move `line` to the best
static double
stack(const Image* const image, FalLine* const line, const double max_slope,
      const double max_lag)
{
  const uint32_t n    = image->n_windows;
  const double   half = fmax(fabs(image->times[0]), fabs(image->times[n - 1U]));
  const double   step = half > 0.0 ? 0.5 / half : 1.0;
  const int32_t  n_steps = (int32_t)ceil(max_slope / step);
  const int32_t  n_lags  = (int32_t)max_lag;
  const int32_t  radius  = (int32_t)image->radius;
  const size_t   width   = 2U * (size_t)image->radius + 1U;

  double  best     = 0.0;
  double  best_sum = 0.0;
  int32_t best_i   = 0;
  int32_t best_k   = 0;
  for (int32_t i = -n_steps; i <= n_steps; ++i) {
    for (int32_t k = -n_lags; k <= n_lags; ++k) {
      double sum = 0.0;
      for (uint32_t w = 0U; w < n; ++w) {
        const int32_t lag = k + (int32_t)lrint(i * step * image->times[w]);
        if (lag >= -radius && lag <= radius) {
          sum += (double)image->rows[w * width + (size_t)(lag + radius)];
        }
      }
      // Clocks that agree are likelier than any other drift
      const double score = fabs(sum) * (i ? 0.97 : 1.0);
      if (score > best) {
        best     = score;
        best_sum = sum;
        best_i   = i;
        best_k   = k;
      }
    }
  }

  line->lag += best_k;
  line->slope += best_i * step;
  line->inverted = best_sum < 0.0;
  line->z        = fabs(best_sum) / sqrt(n);
  return step;
}

/// Draw the windows of a span around the line's origin, and fit the line
static FalStatus
fit_span(FalLine* const line, const FalDelayPair* const pair,
         const FalWeighting* const weighting, const double start,
         const double end, double* const max_slope, const double max_lag)
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
  }

  for (uint32_t w = 0U; !st && w < image.n_windows; ++w) {
    const double place =
      image.n_windows > 1U ? (double)w / (image.n_windows - 1U) : 0.5;
    const double first = ways > 0.0 ? start + size / 2.0 : (start + end) / 2.0;
    st = draw_row(&image, w, line, pair, weighting, first + place * ways);
  }
  if (!st) {
    *max_slope = 2.0 * stack(&image, line, *max_slope, max_lag);
  }

  fal_arena_release(arena.base);
  fal_real_fft_clear(&image.fft);
  return st;
}

/// Fit ever longer spans: each needs the slope of the one before
static FalStatus
fit(FalLine* const line, const FalPeak* const peak,
    const FalDelayPair* const pair, const FalWeighting* const weighting)
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
  for (;; span *= SPAN_GROWTH) {
    const double    half = fmin(span, end - start) / 2.0;
    const FalStatus st   = fit_span(line, pair, weighting, line->origin - half,
                                    line->origin + half, &max_slope, max_lag);
    if (st || span >= end - start) {
      return st;
    }
    max_lag = fmax(8.0, max_lag / 4.0);
  }
}

FalStatus
fal_delay_trace(FalLine* const line, const FalPeak* const peak,
                const FalDelayPair* const pair)
{
  static const FalWeighting wide   = {FAL_DELAY_PHAT, 0.75, 0.0};
  static const FalWeighting narrow = {FAL_DELAY_PHAT, 0.75, 4000.0};
  FalLine                   other  = {0};

  FalStatus st = fit(line, peak, pair, &wide);
  if (!st) {
    st = fit(&other, peak, pair, &narrow);
  }
  if (!st && other.z > line->z) {
    *line = other;
  }
  return st;
}
