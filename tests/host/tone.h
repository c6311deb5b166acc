// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file tone.h A steady tone through a plugin, to hear what breaks it

#ifndef FAL_TESTS_HOST_TONE_H
#define FAL_TESTS_HOST_TONE_H

#include "tests/host/host.h"

#include <stddef.h>

/// Frames of a block, and in a second
enum { n_block = 64, n_rate = 48000 };

/// A tone of 100 Hz, block after block
typedef struct {
  Host*  host;
  double phase;
  float* y; ///< Left output so far
  size_t n;
} Tone;

/// Play some whole blocks on
void tone_play(Tone* tone, size_t at_least);

/// Bend of the output from a frame on, against that of a steady tone as loud as
/// the loudest part of it, dB
double tone_click_db(const Tone* tone, size_t from);

/// Write a response that answers a low tone: a pulse train that dies away
void tone_write_room(const char* path, float gain);

#endif // FAL_TESTS_HOST_TONE_H
