// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/dft.h"

#include <math.h>
#include <stdlib.h>

uint32_t
fal_dft_size(const uint32_t n_frames)
{
  uint32_t size = 2U;
  while (size < n_frames) {
    size *= 2U;
  }
  return size;
}

FalStatus
fal_dft_init(FalDft* const dft, const uint32_t size)
{
  double complex* const twiddles = calloc(size / 2U, sizeof(*twiddles));
  if (!twiddles) {
    return FAL_ERR_NO_MEM;
  }

  for (uint32_t k = 0U; k < size / 2U; ++k) {
    const double angle = -2.0 * M_PI * (double)k / (double)size;
    twiddles[k]        = fal_complex(cos(angle), sin(angle));
  }

  *dft = (FalDft){size, twiddles};
  return FAL_OK;
}

void
fal_dft_clear(FalDft* const dft)
{
  free(dft->twiddles);
  *dft = (FalDft){0U, NULL};
}

static void
reverse_bits(double complex* const z, const uint32_t size)
{
  for (uint32_t i = 1U, j = 0U; i < size; ++i) {
    uint32_t bit = size / 2U;
    for (; j & bit; bit /= 2U) {
      j ^= bit;
    }
    j ^= bit;
    if (i < j) {
      const double complex swapped = z[i];
      z[i]                         = z[j];
      z[j]                         = swapped;
    }
  }
}

/// Multiply without C's rules for infinities, which cost a branch a product
static double complex
multiply(const double complex a, const double complex b)
{
  return fal_complex(creal(a) * creal(b) - cimag(a) * cimag(b),
                     creal(a) * cimag(b) + cimag(a) * creal(b));
}

void
fal_dft_forward(const FalDft* const dft, double complex* const z)
{
  // Cooley & Tukey 1965, radix 2, decimation in time
  reverse_bits(z, dft->size);
  for (uint32_t half = 1U; half < dft->size; half *= 2U) {
    const uint32_t stride = dft->size / (2U * half);
    for (uint32_t start = 0U; start < dft->size; start += 2U * half) {
      for (uint32_t k = 0U; k < half; ++k) {
        double complex* const a = z + start + k;
        double complex* const b = a + half;
        const double complex  y =
          multiply(*b, dft->twiddles[(size_t)k * stride]);
        *b = *a - y;
        *a = *a + y;
      }
    }
  }
}

void
fal_dft_inverse(const FalDft* const dft, double complex* const z)
{
  const double scale = 1.0 / (double)dft->size;
  for (uint32_t t = 0U; t < dft->size; ++t) {
    z[t] = conj(z[t]);
  }
  fal_dft_forward(dft, z);
  for (uint32_t t = 0U; t < dft->size; ++t) {
    z[t] = scale * conj(z[t]);
  }
}
