// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file continuous.h Noise as a function of continuous time, for tests

#ifndef FAL_TESTS_CONTINUOUS_H
#define FAL_TESTS_CONTINUOUS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Frames that a recording has
#define N_FRAMES 48000U

/// Half the taps of the kernel that makes noise continuous
#define REACH 32

/// Its edge, cycles a frame; 150 dB down at 0.08 more
#define EDGE 0.35

static inline double
next_gauss(uint64_t* const state)
{
  double sum = 0.0;
  for (uint32_t i = 0U; i < 12U; ++i) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    sum += (double)(*state >> 11U) * 0x1p-53;
  }
  return sum - 6.0;
}

/// Noise on a grid, which a kernel makes a function of continuous time
typedef struct {
  double grid[N_FRAMES + 16384U];
} Noise;

static inline Noise*
new_noise(const uint64_t seed)
{
  Noise* const noise = (Noise*)malloc(sizeof(Noise));
  uint64_t     state = seed * 977U + 1U;
  for (size_t i = 0U; i < sizeof(noise->grid) / sizeof(double); ++i) {
    noise->grid[i] = next_gauss(&state);
  }
  return noise;
}

static inline double
bessel_i0(const double x)
{
  double sum  = 1.0;
  double term = 1.0;
  for (uint32_t k = 1U; k < 60U && term > 1e-18 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

/// The kernel's taps for a fraction: a low-pass under Kaiser's window
static inline void
write_taps(double* const taps, const double fraction)
{
  for (int32_t i = 0; i < 2 * REACH; ++i) {
    const double u = fraction + REACH - 1 - i;
    const double v = 2.0 * M_PI * EDGE * u;
    const double r = u / REACH;
    taps[i]        = fabs(r) < 1.0
                       ? (fabs(v) < 1e-9 ? 1.0 : sin(v) / v) *
                    bessel_i0(15.0 * sqrt(1.0 - r * r)) / bessel_i0(15.0)
                       : 0.0;
  }
}

/// The noise at a time; the taps are those of the fraction `last`
static inline double
sample(const Noise* const noise, const double time, double* const taps,
       double* const last)
{
  const double  at    = time + 8192.0;
  const double  whole = floor(at + 1e-9);
  const double* first = noise->grid + (int64_t)whole - REACH + 1;
  double        sum   = 0.0;
  if (fabs(at - whole - *last) > 1e-9) {
    *last = at - whole;
    write_taps(taps, *last);
  }
  for (uint32_t i = 0U; i < 2U * REACH; ++i) {
    sum += first[i] * taps[i];
  }
  return sum;
}

/// Where frame t of a recording looks into the noise
typedef double (*Course)(double t);

/// Frame t has the noise at course(t); the deviation is 0.1 * gain
static inline float*
record_along(const Noise* const noise, const Course course, const double gain)
{
  float* const x = (float*)malloc(N_FRAMES * sizeof(float));
  double       taps[2 * REACH];
  double       last = -1.0;
  for (uint32_t t = 0U; t < N_FRAMES; ++t) {
    x[t] = (float)(0.1 * gain * sample(noise, course(t), taps, &last));
  }
  return x;
}

/// Frame t has the noise at (t - delay) / (1 + drift)
static inline float*
record(const Noise* const noise, const double delay, const double drift,
       const double gain)
{
  float* const x = (float*)malloc(N_FRAMES * sizeof(float));
  double       taps[2 * REACH];
  double       last = -1.0;
  for (uint32_t t = 0U; t < N_FRAMES; ++t) {
    const double at = (t - delay) / (1.0 + drift);
    x[t]            = (float)(0.1 * gain * sample(noise, at, taps, &last));
  }
  return x;
}

#endif // FAL_TESTS_CONTINUOUS_H
