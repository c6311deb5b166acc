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
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Half as many floats, and the doubles that fill a register
typedef float HalfVec
  __attribute__((vector_size(FAL_LANES / 2 * sizeof(float)), may_alias));
typedef double Wide
  __attribute__((vector_size(FAL_LANES / 2 * sizeof(double)), may_alias));

enum { HALF = FAL_LANES / 2 };

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

static inline Wide
widen(const float* const p)
{
  HalfVec v;
  memcpy(&v, p, sizeof(v));
  return __builtin_convertvector(v, Wide);
}

static inline Wide
load_wide(const double* const p)
{
  Wide v;
  memcpy(&v, p, sizeof(v));
  return v;
}

/// Add to as many doubles
static inline void
add_to(double* const p, const Vec v)
{
  float x[L];
  store(x, v);
  for (int i = 0; i < L; i += HALF) {
    const Wide sum = load_wide(p + i) + widen(x + i);
    memcpy(p + i, &sum, sizeof(sum));
  }
}

/// A place on the unit circle, and how far each step goes
typedef struct {
  double re;
  double im;
  double step_re;
  double step_im;
} Circle;

static inline Circle
begin(const double start, const double step)
{
  return (Circle){cos(start), sin(start), cos(step), sin(step)};
}

static inline void
go_on(Circle* const c)
{
  const double re = c->re * c->step_re - c->im * c->step_im;
  c->im           = c->re * c->step_im + c->im * c->step_re;
  c->re           = re;
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

static void
taper(float* const x, const float* const cosine, const float* const sine,
      const size_t n, const float c, const float s)
{
  for (size_t t = 0U; t < n; ++t) {
    x[t] *= 0.5f - (c * cosine[t] + s * sine[t]);
  }
}

static inline void
accumulate_some(float* const g, double* const aa, double* const bb,
                const float* const a, const float* const b, const Part lanes,
                const Circle* const at)
{
  const Part x   = load_pairs(a);
  const Part y   = load_pairs(b);
  const Part sum = load_pairs(g);
  const Part turn =
    multiply(lanes, (Part){splat((float)at->re), splat((float)at->im)});
  store_pairs(g, add(sum, multiply(multiply_conj(y, x), turn)));
  add_to(aa, x.re * x.re + x.im * x.im);
  add_to(bb, y.re * y.re + y.im * y.im);
}

static void
accumulate(float* const g, double* const aa, double* const bb,
           const float* const a, const float* const b, const size_t n,
           const double start, const double step)
{
  const size_t whole = n / L * L;
  Circle       at    = begin(start, L * step);
  Part         lanes;
  for (int i = 0; i < L; ++i) {
    lanes.re[i] = (float)cos(i * step);
    lanes.im[i] = (float)sin(i * step);
  }
  for (size_t k = 0U; k < whole; k += L) {
    accumulate_some(g + 2U * k, aa + k, bb + k, a + 2U * k, b + 2U * k, lanes,
                    &at);
    go_on(&at);
  }

  const size_t rest      = n - whole;
  float        x[2 * L]  = {0.0f};
  float        y[2 * L]  = {0.0f};
  float        z[2 * L]  = {0.0f};
  double       x_sums[L] = {0.0};
  double       y_sums[L] = {0.0};
  memcpy(x, a + 2U * whole, 2U * rest * sizeof(float));
  memcpy(y, b + 2U * whole, 2U * rest * sizeof(float));
  accumulate_some(z, x_sums, y_sums, x, y, lanes, &at);
  for (size_t k = 0U; k < rest; ++k) {
    g[2U * (whole + k)] += z[2U * k];
    g[2U * (whole + k) + 1U] += z[2U * k + 1U];
    aa[whole + k] += x_sums[k];
    bb[whole + k] += y_sums[k];
  }
}

/// What stands beside g, in the order (re, im): (sin, cos) and (cos, -sin) of
/// L / 2 bins
typedef struct {
  Wide sine[2];
  Wide cosine[2];
} Lanes;

static inline void
differentiate_some(Wide first[2], Wide second[2], const float* const g,
                   const double* const slopes, const double* const bends,
                   const Lanes* const lanes, const Circle* const at)
{
  for (int i = 0; i < 2; ++i) {
    const Wide z      = widen(g + i * HALF);
    const Wide sine   = lanes->sine[i] * at->re + lanes->cosine[i] * at->im;
    const Wide cosine = lanes->cosine[i] * at->re - lanes->sine[i] * at->im;
    first[i] += load_wide(slopes + i * HALF) * z * sine;
    second[i] += load_wide(bends + i * HALF) * z * cosine;
  }
}

static void
differentiate(double sums[2], const float* const g, const double* const slopes,
              const double* const bends, const size_t n, const double start,
              const double step)
{
  const size_t whole = n / HALF * HALF;
  Circle       at    = begin(start, HALF * step);
  Lanes        lanes;
  for (int i = 0; i < L; ++i) {
    const int    k                   = i / 2;
    const double angle               = k * step;
    const bool   is_real             = i % 2 == 0;
    lanes.sine[i / HALF][i % HALF]   = is_real ? sin(angle) : cos(angle);
    lanes.cosine[i / HALF][i % HALF] = is_real ? cos(angle) : -sin(angle);
  }

  Wide first[2]  = {{0.0}, {0.0}};
  Wide second[2] = {{0.0}, {0.0}};
  for (size_t k = 0U; k < whole; k += HALF) {
    differentiate_some(first, second, g + 2U * k, slopes + 2U * k,
                       bends + 2U * k, &lanes, &at);
    go_on(&at);
  }

  const size_t rest = 2U * (n - whole);
  float        z[L] = {0.0f};
  double       s[L] = {0.0};
  double       b[L] = {0.0};
  memcpy(z, g + 2U * whole, rest * sizeof(float));
  memcpy(s, slopes + 2U * whole, rest * sizeof(double));
  memcpy(b, bends + 2U * whole, rest * sizeof(double));
  differentiate_some(first, second, z, s, b, &lanes, &at);
  sums[0] = 0.0;
  sums[1] = 0.0;
  for (int i = 0; i < HALF; ++i) {
    sums[0] += first[0][i] + first[1][i];
    sums[1] += second[0][i] + second[1][i];
  }
}

extern const FalDelayOps FAL_DELAY_OPS;

const FalDelayOps FAL_DELAY_OPS = {
  .cross         = cross,
  .whiten        = whiten,
  .survey        = survey,
  .energy        = energy,
  .taper         = taper,
  .accumulate    = accumulate,
  .differentiate = differentiate,
};
