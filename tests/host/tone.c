// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/tone.h"

#include "tests/host/scene.h"
#include "tests/reference.h"

#include <math.h>
#include <stdlib.h>

void
tone_play(Tone* const tone, const size_t at_least)
{
  const size_t n_frames = (at_least + n_block - 1U) / n_block * n_block;

  tone->y = (float*)realloc(tone->y, (tone->n + n_frames) * sizeof(float));
  for (size_t done = 0U; done < n_frames; done += n_block) {
    float x[n_block];
    float right[n_block];
    for (uint32_t t = 0U; t < n_block; ++t) {
      x[t] = (float)sin(tone->phase);
      tone->phase += 2.0 * M_PI * 100.0 / n_rate;
    }
    float* const in[]  = {x, x};
    float* const out[] = {tone->y + tone->n, right};
    host_run(tone->host, in, out, n_block);
    tone->n += n_block;
  }
}

double
tone_click_db(const Tone* const tone, const size_t from)
{
  const double w    = 2.0 * M_PI * 100.0 / n_rate;
  double       peak = 0.0;
  for (size_t t = from; t < tone->n; ++t) {
    peak = fmax(peak, fabs((double)tone->y[t]));
  }
  return 20.0 * log10(scene_curvature(tone->y + from, tone->n - from) /
                      (peak * 2.0 * (1.0 - cos(w))));
}

void
tone_write_room(const char* const path, const float gain)
{
  enum { n = 9600 };
  float* const h = ref_floats(n);
  for (uint32_t t = 0U; t < n; t += 480U) {
    h[t] = gain * expf(-(float)t / 2400.0f);
  }
  scene_write(path, h, 1U, n, n_rate);
  free(h);
}
