// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/measure.h"

#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#define N_NEIGHBOURS 50U

/// Return the transform of x and at least `n_zeros` zeros, or null
static double complex*
transform(const double* const x, const uint32_t n_frames,
          const uint32_t n_zeros, FalDft* const dft)
{
  const uint32_t size = fal_dft_size(n_frames + n_zeros);

  double complex* const z = calloc(size, sizeof(*z));
  *dft                    = (FalDft){0U, NULL};
  if (!z || fal_dft_init(dft, size)) {
    free(z);
    return NULL;
  }
  for (uint32_t t = 0U; t < n_frames; ++t) {
    z[t] = x[t];
  }
  fal_dft_forward(dft, z);
  return z;
}

/// Return the transform of x under a Hann window, or null
static double complex*
transform_hann(const double* const x, const uint32_t n_frames,
               FalDft* const dft)
{
  double* const windowed = calloc(n_frames, sizeof(*windowed));
  for (uint32_t t = 0U; windowed && t < n_frames; ++t) {
    windowed[t] = x[t] * (0.5 - 0.5 * cos(2.0 * M_PI * t / n_frames));
  }
  *dft = (FalDft){0U, NULL};
  double complex* const z =
    windowed ? transform(windowed, n_frames, 0U, dft) : NULL;
  free(windowed);
  return z;
}

double
fal_octave_share(const uint32_t octave, const double frequency_hz)
{
  const double away = fabs(log2(frequency_hz / fal_octave_hz(octave)));
  const double edge = fmin(fmax((away - 0.4) / 0.2, 0.0), 1.0);
  return 0.5 + 0.5 * cos(M_PI * edge);
}

FalStatus
fal_bands_split(FalBand bands[FAL_N_OCTAVES], const double* const x,
                const uint32_t n_frames)
{
  // Zeros behind x take what filters of no phase ring ahead of it
  FalDft                dft;
  double complex* const z  = transform(x, n_frames, 12000U, &dft);
  double complex* const y  = z ? calloc(dft.size, sizeof(*y)) : NULL;
  FalStatus             st = z && y ? FAL_OK : FAL_ERR_NO_MEM;

  for (uint32_t octave = 0U; octave < FAL_N_OCTAVES && !st; ++octave) {
    const uint32_t down = octave < 7U ? 1U << (7U - octave) : 1U;
    const double   rate = FAL_FACTORY_RATE_HZ / down;
    FalBand* const band = &bands[octave];
    *band =
      (FalBand){calloc(n_frames / down, sizeof(double)), n_frames / down, rate};

    FalDft small;
    if (!band->samples || fal_dft_init(&small, dft.size / down)) {
      st = FAL_ERR_NO_MEM;
      break;
    }
    y[0] = 0.0;
    for (uint32_t k = 1U; k <= small.size / 2U; ++k) {
      const double f_hz = rate * (double)k / (double)small.size;
      y[k]              = fal_octave_share(octave, f_hz) / down * z[k];
      y[small.size - k] = conj(y[k]);
    }
    fal_dft_inverse(&small, y);
    for (uint32_t t = 0U; t < band->n_frames; ++t) {
      band->samples[t] = creal(y[t]);
    }
    fal_dft_clear(&small);
  }

  fal_dft_clear(&dft);
  free(y);
  free(z);
  return st;
}

void
fal_band_flatten(FalBand* const band, const double rt60_s)
{
  for (uint32_t t = 0U; t < band->n_frames; ++t) {
    band->samples[t] *= exp(FAL_LN_1000 * t / (band->rate_hz * rt60_s));
  }
}

/// The least squares of a level over time
typedef struct {
  double n, t, l, tt, tl;
} Line;

static void
add_point(Line* const line, const double time_s, const double level_db)
{
  line->n += 1.0;
  line->t += time_s;
  line->l += level_db;
  line->tt += time_s * time_s;
  line->tl += time_s * level_db;
}

static double
rt60_of(const Line* const line)
{
  const double spread = line->n * line->tt - line->t * line->t;
  return line->n > 2.0
           ? -60.0 * spread / (line->n * line->tl - line->t * line->l)
           : 0.0;
}

double
fal_measure_rt60(const FalBand* const band, const double from_db,
                 const double to_db)
{
  const double* const x     = band->samples;
  double              total = 0.0;
  for (uint32_t t = 0U; t < band->n_frames; ++t) {
    total += x[t] * x[t];
  }

  Line   line = {0.0, 0.0, 0.0, 0.0, 0.0};
  double left = total;
  for (uint32_t t = 0U; t < band->n_frames && left > 0.0; ++t) {
    const double level = 10.0 * log10(left / total);
    if (level <= from_db && level >= to_db) {
      add_point(&line, (double)t / band->rate_hz, level);
    }
    left -= x[t] * x[t];
  }
  return rt60_of(&line);
}

double
fal_expect_rt60(const double rt60_s[FAL_N_OCTAVES],
                const double level_db[FAL_N_OCTAVES], const uint32_t octave,
                const double from_db, const double to_db)
{
  // The octave in a hundred lines, each with the energy that is still to come
  double rates[100];
  double energies[100];
  double total = 0.0;
  for (uint32_t i = 0U; i < 100U; ++i) {
    const double f_hz = fal_octave_hz(octave) * (0.6 + 1.0 * (double)i / 100.0);
    const double share = fal_octave_share(octave, f_hz);
    const double level = fal_octaves_at(level_db, f_hz) - fal_top_db(f_hz);
    rates[i]           = 2.0 * FAL_LN_1000 / fal_octaves_at(rt60_s, f_hz);
    energies[i]        = share * share * pow(10.0, level / 10.0) / rates[i];
    total += energies[i];
  }

  Line   line  = {0.0, 0.0, 0.0, 0.0, 0.0};
  double level = 0.0;
  for (uint32_t t = 0U; level >= to_db; ++t) {
    const double time_s = 1e-3 * t;
    double       left   = 0.0;
    for (uint32_t i = 0U; i < 100U; ++i) {
      left += energies[i] * exp(-rates[i] * time_s);
    }
    level = 10.0 * log10(left / total);
    if (level <= from_db && level >= to_db) {
      add_point(&line, time_s, level);
    }
  }
  return rt60_of(&line);
}

double
fal_measure_echo_density(const double* const x, const uint32_t n_frames,
                         const uint32_t frame)
{
  const uint32_t half    = (uint32_t)(0.01 * FAL_FACTORY_RATE_HZ);
  const uint32_t start   = frame > half ? frame - half : 0U;
  const uint32_t end     = frame + half < n_frames ? frame + half : n_frames;
  double         weights = 0.0;
  double         power   = 0.0;
  for (uint32_t t = start; t < end; ++t) {
    const double window =
      0.5 + 0.5 * cos(M_PI * ((double)t - (double)frame) / half);
    weights += window;
    power += window * x[t] * x[t];
  }

  const double deviation = sqrt(power / weights);
  double       outside   = 0.0;
  for (uint32_t t = start; t < end; ++t) {
    const double window =
      0.5 + 0.5 * cos(M_PI * ((double)t - (double)frame) / half);
    outside += fabs(x[t]) > deviation ? window : 0.0;
  }
  return outside / weights / erfc(sqrt(0.5));
}

double
fal_measure_coherence(const double* const a, const double* const b,
                      const uint32_t n_frames)
{
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;
  for (uint32_t t = 0U; t < n_frames; ++t) {
    aa += a[t] * a[t];
    bb += b[t] * b[t];
    ab += a[t] * b[t];
  }
  return ab / sqrt(aa * bb);
}

double
fal_measure_peakiness(const double* const x, const uint32_t n_frames,
                      const double rate_hz, const double low_hz,
                      const double high_hz)
{
  FalDft                dft;
  double complex* const z      = transform_hann(x, n_frames, &dft);
  const double          bin_hz = rate_hz / (double)(dft.size ? dft.size : 1U);
  const uint32_t        first = (uint32_t)(low_hz / bin_hz) + N_NEIGHBOURS + 1U;
  const uint32_t        last  = (uint32_t)(high_hz / bin_hz);
  if (!z || last < first + N_NEIGHBOURS) {
    fal_dft_clear(&dft);
    free(z);
    return 0.0;
  }

  double highest = 0.0;
  double sum     = 0.0; // Of the bins around k, without k
  for (uint32_t k = first - N_NEIGHBOURS; k <= first + N_NEIGHBOURS; ++k) {
    sum += creal(z[k] * conj(z[k]));
  }
  for (uint32_t k = first; k + N_NEIGHBOURS < last; ++k) {
    const double power = creal(z[k] * conj(z[k]));
    const double mean  = (sum - power) / (2.0 * N_NEIGHBOURS);
    highest            = fmax(highest, power / mean);

    const double complex in  = z[k + N_NEIGHBOURS + 1U];
    const double complex out = z[k - N_NEIGHBOURS];
    sum += creal(in * conj(in)) - creal(out * conj(out));
  }

  fal_dft_clear(&dft);
  free(z);
  return 10.0 * log10(highest);
}

double
fal_measure_k_power(const double* const x, const uint32_t n_frames)
{
  // High shelf and high-pass; round once to settle, once to measure
  static const double b[2][3] = {
    {1.53512485958697, -2.69169618940638, 1.19839281085285}, {1.0, -2.0, 1.0}};
  static const double a[2][2] = {{-1.69065929318241, 0.73248077421585},
                                 {-1.99004745483398, 0.99007225036621}};
  double              s[2][2] = {{0.0, 0.0}, {0.0, 0.0}};
  double              power   = 0.0;
  for (uint32_t t = 0U; t < 2U * n_frames; ++t) {
    double y = x[t % n_frames];
    for (uint32_t i = 0U; i < 2U; ++i) {
      const double in = y;
      y               = b[i][0] * in + s[i][0];
      s[i][0]         = b[i][1] * in - a[i][0] * y + s[i][1];
      s[i][1]         = b[i][2] * in - a[i][1] * y;
    }
    power += t >= n_frames ? y * y : 0.0;
  }
  return power / n_frames;
}
