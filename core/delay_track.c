// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/delay_track.h"

#include "core/arena.h"
#include "core/delay_parts.h"
#include "core/delay_window.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

/// States of a window: its peaks, and that nothing is heard
#define N_STATES (FAL_WINDOW_PEAKS + 1U)
#define NOTHING FAL_WINDOW_PEAKS

/// Most that one window may say for a peak, as a logarithm of likelihood
#define MOST_GAIN 60.0

/// Costs, as logarithms: to jump, to lose or find again, to turn round
#define JUMP 20.0
#define LOSS 6.0
#define TURN 6.0

/// Change of delay that costs half: a source at 3.4 m/s
#define USUAL_SLOPE 0.01

/// Windows that are tracked at most
#define MAX_WINDOWS 4000000.0

/// Shortest window, frames
#define LEAST_LENGTH 128.0

/// The peaks of all windows, and the best way to each
typedef struct {
  uint32_t       n;
  FalWindowPeak* peaks; ///< [n][FAL_WINDOW_PEAKS]
  uint8_t*       from;  ///< [n][N_STATES] state of the window before
} Trellis;

/// Windows along a, in frames
typedef struct {
  FalLine  line;
  double   first; ///< Middle of the first window
  double   step;
  uint32_t n;
  uint32_t begin; ///< First window that b may hold
  uint32_t end;   ///< Behind the last
} Course;

static void
lay_out(Trellis* const trellis, FalArena* const arena)
{
  const size_t n_peaks = (size_t)trellis->n * FAL_WINDOW_PEAKS;
  trellis->peaks =
    (FalWindowPeak*)fal_arena_carve(arena, n_peaks * sizeof(FalWindowPeak));
  trellis->from =
    (uint8_t*)fal_arena_carve(arena, (size_t)trellis->n * N_STATES);
}

/// Lay windows over a, and find those that b may hold within the reach
static bool
plan(Course* const course, const FalDelayPair* const pair,
     const FalDelay* const found, const double length, const double step,
     const double reach)
{
  const double rate  = pair->rate_hz;
  const double delay = found->seconds * rate;
  const double slope = found->drift_ppm * 1e-6;
  const double n_a   = (double)pair->a.n_frames;
  const double n_b   = (double)pair->b.n_frames;
  const double start = fmax(0.0, -(delay + reach) / (1.0 + slope));
  const double end   = fmin(n_a, (n_b - delay + reach) / (1.0 + slope));
  const double ways  = fmax(0.0, n_a - length);
  if (!(end > start) || ways / step >= MAX_WINDOWS) {
    return false;
  }

  course->line  = (FalLine){.lag       = delay,
                            .slope     = slope,
                            .channel_a = found->channel_a,
                            .channel_b = found->channel_b};
  course->first = fmin(n_a, length) / 2.0;
  course->step  = step;
  course->n     = 1U + (uint32_t)floor(ways / step);

  // Those that lie within; at least one, even if it does not
  const double last   = course->n - 1.0;
  const double before = fmin(last, ceil(start / step));
  const double behind = floor(fmin(last, (end - length) / step));
  course->begin       = (uint32_t)before;
  course->end         = 1U + (uint32_t)fmax(before, behind);
  return true;
}

/// Return what it costs to go from one peak to another
static double
cost(const FalWindowPeak p, const FalWindowPeak q, const double usual)
{
  const double bend = (double)(q.lag - p.lag) / usual;
  const double turn = (p.z < 0.0f) == (q.z < 0.0f) ? 0.0 : TURN;
  return fmin(JUMP, 0.5 * bend * bend) + turn;
}

/// Viterbi's algorithm; the last state of the best way is returned
static uint32_t
follow(const Trellis* const trellis, const double chance, const double usual)
{
  double best[N_STATES] = {0.0};
  for (uint32_t w = 0U; w < trellis->n; ++w) {
    const FalWindowPeak* const q    = trellis->peaks + w * FAL_WINDOW_PEAKS;
    const FalWindowPeak* const p    = w ? q - FAL_WINDOW_PEAKS : q;
    uint8_t* const             from = trellis->from + w * N_STATES;
    double                     next[N_STATES];
    for (uint32_t s = 0U; s < N_STATES; ++s) {
      const double z    = s == NOTHING ? 0.0 : (double)q[s].z;
      const double gain = s == NOTHING ? 0.0
                          : z == 0.0   ? -INFINITY
                                       : fmin(MOST_GAIN, 0.5 * z * z) - chance;
      next[s]           = -INFINITY;
      from[s]           = NOTHING;
      for (uint32_t r = 0U; r < N_STATES; ++r) {
        const double way = r == NOTHING && s == NOTHING ? 0.0
                           : !w || r == NOTHING || s == NOTHING
                             ? LOSS
                             : cost(p[r], q[s], usual);
        if (best[r] - way + gain > next[s]) {
          next[s] = best[r] - way + gain;
          from[s] = (uint8_t)r;
        }
      }
    }
    for (uint32_t s = 0U; s < N_STATES; ++s) {
      best[s] = next[s];
    }
  }

  uint32_t last = NOTHING;
  for (uint32_t s = 0U; s < N_STATES; ++s) {
    last = best[s] - LOSS > best[NOTHING] && best[s] > best[last] ? s : last;
  }
  return last;
}

/// Write the best way, from its end
static void
describe(FalDelayPoint* const points, const Trellis* const trellis,
         uint32_t state, const Course* const course, const double rate_hz)
{
  for (uint32_t w = trellis->n; w-- > 0U;) {
    const double         middle = course->first + w * course->step;
    FalDelayPoint* const point  = &points[w];
    *point                      = (FalDelayPoint){.time_s = middle / rate_hz};
    if (state != NOTHING) {
      const FalWindowPeak peak = trellis->peaks[w * FAL_WINDOW_PEAKS + state];
      point->seconds =
        (fal_line_at(&course->line, middle) + (double)peak.lag) / rate_hz;
      point->score    = fabs((double)peak.z);
      point->inverted = peak.z < 0.0f;
      point->found    = true;
    }
    state = trellis->from[w * N_STATES + state];
  }
}

static FalStatus
compare(const Trellis* const trellis, FalDelayWindow* const window,
        const FalDelayPair* const pair, const Course* const course)
{
  const double start = course->first + course->begin * course->step;
  const double end   = course->first + course->end * course->step;
  FalStatus    st =
    fal_delay_window_weigh(window, pair, &course->line, start, end);
  for (uint32_t w = course->begin; !st && w < course->end; ++w) {
    st = fal_delay_window_compare(window, trellis->peaks + w * FAL_WINDOW_PEAKS,
                                  pair, &course->line,
                                  course->first + w * course->step);
  }
  return st;
}

FalStatus
fal_delay_track(FalDelayTrack* const track, const FalDelayPair* const pair,
                const FalDelay* const found, const FalTracking* const tracking)
{
  const double rate     = pair->rate_hz;
  const double window_s = tracking->window_s > 0.0 ? tracking->window_s : 0.25;
  const double step_s =
    tracking->step_s > 0.0 ? tracking->step_s : window_s / 2.0;
  const double reach_s = tracking->reach_s > 0.0 ? tracking->reach_s : 0.1;
  const double length  = fmax(LEAST_LENGTH, round(window_s * rate));
  const double reach   = fmax(8.0, ceil(reach_s * rate));
  const double step    = fmax(1.0, step_s * rate);
  Course       course;
  if (!(length + 2.0 * reach < 0x1p28) ||
      found->channel_a >= pair->a.n_channels ||
      found->channel_b >= pair->b.n_channels ||
      !plan(&course, pair, found, length, step, reach)) {
    return FAL_ERR_BAD_ARG;
  }

  FalDelayWindow window;
  Trellis        trellis = {.n = course.n};
  FalArena       arena   = {NULL, 0U};
  FalArena       result  = {NULL, 0U};
  FalStatus      st =
    fal_delay_window_init(&window, (uint32_t)length, (uint32_t)reach, rate);
  if (!st) {
    lay_out(&trellis, &arena);
    st = fal_arena_allocate(&arena);
  }
  if (!st) {
    lay_out(&trellis, &arena);
    (void)fal_arena_carve(&result, course.n * sizeof(FalDelayPoint));
    st = fal_arena_allocate(&result);
  }
  if (!st) {
    st = compare(&trellis, &window, pair, &course);
  }
  if (!st) {
    // Peaks of chance are the highest of as many lags; ln of them, and some
    const double chance = log(2.0 * reach) + 2.0;
    track->n_points     = course.n;
    track->points       = (FalDelayPoint*)(void*)result.base;
    result.base         = NULL;
    describe(track->points, &trellis,
             follow(&trellis, chance, USUAL_SLOPE * step), &course, rate);
  }
  fal_arena_release(result.base);
  fal_arena_release(arena.base);
  fal_delay_window_clear(&window);
  return st;
}

void
fal_delay_track_clear(FalDelayTrack* const track)
{
  fal_arena_release(track->points);
  *track = (FalDelayTrack){0};
}
