// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/acoustics.h"

#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>

double
fal_octave_hz(const uint32_t octave)
{
  return 62.5 * (double)(1U << octave);
}

double
fal_octaves_at(const double octaves[FAL_N_OCTAVES], const double frequency_hz)
{
  const double   top   = (double)FAL_N_OCTAVES - 1.0;
  const double   place = log2(fmax(frequency_hz, 1.0) / fal_octave_hz(0U));
  const double   held  = fmin(fmax(place, 0.0), top);
  const uint32_t low   = (uint32_t)fmin(held, top - 1.0);
  const double   part  = held - (double)low;
  return (1.0 - part) * octaves[low] + part * octaves[low + 1U];
}

double
fal_air_db_per_m(const double frequency_hz)
{
  // Clause 6.2 at 293.15 K (its reference), 101.325 kPa, 1.155 % of water:
  // relaxation of oxygen and of nitrogen
  const double water = 1.155;
  const double oxygen =
    24.0 + 4.04e4 * water * (0.02 + water) / (0.391 + water);
  const double nitrogen = 9.0 + 280.0 * water;
  const double f2       = frequency_hz * frequency_hz;
  return 8.686 * f2 *
         (1.84e-11 + 0.01275 * exp(-2239.1 / 293.15) / (oxygen + f2 / oxygen) +
          0.1068 * exp(-3352.0 / 293.15) / (nitrogen + f2 / nitrogen));
}

double
fal_top_db(const double frequency_hz)
{
  const double over = fmax(0.0, frequency_hz - 16000.0) / 8000.0;
  return 40.0 * over * over;
}

static double
biquad_power(const double b[3], const double a[3], const double frequency_hz)
{
  const double         angle = 2.0 * M_PI * frequency_hz / FAL_FACTORY_RATE_HZ;
  const double complex z     = fal_complex(cos(angle), -sin(angle));
  const double         ratio =
    cabs(b[0] + z * (b[1] + z * b[2])) / cabs(a[0] + z * (a[1] + z * a[2]));
  return ratio * ratio;
}

double
fal_k_weight(const double frequency_hz)
{
  // The standard's tables 1 and 2, made for 48 kHz
  static const double shelf_b[] = {1.53512485958697, -2.69169618940638,
                                   1.19839281085285};
  static const double shelf_a[] = {1.0, -1.69065929318241, 0.73248077421585};
  static const double pass_b[]  = {1.0, -2.0, 1.0};
  static const double pass_a[]  = {1.0, -1.99004745483398, 0.99007225036621};
  return biquad_power(shelf_b, shelf_a, frequency_hz) *
         biquad_power(pass_b, pass_a, frequency_hz);
}
