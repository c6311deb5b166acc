// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/meter.h"

#include "core/status.h"
#include "offline/planes.h"

#ifdef FAL_HAVE_EBUR128
#include <ebur128.h>
#endif

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Frames that are interleaved at once
#define PIECE_FRAMES 256U

struct FalMeter {
  FalMeasure measure;
  uint32_t   n_channels;
  uint64_t   n_frames;
  double     peak;
  double     energy;
#ifdef FAL_HAVE_EBUR128
  ebur128_state* state;
  float*         frames; ///< [PIECE_FRAMES][n_channels]
#endif
};

#ifdef FAL_HAVE_EBUR128

static FalStatus
start_loudness(FalMeter* const meter, const uint32_t rate_hz)
{
  meter->state = ebur128_init(meter->n_channels, rate_hz, EBUR128_MODE_I);
  meter->frames =
    (float*)malloc(PIECE_FRAMES * meter->n_channels * sizeof(float));
  return meter->state && meter->frames ? FAL_OK : FAL_ERR_NO_MEM;
}

static FalStatus
add_loudness(FalMeter* const meter, const FalPlanes* const planes,
             const size_t n_frames)
{
  for (size_t t = 0U; t < n_frames; t += PIECE_FRAMES) {
    const size_t n = n_frames - t < PIECE_FRAMES ? n_frames - t : PIECE_FRAMES;
    for (size_t s = 0U; s < n; ++s) {
      for (uint32_t c = 0U; c < meter->n_channels; ++c) {
        meter->frames[s * meter->n_channels + c] =
          (float)fal_planes_get(planes, c, t + s);
      }
    }
    if (ebur128_add_frames_float(meter->state, meter->frames, n)) {
      return FAL_ERR_NO_MEM;
    }
  }
  return FAL_OK;
}

static double
loudness_db(const FalMeter* const meter)
{
  double lufs = -HUGE_VAL;
  return ebur128_loudness_global(meter->state, &lufs) ? -HUGE_VAL : lufs;
}

static void
end_loudness(FalMeter* const meter)
{
  if (meter->state) {
    ebur128_destroy(&meter->state);
  }
  free(meter->frames);
}

#else

static FalStatus
start_loudness(FalMeter* const meter, const uint32_t rate_hz)
{
  (void)meter;
  (void)rate_hz;
  return FAL_ERR_BAD_ARG;
}

static FalStatus
add_loudness(FalMeter* const meter, const FalPlanes* const planes,
             const size_t n_frames)
{
  (void)meter;
  (void)planes;
  (void)n_frames;
  return FAL_ERR_BAD_ARG;
}

static double
loudness_db(const FalMeter* const meter)
{
  (void)meter;
  return -HUGE_VAL;
}

static void
end_loudness(FalMeter* const meter)
{
  (void)meter;
}

#endif

bool
fal_meter_has(const FalMeasure measure)
{
#ifdef FAL_HAVE_EBUR128
  (void)measure;
  return true;
#else
  return measure != FAL_MEASURE_LUFS;
#endif
}

FalStatus
fal_meter_new(FalMeter** const meter, const FalMeasure measure,
              const uint32_t n_channels, const uint32_t rate_hz)
{
  FalMeter* const made = (FalMeter*)calloc(1U, sizeof(FalMeter));
  if (!made) {
    return FAL_ERR_NO_MEM;
  }
  made->measure    = measure;
  made->n_channels = n_channels;
  const FalStatus st =
    measure == FAL_MEASURE_LUFS ? start_loudness(made, rate_hz) : FAL_OK;
  if (st) {
    fal_meter_free(made);
    return st;
  }
  *meter = made;
  return FAL_OK;
}

FalStatus
fal_meter_add(FalMeter* const meter, const FalPlanes* const planes,
              const size_t n_frames)
{
  meter->n_frames += n_frames;
  if (meter->measure == FAL_MEASURE_LUFS) {
    return add_loudness(meter, planes, n_frames);
  }
  for (uint32_t c = 0U; c < meter->n_channels; ++c) {
    meter->peak =
      fmax(meter->peak, (double)fal_planes_peak(planes, c, n_frames));
    for (size_t t = 0U; t < n_frames; ++t) {
      const double x = fal_planes_get(planes, c, t);
      meter->energy += x * x;
    }
  }
  return FAL_OK;
}

double
fal_meter_db(const FalMeter* const meter)
{
  switch (meter->measure) {
    case FAL_MEASURE_NONE:
      break;
    case FAL_MEASURE_PEAK:
      return 20.0 * log10(meter->peak);
    case FAL_MEASURE_RMS:
      return 10.0 *
             log10(meter->energy / (double)meter->n_frames / meter->n_channels);
    case FAL_MEASURE_LUFS:
      return loudness_db(meter);
  }
  return 0.0;
}

void
fal_meter_free(FalMeter* const meter)
{
  if (meter) {
    end_loudness(meter);
    free(meter);
  }
}
