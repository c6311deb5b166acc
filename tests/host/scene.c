// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/scene.h"

#include "tests/reference.h"

#include <lv2/atom/atom.h>
#include <sndfile.h>

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Scene
scene_new(void)
{
  Scene             scene = {""};
  const char* const tmp   = getenv("TMPDIR");
  snprintf(scene.path, sizeof(scene.path), "%s/faltung-host-XXXXXX",
           tmp ? tmp : "/tmp");
  if (!mkdtemp(scene.path)) {
    abort();
  }
  return scene;
}

static int
remove_entry(const char* const path, const struct stat* const info,
             const int flag, struct FTW* const place)
{
  (void)info;
  (void)flag;
  (void)place;
  return remove(path);
}

void
scene_remove(const Scene* const scene)
{
  nftw(scene->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char*
scene_file(const Scene* const scene, const char* const name)
{
  static _Thread_local char path[512];
  snprintf(path, sizeof(path), "%s/%s", scene->path, name);
  return path;
}

void
scene_write(const char* const path, const float* const samples,
            const uint32_t n_channels, const uint32_t n_frames,
            const double rate_hz)
{
  SF_INFO        info   = {.samplerate = (int)rate_hz,
                           .channels   = (int)n_channels,
                           .format     = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file   = sf_open(path, SFM_WRITE, &info);
  float* const   frames = ref_floats((size_t)n_channels * n_frames);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t t = 0U; t < n_frames; ++t) {
      frames[t * n_channels + c] = samples[(size_t)c * n_frames + t];
    }
  }
  if (sf_writef_float(file, frames, n_frames) != n_frames) {
    abort();
  }
  sf_close(file);
  free(frames);
}

Host*
scene_open(const HostWorker worker)
{
  const HostConfig config = {.uri = "urn:faltung:stereo", .worker = worker};
  return host_new(&config);
}

float*
scene_write_ir(const char* const path, const uint32_t n_channels,
               const uint32_t n_frames, const double rate_hz,
               const uint64_t seed)
{
  float* const ir = ref_floats((size_t)n_channels * n_frames);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    float* const h      = ir + (size_t)c * n_frames;
    double       energy = 0.0;
    ref_decaying_noise(h, n_frames, seed + c);
    for (uint32_t t = 0U; t < n_frames; ++t) {
      energy += (double)h[t] * (double)h[t];
    }
    for (uint32_t t = 0U; t < n_frames; ++t) {
      h[t] = (float)((double)h[t] / sqrt(energy));
    }
  }
  scene_write(path, ir, n_channels, n_frames, rate_hz);
  return ir;
}

void
scene_levels(Host* const host, const float dry_db, const float wet_db)
{
  *host_value(host, "dry")   = dry_db;
  *host_value(host, "wet")   = wet_db;
  *host_value(host, "match") = 0.0f;
}

void
scene_render(Host* const host, const float* const x, float* const y,
             const size_t n, const uint32_t max, const uint64_t seed)
{
  uint64_t state = seed;
  for (size_t t = 0U; t < n;) {
    const size_t   block  = ref_between(&state, 0U, max);
    const uint32_t m      = (uint32_t)(block < n - t ? block : n - t);
    float*         in[2]  = {NULL, NULL};
    float*         out[2] = {NULL, NULL};
    for (uint32_t i = 0U; i < host->n_inputs; ++i) {
      in[i] = (float*)x + (size_t)i * n + t;
    }
    for (uint32_t o = 0U; o < host->n_outputs; ++o) {
      out[o] = y + (size_t)o * n + t;
    }
    host_run(host, in, out, m);
    t += m;
  }
}

void
scene_settle(Host* const host)
{
  enum { n = 1024 };
  float* const buffer     = ref_floats(n);
  float* const buffers[2] = {buffer, buffer};

  host_run(host, buffers, buffers, 0U); // Sends what waits
  host_wait(host);
  const double fade_s = 0.3; // Longer than three partitions and the fade
  for (double t = 0.0; t < fade_s * host->config.rate_hz; t += n) {
    memset(buffer, 0, n * sizeof(float));
    host_run(host, buffers, buffers, n);
  }
  free(buffer);
}

void
scene_load(Host* const host, const char* const path)
{
  host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path, path, true);
  scene_settle(host);
  scene_settle(host);
}

double
scene_curvature(const float* const y, const size_t n)
{
  double largest = 0.0;
  for (size_t t = 2U; t < n; ++t) {
    const double d = (double)y[t] - 2.0 * (double)y[t - 1U] + (double)y[t - 2U];
    largest        = fmax(largest, fabs(d));
  }
  return largest;
}
