// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/loudness.h"

#include "tests/reference.h"

double
loudness_k_energy(const float* const x, const size_t n)
{
  const double b[2][3] = {
    {1.53512485958697, -2.69169618940638, 1.19839281085285}, {1.0, -2.0, 1.0}};
  const double a[2][2] = {{-1.69065929318241, 0.73248077421585},
                          {-1.99004745483398, 0.99007225036621}};
  double       s[2][2] = {{0.0}};
  double       energy  = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    double v = (double)x[t];
    for (uint32_t f = 0U; f < 2U; ++f) {
      const double y = b[f][0] * v + s[f][0];
      s[f][0]        = b[f][1] * v - a[f][0] * y + s[f][1];
      s[f][1]        = b[f][2] * v - a[f][1] * y;
      v              = y;
    }
    energy += v * v;
  }
  return energy;
}

void
loudness_pink(float* const x, const size_t n, const uint64_t seed)
{
  double b[7] = {0.0};
  ref_noise(x, n, seed);
  for (size_t t = 0U; t < n; ++t) {
    const double w = (double)x[t];
    b[0]           = 0.99886 * b[0] + w * 0.0555179;
    b[1]           = 0.99332 * b[1] + w * 0.0750759;
    b[2]           = 0.96900 * b[2] + w * 0.1538520;
    b[3]           = 0.86650 * b[3] + w * 0.3104856;
    b[4]           = 0.55000 * b[4] + w * 0.5329522;
    b[5]           = -0.7616 * b[5] - w * 0.0168980;
    x[t] = (float)(0.05 * (b[0] + b[1] + b[2] + b[3] + b[4] + b[5] + b[6] +
                           w * 0.5362));
    b[6] = w * 0.115926;
  }
}
