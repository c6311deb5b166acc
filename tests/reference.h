// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file reference.h What tests measure by: slow, obvious, double precision.

   Noise is reproducible on every machine: integers until the last step.
*/

#ifndef FAL_TESTS_REFERENCE_H
#define FAL_TESTS_REFERENCE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// The next of a stream of random integers (SplitMix64: Steele et al. 2014)
static inline uint64_t
ref_random(uint64_t* const state)
{
  uint64_t z = (*state += 0x9E3779B97F4A7C15U);
  z          = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z          = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// A random integer from `low` to `high`, both included
static inline size_t
ref_between(uint64_t* const state, const size_t low, const size_t high)
{
  return low + (size_t)(ref_random(state) % (high - low + 1U));
}

/// White noise, uniform from -1 to 1
static inline void
ref_noise(float* const x, const size_t n, const uint64_t seed)
{
  uint64_t state = seed;
  for (size_t t = 0U; t < n; ++t) {
    const int32_t top = (int32_t)(ref_random(&state) >> 40U) - 0x800000;
    x[t]              = (float)top * 0x1p-23F;
  }
}

/// Noise that decays by 60 dB over `n` frames: a response like a room's
static inline void
ref_decaying_noise(float* const h, const size_t n, const uint64_t seed)
{
  ref_noise(h, n, seed);
  for (size_t t = 0U; t < n; ++t) {
    h[t] *= (float)pow(10.0, -3.0 * (double)t / (double)n);
  }
}

/// Memory for `n` floats, or the end of the test
static inline float*
ref_floats(const size_t n)
{
  float* const x = (float*)calloc(n ? n : 1U, sizeof(float));
  if (!x) {
    abort();
  }
  return x;
}

/// Memory for `n` doubles, or the end of the test
static inline double*
ref_doubles(const size_t n)
{
  double* const x = (double*)calloc(n ? n : 1U, sizeof(double));
  if (!x) {
    abort();
  }
  return x;
}

/// New noise of `n` frames
static inline float*
ref_new_noise(const size_t n, const uint64_t seed)
{
  float* const x = ref_floats(n);
  ref_noise(x, n, seed);
  return x;
}

/// y += x * h, full: [n_x + n_h - 1], by the sum itself
static inline void
ref_add_convolution(double* const y, const float* const x, const size_t n_x,
                    const float* const h, const size_t n_h)
{
  for (size_t s = 0U; s < n_h; ++s) {
    const double  gain = (double)h[s];
    double* const from = y + s;
    for (size_t t = 0U; t < n_x; ++t) {
      from[t] += gain * (double)x[t];
    }
  }
}

/// New x * h, full: [n_x + n_h - 1]
static inline double*
ref_convolution(const float* const x, const size_t n_x, const float* const h,
                const size_t n_h)
{
  double* const y = ref_doubles(n_x + n_h - 1U);
  ref_add_convolution(y, x, n_x, h, n_h);
  return y;
}

/// One frame of x * h: to try long convolutions at some places
static inline double
ref_convolution_at(const float* const x, const size_t n_x, const float* const h,
                   const size_t n_h, const size_t t)
{
  const size_t first = t >= n_x ? t - n_x + 1U : 0U;
  double       y     = 0.0;
  for (size_t s = first; s < n_h && s <= t; ++s) {
    y += (double)h[s] * (double)x[t - s];
  }
  return y;
}

/// RMS of y - reference over the RMS of the reference
static inline double
ref_error_db(const float* const y, const double* const reference,
             const size_t n)
{
  double error  = 0.0;
  double energy = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    const double e = (double)y[t] - reference[t];
    error += e * e;
    energy += reference[t] * reference[t];
  }
  return error > 0.0 ? 10.0 * log10(error / energy) : -400.0;
}

/// The largest of |y - reference| over the RMS of the reference
static inline double
ref_peak_error_db(const float* const y, const double* const reference,
                  const size_t n)
{
  double peak   = 0.0;
  double energy = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    peak = fmax(peak, fabs((double)y[t] - reference[t]));
    energy += reference[t] * reference[t];
  }
  return peak > 0.0 ? 20.0 * log10(peak / sqrt(energy / (double)n)) : -400.0;
}

#endif // FAL_TESTS_REFERENCE_H
