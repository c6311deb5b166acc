// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/convolve.h"

#include "core/arena.h"
#include "core/ola.h"
#include "core/ola_cost.h"
#include "core/route.h"
#include "core/simd.h"
#include "core/status.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Terms of a direct sum that are added one by one: rounding grows with them
#define LEAST_PIECE 64U

// Of the direct sum, as bench/convolve prints them: nanoseconds
#define CALL_NS 150.0
#define PRODUCT_NS 0.055

/// Frames of a direct sum that are computed at a time, at least
#define LEAST_SPAN 16384U

/// The part of the full result that is wanted
typedef struct {
  size_t start;
  size_t n;
} Cut;

size_t
fal_mode_frames(const FalMode mode, const size_t n, const size_t m)
{
  switch (mode) {
    case FAL_FULL:
      return n + m - 1U;
    case FAL_SAME:
      return n;
    case FAL_VALID:
      return (n > m ? n - m : m - n) + 1U;
  }
  return 0U;
}

static size_t
mode_start(const FalMode mode, const size_t n, const size_t m)
{
  switch (mode) {
    case FAL_FULL:
      return 0U;
    case FAL_SAME:
      return (m - 1U) / 2U;
    case FAL_VALID:
      return (n < m ? n : m) - 1U;
  }
  return 0U;
}

FalMethod
fal_convolve_method(const size_t n_y, const size_t n, const size_t m)
{
  const double x      = (double)(n > m ? n : m);
  const double h      = (double)(n > m ? m : n);
  const double direct = CALL_NS + PRODUCT_NS * h * (double)n_y;

  return direct <= fal_ola_cost_ns(fal_ola_best_log2(x, h), x, h)
           ? FAL_METHOD_DIRECT
           : FAL_METHOD_FFT;
}

/// Sum directly: y[t] for as many frames from `start` of the full result
static void
sum_span(float* const y, const size_t start, const size_t n_y,
         const float* const x, const size_t n_x, const float* const h,
         const size_t n_h, float* const padded)
{
  // What is heard in the span starts n_before frames before it
  const size_t n_before = start < n_h - 1U ? start : n_h - 1U;
  const size_t first    = start - n_before;
  const size_t wanted   = n_before + n_y;
  const size_t left     = first < n_x ? n_x - first : 0U;
  const size_t n_there  = left < wanted ? left : wanted;
  memcpy(padded, x + (n_there ? first : 0U), n_there * sizeof(float));
  memset(padded + n_there, 0, (wanted - n_there) * sizeof(float));
  memset(y, 0, n_y * sizeof(float));

  // Piece by piece: one that starts at frame s of the response is heard from s
  const FalSimd* const simd  = fal_simd_get();
  const size_t         root  = (size_t)sqrt((double)n_h);
  const size_t         piece = root > LEAST_PIECE ? root : LEAST_PIECE;
  for (size_t s = 0U; s < n_h && s < wanted; s += piece) {
    const size_t n    = n_h - s < piece ? n_h - s : piece;
    const size_t from = s > n_before ? s : n_before;
    simd->direct(y + (from - n_before), (uint32_t)(from - s),
                 (uint32_t)(wanted - from), h + s, (uint32_t)n, padded);
  }
}

static FalStatus
convolve_direct(float* const y, const float* const x, const size_t n_x,
                const float* const h, const size_t n_h, const Cut cut)
{
  const size_t most  = n_h > LEAST_SPAN ? n_h : LEAST_SPAN;
  const size_t span  = cut.n < most ? cut.n : most;
  FalArena     arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, n_h + span + 2U * FAL_DIRECT_PAD);
  if (fal_arena_allocate(&arena)) {
    return FAL_ERR_NO_MEM;
  }

  float* const padded = (float*)arena.base + FAL_DIRECT_PAD;
  for (size_t t = 0U; t < cut.n; t += span) {
    const size_t n = cut.n - t < span ? cut.n - t : span;
    sum_span(y + t, cut.start + t, n, x, n_x, h, n_h, padded);
  }
  fal_arena_release(arena.base);
  return FAL_OK;
}

/// Stream the blocks that the cut needs through, keeping what lies in it
static void
stream(FalOla* const ola, float* const buffer, float* const y,
       const float* const x, const size_t n_x, const Cut cut)
{
  const size_t       block = fal_ola_block(ola);
  const size_t       end   = cut.start + cut.n;
  const float* const in[]  = {buffer};
  float* const       out[] = {buffer};

  for (size_t t = 0U; t < end; t += block) {
    const size_t n_in = t >= n_x ? 0U : n_x - t < block ? n_x - t : block;
    memcpy(buffer, x + (n_in ? t : 0U), n_in * sizeof(float));
    memset(buffer + n_in, 0, (block - n_in) * sizeof(float));
    fal_ola_process(ola, n_in ? in : NULL, out);

    const size_t first = t > cut.start ? t : cut.start;
    const size_t last  = t + block < end ? t + block : end;
    if (first < last) {
      memcpy(y + (first - cut.start), buffer + (first - t),
             (last - first) * sizeof(float));
    }
  }
}

static FalStatus
convolve_fft(float* const y, const float* const x, const size_t n_x,
             const float* const h, const size_t n_h, const Cut cut)
{
  const FalRoute     route  = {0U, 0U, (uint32_t)n_h, h};
  const FalOlaConfig config = {
    .n_inputs = 1U, .n_outputs = 1U, .n_frames = n_x};
  FalOla*   ola = NULL;
  FalStatus st  = FAL_OK;
  if ((st = fal_ola_new(&ola, &config, &route, 1U))) {
    return st;
  }

  FalArena arena = {NULL, 0U};
  (void)fal_arena_floats(&arena, fal_ola_block(ola));
  if (!(st = fal_arena_allocate(&arena))) {
    stream(ola, fal_arena_floats(&arena, fal_ola_block(ola)), y, x, n_x, cut);
  }
  fal_arena_release(arena.base);
  fal_ola_free(ola);
  return st;
}

FalStatus
fal_convolve_part(float* const y, size_t start, const size_t n_y,
                  const float* x, size_t n_x, const float* h, size_t n_h,
                  const FalMethod method)
{
  if (!n_x || !n_h || n_x > SIZE_MAX / 16U - n_h) {
    return FAL_ERR_BAD_ARG;
  }

  // Convolution is commutative: the longer sequence is the stream
  if (n_x < n_h) {
    const float* const shorter   = x;
    const size_t       n_shorter = n_x;

    x   = h;
    n_x = n_h;
    h   = shorter;
    n_h = n_shorter;
  }
  if (n_h > INT32_MAX) {
    return FAL_ERR_TOO_LARGE;
  }

  const size_t n_full = n_x + n_h - 1U;
  const size_t n_left = start < n_full ? n_full - start : 0U;
  const size_t n      = n_left < n_y ? n_left : n_y;
  memset(y + n, 0, (n_y - n) * sizeof(float));
  if (!n) {
    return FAL_OK;
  }

  // Only what the part hears
  const size_t skip = start >= n_h ? start - (n_h - 1U) : 0U;
  const size_t end  = start + n < n_x ? start + n : n_x;
  const Cut    cut  = {start - skip, n};
  x += skip;
  n_x = end - skip;

  const bool is_direct =
    (method == FAL_METHOD_AUTO ? fal_convolve_method(cut.n, n_x, n_h)
                               : method) == FAL_METHOD_DIRECT;
  return is_direct ? convolve_direct(y, x, n_x, h, n_h, cut)
                   : convolve_fft(y, x, n_x, h, n_h, cut);
}

FalStatus
fal_convolve(float* const y, const float* const x, const size_t n_x,
             const float* const h, const size_t n_h, const FalMode mode,
             const FalMethod method)
{
  if (!n_x || !n_h || n_x > SIZE_MAX / 16U - n_h) {
    return FAL_ERR_BAD_ARG;
  }
  return fal_convolve_part(y, mode_start(mode, n_x, n_h),
                           fal_mode_frames(mode, n_x, n_h), x, n_x, h, n_h,
                           method);
}
