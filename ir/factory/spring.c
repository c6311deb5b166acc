// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/spring.h"

#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#define N_RIPPLES 32U

/// Irregularities: the phase ripples over frequency, which is an all-pass
typedef struct {
  double delay_s[N_RIPPLES];
  double phase[N_RIPPLES];
  double depth[N_RIPPLES];
} Blur;

static Blur
draw_blur(const FalTank* const tank, FalRandom* const random)
{
  Blur blur;
  for (uint32_t i = 0U; i < N_RIPPLES; ++i) {
    blur.delay_s[i] = tank->blur_s * fal_random_uniform(random);
    blur.phase[i]   = 2.0 * M_PI * fal_random_uniform(random);
    blur.depth[i] =
      tank->blur * fal_random_normal(random) / sqrt(0.5 * N_RIPPLES);
  }
  return blur;
}

static double
ripple(const Blur* const blur, const double f_hz)
{
  // Long waves do not see single windings
  const double part = f_hz / (f_hz + 1000.0);
  double       sum  = 0.0;
  for (uint32_t i = 0U; i < N_RIPPLES; ++i) {
    const double angle = 2.0 * M_PI * f_hz * blur->delay_s[i] + blur->phase[i];
    sum += blur->depth[i] * cos(angle);
  }
  return part * sum;
}

/// Return what comes out of a spring's end: one pass, and all that go there and
/// back again
static double complex
pass(const FalSpring* const spring, const FalTank* const tank,
     const Blur* const blur, const double f_hz)
{
  const double ratio = f_hz / spring->transition_hz;
  if (ratio >= 1.0) {
    return 0.0;
  }

  const double delay_s = spring->delay_s / sqrt(1.0 - ratio * ratio);
  const double rt60_s  = fal_octaves_at(tank->rt60_s, f_hz);
  const double gain    = exp(-FAL_LN_1000 * delay_s / rt60_s);
  const double phase =
    2.0 * M_PI * spring->delay_s * spring->transition_hz * asin(ratio) +
    ripple(blur, f_hz);
  const double complex once =
    fal_complex(gain * cos(phase), -gain * sin(phase));
  return once / (1.0 - once * once);
}

FalStatus
fal_tank_render(FalResponse* const response, const FalTank* const tank,
                FalRandom* const random)
{
  const uint32_t size = fal_dft_size(2U * response->n_frames);

  // Real and imaginary part are the two outputs
  double complex* const z   = calloc(size, sizeof(*z));
  FalDft                dft = {0U, NULL};
  if (!z || fal_dft_init(&dft, size)) {
    free(z);
    return FAL_ERR_NO_MEM;
  }

  for (uint32_t s = 0U; s < tank->n_springs; ++s) {
    const FalSpring* const spring = &tank->springs[s];
    const Blur             blur   = draw_blur(tank, random);
    const double complex   both = fal_complex(spring->gain[0], spring->gain[1]);
    for (uint32_t k = 1U; k < size / 2U; ++k) {
      const double f_hz = FAL_FACTORY_RATE_HZ * (double)k / (double)size;
      const double level =
        pow(10.0, fal_octaves_at(tank->level_db, f_hz) / 20.0);
      const double complex y = level * pass(spring, tank, &blur, f_hz);
      z[k] += both * y;
      z[size - k] += both * conj(y);
    }
  }

  fal_dft_inverse(&dft, z);
  for (uint32_t t = 0U; t < response->n_frames; ++t) {
    fal_response_channel(response, 0U)[t] += creal(z[t]);
    if (response->n_channels > 1U) {
      fal_response_channel(response, 1U)[t] += cimag(z[t]);
    }
  }

  fal_dft_clear(&dft);
  free(z);
  return FAL_OK;
}
