// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/diffuse.h"

#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

/// What is done to a bin
typedef struct {
  double gain;      ///< At the time of emission
  double rate;      ///< Of decay, nepers a second
  double coherence; ///< Of the two channels
} Bin;

static void
lay_bins(Bin* const bins, const FalDiffuse* const diffuse)
{
  for (uint32_t k = 0U; k <= diffuse->frame / 2U; ++k) {
    const double f_hz =
      FAL_FACTORY_RATE_HZ * (double)k / (double)diffuse->frame;
    const double phase =
      2.0 * M_PI * f_hz * diffuse->spacing_m / FAL_SOUND_SPEED;
    const double sinc = phase > 1e-6 ? sin(phase) / phase : 1.0;
    const double level =
      fal_octaves_at(diffuse->level_db, f_hz) - fal_top_db(f_hz);
    bins[k].gain      = pow(10.0, level / 20.0);
    bins[k].rate      = FAL_LN_1000 / fal_octaves_at(diffuse->rt60_s, f_hz);
    bins[k].coherence = diffuse->coherence * sinc;
  }
}

/// Return one frame of sparse noise
static double
draw(const FalDiffuse* const diffuse, const double time_s,
     FalRandom* const random)
{
  const double since   = time_s - diffuse->start_s;
  const double place   = time_s / diffuse->mixing_s;
  const double density = fmin(1.0, place * place);
  const double hit     = fal_random_uniform(random);
  const double value   = fal_random_normal(random);
  if (since < 0.0 || hit >= density) {
    return 0.0;
  }

  const double phase = M_PI * fmin(1.0, since / diffuse->onset_s);
  const double rise  = 0.5 - 0.5 * cos(phase);
  const double share = 1.0 - exp(-diffuse->dissolve_per_s * time_s);
  return value * sqrt(diffuse->power * rise * share / density);
}

/// Shape a frame's spectrum: real and imaginary part are two channels
static void
shape(double complex* const z, const Bin* const bins, const uint32_t size,
      const double time_s)
{
  for (uint32_t k = 0U; k <= size / 2U; ++k) {
    const uint32_t       mirrored = (size - k) % size;
    const double complex p        = z[k];
    const double complex q        = conj(z[mirrored]);
    const double complex a        = 0.5 * (p + q);
    const double complex b        = fal_complex(0.0, -0.5) * (p - q);

    const double         gain      = bins[k].gain * exp(-bins[k].rate * time_s);
    const double         coherence = bins[k].coherence;
    const double complex l         = gain * a;
    const double complex r =
      gain * (coherence * a + sqrt(1.0 - coherence * coherence) * b);
    z[mirrored] = conj(l) + fal_complex(0.0, 1.0) * conj(r);
    z[k]        = l + fal_complex(0.0, 1.0) * r;
  }
}

FalStatus
fal_diffuse_add(double* const left, double* const right,
                const uint32_t n_frames, const FalDiffuse* const diffuse,
                FalRandom* const random)
{
  const uint32_t        size  = diffuse->frame;
  const uint32_t        hop   = size / 4U;
  double complex* const noise = calloc(n_frames + size, sizeof(*noise));
  double complex* const z     = calloc(size, sizeof(*z));
  Bin* const            bins  = calloc(size / 2U + 1U, sizeof(*bins));
  FalDft                dft   = {0U, NULL};
  FalStatus             st    = FAL_OK;
  if (!noise || !z || !bins) {
    st = FAL_ERR_NO_MEM;
    goto done;
  }
  if ((st = fal_dft_init(&dft, size))) {
    goto done;
  }

  lay_bins(bins, diffuse);
  for (uint32_t t = 0U; t < n_frames + size; ++t) {
    const double time_s = diffuse->start_s + (double)t / FAL_FACTORY_RATE_HZ;
    const double a      = draw(diffuse, time_s, random);
    noise[t]            = fal_complex(a, draw(diffuse, time_s, random));
  }

  // Roots of Hann windows before and after; four overlapping ones sum to 2
  for (int64_t start = -(int64_t)(size - hop); start < (int64_t)n_frames;
       start += hop) {
    for (uint32_t t = 0U; t < size; ++t) {
      const double window = sin(M_PI * (double)t / (double)size);
      z[t]                = start + t >= 0 ? window * noise[start + t] : 0.0;
    }
    fal_dft_forward(&dft, z);
    const double middle = (double)start + 0.5 * (double)size;
    shape(z, bins, size, diffuse->start_s + middle / FAL_FACTORY_RATE_HZ);
    fal_dft_inverse(&dft, z);
    for (uint32_t t = 0U; t < size; ++t) {
      const int64_t at     = start + t;
      const double  window = 0.5 * sin(M_PI * (double)t / (double)size);
      if (at >= 0 && at < (int64_t)n_frames) {
        left[at] += window * creal(z[t]);
        if (right) {
          right[at] += window * cimag(z[t]);
        }
      }
    }
  }

done:
  fal_dft_clear(&dft);
  free(bins);
  free(z);
  free(noise);
  return st;
}
