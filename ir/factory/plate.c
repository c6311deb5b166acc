// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/plate.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Modes that are run together, in vectors of two: for speed
#define N_VECTORS 4U
#define N_LANES 8U
typedef double Vector __attribute__((vector_size(16)));

/// Where a mode has fallen to -90 dB it is dropped
#define HEARD_FALLS 1.5

/// Modes as resonators: y[t] = a y[t - 1] - b y[t - 2]
typedef struct {
  Vector   y1[N_VECTORS];
  Vector   y2[N_VECTORS];
  Vector   a[N_VECTORS];
  Vector   b[N_VECTORS];
  Vector   left[N_VECTORS];
  Vector   right[N_VECTORS];
  uint32_t n_frames;
  uint32_t n_modes;
} Lanes;

/// A bending mode: half waves a metre along and across, and its frequency
typedef struct {
  double k_x;
  double k_y;
  double f_hz;
} Mode;

static int
compare_modes(const void* const a, const void* const b)
{
  const double f = ((const Mode*)a)->f_hz;
  const double g = ((const Mode*)b)->f_hz;
  return (f > g) - (f < g);
}

/// Return a mode's deflection at a place
static double
find_shape(const Mode* const mode, const double place_m[2])
{
  return sin(M_PI * mode->k_x * place_m[0]) *
         sin(M_PI * mode->k_y * place_m[1]);
}

/// Return sqrt(D / (rho h)) of a plate of steel, m2/s
static double
stiffness(const double thickness_m)
{
  const double youngs_modulus = 2.0e11;
  const double density        = 7850.0;
  const double poisson        = 0.3;
  return thickness_m *
         sqrt(youngs_modulus / (12.0 * density * (1.0 - poisson * poisson)));
}

static void
run(Lanes* const lanes, const FalResponse* const response)
{
  double* const left  = fal_response_channel(response, 0U);
  double* const right = fal_response_channel(response, 1U);
  Lanes         l     = *lanes;
  for (uint32_t t = 0U; t < l.n_frames; ++t) {
    Vector l_sum = {0.0, 0.0};
    Vector r_sum = {0.0, 0.0};
    for (uint32_t v = 0U; v < N_VECTORS; ++v) {
      const Vector y = l.a[v] * l.y1[v] - l.b[v] * l.y2[v];
      l_sum += l.left[v] * y;
      r_sum += l.right[v] * y;
      l.y2[v] = l.y1[v];
      l.y1[v] = y;
    }
    left[t] += l_sum[0] + l_sum[1];
    right[t] += r_sum[0] + r_sum[1];
  }
  memset(lanes, 0, sizeof(*lanes));
}

static void
add_mode(Lanes* const lanes, const FalPlate* const plate,
         const Mode* const mode, const uint32_t n_frames_max)
{
  const double rt60_s = fal_octaves_at(plate->rt60_s, mode->f_hz);
  const double level  = fal_octaves_at(plate->level_db, mode->f_hz);
  const double fall   = exp(-FAL_LN_1000 / (rt60_s * FAL_FACTORY_RATE_HZ));
  const double angle  = 2.0 * M_PI * mode->f_hz / FAL_FACTORY_RATE_HZ;
  const double gain =
    pow(10.0, level / 20.0) * find_shape(mode, plate->driver_m);
  const uint32_t n_frames =
    (uint32_t)fmin(HEARD_FALLS * rt60_s * FAL_FACTORY_RATE_HZ, n_frames_max);

  // The first frame comes out as 1, the second as fall * cos(angle)
  const uint32_t v   = lanes->n_modes / 2U;
  const uint32_t i   = lanes->n_modes % 2U;
  lanes->a[v][i]     = 2.0 * fall * cos(angle);
  lanes->b[v][i]     = fall * fall;
  lanes->y1[v][i]    = cos(angle) / fall;
  lanes->y2[v][i]    = cos(2.0 * angle) / (fall * fall);
  lanes->left[v][i]  = gain * find_shape(mode, plate->pickups_m[0]);
  lanes->right[v][i] = gain * find_shape(mode, plate->pickups_m[1]);
  lanes->n_frames    = n_frames > lanes->n_frames ? n_frames : lanes->n_frames;
  ++lanes->n_modes;
}

/// List the modes in the order of frequency; returns how many
static uint32_t
list_modes(Mode* const modes, const uint32_t n_max, const FalPlate* const plate,
           FalRandom* const random)
{
  const double unit    = 0.5 * M_PI * stiffness(plate->thickness_m);
  const double reach   = sqrt(plate->highest_hz / unit);
  uint32_t     n_modes = 0U;
  for (uint32_t m = 1U; m <= (uint32_t)(reach * plate->length_m); ++m) {
    for (uint32_t n = 1U; n <= (uint32_t)(reach * plate->width_m); ++n) {
      const double k_x  = m / plate->length_m;
      const double k_y  = n / plate->width_m;
      const double pure = unit * (k_x * k_x + k_y * k_y);
      if (pure < plate->highest_hz && n_modes < n_max) {
        const double off = plate->detuning * fal_random_normal(random);
        modes[n_modes++] = (Mode){k_x, k_y, pure * (1.0 + off)};
      }
    }
  }
  qsort(modes, n_modes, sizeof(*modes), compare_modes);
  return n_modes;
}

FalStatus
fal_plate_render(FalResponse* const response, const FalPlate* const plate,
                 FalRandom* const random)
{
  if (response->n_channels != 2U) {
    return FAL_ERR_BAD_ARG;
  }

  // A quarter of an ellipse of modes
  const double n_max = 0.5 * plate->length_m * plate->width_m *
                       plate->highest_hz / stiffness(plate->thickness_m);
  Mode* const modes = calloc((size_t)n_max, sizeof(*modes));
  if (!modes) {
    return FAL_ERR_NO_MEM;
  }

  const uint32_t n_modes = list_modes(modes, (uint32_t)n_max, plate, random);
  Lanes          lanes;
  memset(&lanes, 0, sizeof(lanes));
  for (uint32_t i = 0U; i < n_modes; ++i) {
    add_mode(&lanes, plate, &modes[i], response->n_frames);
    if (lanes.n_modes == N_LANES || i + 1U == n_modes) {
      run(&lanes, response);
    }
  }

  free(modes);
  return FAL_OK;
}
