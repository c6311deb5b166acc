// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file scene.h Signals, responses and blocks for tests in a host

#ifndef FAL_TESTS_HOST_SCENE_H
#define FAL_TESTS_HOST_SCENE_H

#include "tests/host/host.h"

#include <stddef.h>
#include <stdint.h>

/// A folder for one test's files; scene_remove() removes it
typedef struct {
  char path[256];
} Scene;

Scene scene_new(void);
void  scene_remove(const Scene* scene);

/// Write the path of a file in the folder; valid until the next call
const char* scene_file(const Scene* scene, const char* name);

/// Open the stereo plugin at 48 kHz
Host* scene_open(HostWorker worker);

/// Write a response: a unit impulse, then noise that decays by 60 dB, scaled to
/// energy 1; return it, planar
float* scene_write_ir(const char* path, uint32_t n_channels, uint32_t n_frames,
                      double rate_hz, uint64_t seed);

/// Write any samples as a float WAV, [n_channels][n_frames]
void scene_write(const char* path, const float* samples, uint32_t n_channels,
                 uint32_t n_frames, double rate_hz);

/// Set dry and wet, dB, and let responses keep their own level
void scene_levels(Host* host, float dry_db, float wet_db);

/// Run a signal in random blocks of 0 to `max` frames, channel after channel:
/// x [n_inputs][n], y [n_outputs][n]
void scene_render(Host* host, const float* x, float* y, size_t n, uint32_t max,
                  uint64_t seed);

/// Run silence until the worker is done and what it has made is in the engine
void scene_settle(Host* host);

/// Load a response and wait until it sounds alone
void scene_load(Host* host, const char* path);

/// The largest second difference of a signal
double scene_curvature(const float* y, size_t n);

#endif // FAL_TESTS_HOST_SCENE_H
