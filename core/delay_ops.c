// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  Compiled once for each instruction set, with FAL_DELAY_OPS (the table's
  symbol) and FAL_LANES (floats in a vector register) set by the build. What is
  left of a vector at the end is copied, and filled up with zeros.
*/

#include "core/delay_ops.h"

#include "core/butterfly.h"
#include "core/shuffle.h"
#include "core/vector.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// The modulus of 0, to be divided by
#define LEAST 1e-20f

static inline Vec
root(Vec v)
{
  for (int i = 0; i < L; ++i) {
    v[i] = sqrtf(v[i]);
  }
  return v;
}

static inline Vec
absolute(Vec v)
{
  for (int i = 0; i < L; ++i) {
    v[i] = fabsf(v[i]);
  }
  return v;
}

static inline Vec
larger(Vec a, const Vec b)
{
  for (int i = 0; i < L; ++i) {
    a[i] = a[i] > b[i] ? a[i] : b[i];
  }
  return a;
}

static inline void
cross_some(float* const g, const float* const a, const float* const b)
{
  store_pairs(g, multiply_conj(load_pairs(b), load_pairs(a)));
}

static void
cross(float* const g, const float* const a, const float* const b,
      const size_t n)
{
  const size_t whole = n / L * L;
  for (size_t k = 0U; k < whole; k += L) {
    cross_some(g + 2U * k, a + 2U * k, b + 2U * k);
  }
  const size_t n_bytes  = 2U * (n - whole) * sizeof(float);
  float        x[2 * L] = {0.0f};
  float        y[2 * L] = {0.0f};
  memcpy(x, a + 2U * whole, n_bytes);
  memcpy(y, b + 2U * whole, n_bytes);
  cross_some(x, x, y);
  memcpy(g + 2U * whole, x, n_bytes);
}

// Square roots alone are several times faster than powf()
static inline void
whiten_some(float* const g, const uint32_t quarters)
{
  const Part z = load_pairs(g);
  Vec        m = root(z.re * z.re + z.im * z.im) + splat(LEAST);
  if (quarters == 3U) {
    m *= root(m);
  }
  if (quarters < 4U) {
    m = root(m);
  }
  const Vec gain = splat(1.0f) / m;
  store_pairs(g, (Part){z.re * gain, z.im * gain});
}

static void
whiten(float* const g, const size_t n, const uint32_t quarters)
{
  const size_t whole = n / L * L;
  for (size_t k = 0U; k < whole; k += L) {
    whiten_some(g + 2U * k, quarters);
  }
  const size_t n_bytes  = 2U * (n - whole) * sizeof(float);
  float        x[2 * L] = {0.0f};
  memcpy(x, g + 2U * whole, n_bytes);
  whiten_some(x, quarters);
  memcpy(g + 2U * whole, x, n_bytes);
}

/// Load what is left from t on, with zeros behind it
static inline Vec
load_rest(const float* const x, const size_t t, const size_t n)
{
  float rest[L] = {0.0f};
  memcpy(rest, x + t, (n - t) * sizeof(float));
  return load(rest);
}

static inline float
add_lanes(const Vec v)
{
  float sum = 0.0f;
  for (int i = 0; i < L; ++i) {
    sum += v[i];
  }
  return sum;
}

static float
survey(const float* const x, const size_t n, float* const highest)
{
  const size_t whole = n / L * L;
  Vec          sum   = absolute(load_rest(x, whole, n));
  Vec          most  = sum;
  for (size_t t = 0U; t < whole; t += L) {
    const Vec v = absolute(load(x + t));
    sum += v;
    most = larger(most, v);
  }
  *highest = 0.0f;
  for (int i = 0; i < L; ++i) {
    *highest = fmaxf(*highest, most[i]);
  }
  return add_lanes(sum);
}

static float
energy(const float* const x, const size_t n)
{
  const size_t whole = n / L * L;
  Vec          sum   = load_rest(x, whole, n);
  sum *= sum;
  for (size_t t = 0U; t < whole; t += L) {
    const Vec v = load(x + t);
    sum += v * v;
  }
  return add_lanes(sum);
}

extern const FalDelayOps FAL_DELAY_OPS;

const FalDelayOps FAL_DELAY_OPS = {
  .cross  = cross,
  .whiten = whiten,
  .survey = survey,
  .energy = energy,
};
