// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file loudness.h How loud a signal is, apart from how the plugin measures it

#ifndef FAL_TESTS_HOST_LOUDNESS_H
#define FAL_TESTS_HOST_LOUDNESS_H

#include <stddef.h>
#include <stdint.h>

/// Energy of a signal at 48 kHz, K-weighted by the filters of ITU-R BS.1770-4
double loudness_k_energy(const float* x, size_t n);

/// Write pink noise: white through the filter of Paul Kellet, within 0.1 dB
void loudness_pink(float* x, size_t n, uint64_t seed);

#endif // FAL_TESTS_HOST_LOUDNESS_H
