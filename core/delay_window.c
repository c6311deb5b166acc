// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_window.h"

#include "core/arena.h"
#include "core/delay_ops.h"
#include "core/golden.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Half the taps that interpolate a correlation, and its share of half the rate
#define TAPS 24
#define BANDWIDTH 0.9

/// Windows by which the weighting is chosen
#define N_PROBES 12U

/// Lags that the deviation is measured over, about
#define PART 600U

/// Least distance of two peaks
#define APART_S 0.0005

static void
lay_out(FalDelayWindow* const window, FalArena* const arena)
{
  const size_t stride = 2U * (size_t)window->fft.n_bins;

  window->a       = fal_arena_floats(arena, stride);
  window->b       = fal_arena_floats(arena, stride);
  window->samples = fal_arena_floats(arena, window->fft.size);
  window->taper   = fal_arena_floats(arena, window->length);
}

FalStatus
fal_delay_window_init(FalDelayWindow* const window, const uint32_t length,
                      const uint32_t reach, const double rate_hz)
{
  *window = (FalDelayWindow){
    .weighting = {FAL_DELAY_PHAT, 0.75, 0.0},
    .length    = length,
    .reach     = reach,
    .apart     = (uint32_t)fmax(1.0, APART_S * rate_hz),
  };
  FalArena       arena = {NULL, 0U};
  const uint32_t size =
    fal_real_fft_fast_size((uint64_t)length + 2U * ((uint64_t)reach + TAPS));
  FalStatus st = fal_real_fft_init(&window->fft, size);
  if (!st) {
    lay_out(window, &arena);
    st = fal_arena_allocate(&arena);
  }
  if (st) {
    fal_delay_window_clear(window);
    return st;
  }

  window->memory = arena.base;
  lay_out(window, &arena);
  for (uint32_t t = 0U; t < length; ++t) {
    window->taper[t] =
      (float)(0.5 - 0.5 * cos(2.0 * M_PI * (t + 0.5) / length));
  }
  return FAL_OK;
}

void
fal_delay_window_clear(FalDelayWindow* const window)
{
  fal_real_fft_clear(&window->fft);
  fal_arena_release(window->memory);
  *window = (FalDelayWindow){0};
}

/// Correlate: lag -reach - TAPS of the line comes first
static FalStatus
correlate(FalDelayWindow* const window, const FalDelayPair* const pair,
          const FalLine* const line, const double middle)
{
  const FalRealFft* const fft   = &window->fft;
  const int64_t           start = llround(middle) - window->length / 2U;
  const int64_t           first =
    start + llround(fal_line_at(line, middle)) - window->reach - TAPS;

  memset(window->samples, 0, fft->size * sizeof(float));
  FalStatus st = fal_recording_read(&pair->a, line->channel_a, window->samples,
                                    start, window->length);
  for (uint32_t t = 0U; !st && t < window->length; ++t) {
    window->samples[t] *= window->taper[t];
  }
  if (st) {
    return st;
  }
  fal_real_fft_forward(fft, window->a, window->samples);

  const uint32_t n = window->length + 2U * (window->reach + TAPS);
  memset(window->samples, 0, fft->size * sizeof(float));
  if ((st = fal_recording_read(&pair->b, line->channel_b, window->samples,
                               first, n))) {
    return st;
  }
  const uint32_t n_fade = window->length / 8U;
  for (uint32_t t = 0U; t < n_fade; ++t) {
    const float gain =
      (float)(0.5 - 0.5 * cos(M_PI * ((double)t + 0.5) / (double)n_fade));
    window->samples[t] *= gain;
    window->samples[n - 1U - t] *= gain;
  }
  fal_real_fft_forward(fft, window->b, window->samples);

  uint32_t low  = 0U;
  uint32_t high = 0U;
  fal_weighting_band(&window->weighting, pair, fft->size / pair->rate_hz,
                     fft->n_bins, &low, &high);
  const uint32_t most = (uint32_t)(BANDWIDTH * fft->n_bins);
  high                = high < most ? high : most;
  low                 = low < high ? low : high;
  fal_weigh(window->b, window->a, window->b, low, high, &window->weighting);
  memset(window->b, 0, 2U * (size_t)low * sizeof(float));
  memset(window->b + 2U * (size_t)high, 0,
         2U * (size_t)(fft->n_bins - high) * sizeof(float));
  fal_real_fft_inverse(fft, window->samples, window->b);
  return FAL_OK;
}

/// Interpolate around r[0], which has TAPS neighbours on both sides; upright
/// where r[0] is below zero
static double
upright(const void* const handle, const double fraction)
{
  const float* const r   = (const float*)handle;
  double             sum = 0.0;
  for (int32_t i = -TAPS; i <= TAPS; ++i) {
    const double x = M_PI * (fraction - i);
    const double w = cos(x / (2.0 * (TAPS + 1.0)));
    sum += (double)r[i] * w * w * (fabs(x) < 1e-9 ? 1.0 : sin(x) / x);
  }
  return r[0] < 0.0f ? -sum : sum;
}

/// Put a peak into its place; a higher one nearby stands for both
static void
insert(FalWindowPeak* const peaks, const FalWindowPeak peak, const float apart)
{
  uint32_t place = FAL_WINDOW_PEAKS;
  for (uint32_t i = 0U; i < FAL_WINDOW_PEAKS; ++i) {
    if (peaks[i].z != 0.0f && fabsf(peaks[i].lag - peak.lag) < apart) {
      if (fabsf(peaks[i].z) >= fabsf(peak.z)) {
        return;
      }
      place = i;
      break;
    }
  }
  if (place == FAL_WINDOW_PEAKS && fabsf(peaks[--place].z) >= fabsf(peak.z)) {
    return;
  }
  for (; place > 0U && fabsf(peaks[place - 1U].z) < fabsf(peak.z); --place) {
    peaks[place] = peaks[place - 1U];
  }
  peaks[place] = peak;
}

/**
   Measure the deviation of chance.

   Where b is silent at many lags, their mean is too low for the others: so the
   loudest part counts, by its mean, which hardly knows about a peak.
*/
static double
measure_deviation(const float* const r, const uint32_t n_lags)
{
  const FalDelayOps* const ops     = fal_delay_ops_get();
  const uint32_t           n_parts = 1U + n_lags / PART;
  double deviation = sqrt((double)ops->energy(r, n_lags) / n_lags);
  for (uint32_t i = 0U; i < n_parts; ++i) {
    const uint32_t from = (uint32_t)((uint64_t)n_lags * i / n_parts);
    const uint32_t to   = (uint32_t)((uint64_t)n_lags * (i + 1U) / n_parts);
    float          top  = 0.0f;
    const double   sum  = (double)ops->survey(r + from, to - from, &top);
    deviation           = fmax(deviation, sum / (to - from) * sqrt(M_PI / 2.0));
  }
  return deviation;
}

FalStatus
fal_delay_window_compare(FalDelayWindow* const     window,
                         FalWindowPeak* const      peaks,
                         const FalDelayPair* const pair,
                         const FalLine* const line, const double middle)
{
  for (uint32_t i = 0U; i < FAL_WINDOW_PEAKS; ++i) {
    peaks[i] = (FalWindowPeak){0.0f, 0.0f};
  }
  const FalStatus st = correlate(window, pair, line, middle);
  if (st) {
    return st;
  }

  const float* const r         = window->samples + TAPS;
  const uint32_t     n_lags    = 2U * window->reach + 1U;
  const double       deviation = measure_deviation(r, n_lags);
  if (!(deviation > 0.0)) {
    return FAL_OK;
  }

  // The line's fraction of a frame was rounded off in reading b
  const double delay = fal_line_at(line, middle);
  const double rest  = (double)llround(delay) - delay;
  for (uint32_t t = 0U; t < n_lags; ++t) {
    const float height = fabsf(r[t]);
    if (height >= fabsf(r[(int32_t)t - 1]) && height > fabsf(r[t + 1U])) {
      const FalWindowPeak peak = {(float)((double)t - window->reach),
                                  (float)((double)r[t] / deviation)};
      insert(peaks, peak, (float)window->apart);
    }
  }
  for (uint32_t i = 0U; i < FAL_WINDOW_PEAKS && peaks[i].z != 0.0f; ++i) {
    const int32_t at = (int32_t)peaks[i].lag + (int32_t)window->reach;
    peaks[i].lag +=
      (float)(fal_golden_top(upright, r + at, -0.6, 0.6, 5e-5) + rest);
  }
  return FAL_OK;
}

FalStatus
fal_delay_window_weigh(FalDelayWindow* const     window,
                       const FalDelayPair* const pair,
                       const FalLine* const line, const double start,
                       const double end)
{
  static const FalWeighting weightings[] = {{FAL_DELAY_PHAT, 0.75, 0.0},
                                            {FAL_DELAY_PHAT, 0.75, 4000.0}};
  double                    sums[2]      = {0.0, 0.0};
  for (uint32_t w = 0U; w < 2U; ++w) {
    window->weighting = weightings[w];
    for (uint32_t i = 0U; i < N_PROBES; ++i) {
      FalWindowPeak   peaks[FAL_WINDOW_PEAKS];
      const double    middle = start + (i + 0.5) / N_PROBES * (end - start);
      const FalStatus st =
        fal_delay_window_compare(window, peaks, pair, line, middle);
      if (st) {
        return st;
      }
      sums[w] += (double)fabsf(peaks[0].z);
    }
  }
  window->weighting = weightings[sums[1] > sums[0] ? 1 : 0];
  return FAL_OK;
}
