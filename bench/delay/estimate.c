// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file estimate.c Estimate the delays of many pairs in one process.

   Reads pairs of paths, each on a line of its own, from standard input; prints
   one line of JSON a pair. For the scorer and for fitting the confidence.
*/

#include "core/delay.h"
#include "core/resample.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// A file in memory, planar
typedef struct {
  float*   channels[64];
  uint32_t n_channels;
  size_t   n_frames;
  double   rate_hz;
} Sound;

static bool
load(Sound* const sound, const char* const path)
{
  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file || info.channels > 64 || info.frames < 1) {
    return false;
  }
  sound->n_channels = (uint32_t)info.channels;
  sound->n_frames   = (size_t)info.frames;
  sound->rate_hz    = info.samplerate;

  float* const x =
    (float*)calloc(sound->n_frames * sound->n_channels, sizeof(float));
  const sf_count_t n = x ? sf_readf_float(file, x, info.frames) : 0;
  for (uint32_t c = 0U; c < sound->n_channels; ++c) {
    sound->channels[c] = (float*)calloc(sound->n_frames, sizeof(float));
    for (size_t t = 0U; sound->channels[c] && t < sound->n_frames; ++t) {
      sound->channels[c][t] = x[t * sound->n_channels + c];
    }
  }
  free(x);
  sf_close(file);
  return n == info.frames;
}

static bool
convert(Sound* const sound, const double rate_hz)
{
  if (sound->rate_hz == rate_hz) {
    return true;
  }
  const size_t n =
    fal_resampled_frames(sound->n_frames, sound->rate_hz, rate_hz);
  for (uint32_t c = 0U; c < sound->n_channels; ++c) {
    float* const y = (float*)calloc(n, sizeof(float));
    if (!y || fal_resample(y, sound->channels[c], sound->n_frames,
                           sound->rate_hz, rate_hz)) {
      return false;
    }
    free(sound->channels[c]);
    sound->channels[c] = y;
  }
  sound->n_frames = n;
  sound->rate_hz  = rate_hz;
  return true;
}

static void
unload(Sound* const sound)
{
  for (uint32_t c = 0U; c < sound->n_channels; ++c) {
    free(sound->channels[c]);
  }
}

static double
now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool
print_delay(const Sound* const a, const Sound* const b)
{
  FalDelay           d    = {0};
  const FalDelayPair pair = {
    .a         = fal_recording_in_memory((const float* const*)a->channels,
                                         a->n_channels, a->n_frames),
    .b         = fal_recording_in_memory((const float* const*)b->channels,
                                         b->n_channels, b->n_frames),
    .rate_hz   = a->rate_hz,
    .channel_a = FAL_ANY_CHANNEL,
    .channel_b = FAL_ANY_CHANNEL,
  };
  const double start = now();
  if (fal_delay_estimate(&d, &pair)) {
    return false;
  }
  printf("{\"delay_s\": %.12g, \"rate\": %g, \"drift_ppm\": %.9g, "
         "\"inverted\": %s, \"confidence\": %.9g, \"no_match\": %s, "
         "\"deviation_s\": %.6g, \"cpu_s\": %.4f, \"features\": [",
         d.seconds, a->rate_hz, d.drift_ppm, d.inverted ? "true" : "false",
         d.confidence, d.no_match ? "true" : "false", d.deviation_s,
         now() - start);
  for (uint32_t i = 0U; i < FAL_DELAY_N_EVIDENCE; ++i) {
    printf("%s%.6g", i ? ", " : "", d.evidence[i]);
  }
  printf("], \"candidates\": [");
  for (uint32_t i = 0U; i < d.n_candidates; ++i) {
    printf("%s[%.9g, %.4g]", i ? ", " : "", d.candidates[i].seconds,
           d.candidates[i].score);
  }
  printf("]}\n");
  return !fflush(stdout);
}

static bool
compare(const char* const path_a, const char* const path_b)
{
  Sound a  = {0};
  Sound b  = {0};
  bool  ok = load(&a, path_a) && load(&b, path_b);
  if (ok) {
    const double rate_hz = a.rate_hz > b.rate_hz ? a.rate_hz : b.rate_hz;
    ok = convert(&a, rate_hz) && convert(&b, rate_hz) && print_delay(&a, &b);
  }
  unload(&a);
  unload(&b);
  return ok;
}

static bool
read_path(char* const path, const int size)
{
  if (!fgets(path, size, stdin)) {
    return false;
  }
  path[strcspn(path, "\n")] = '\0';
  return true;
}

int
main(void)
{
  char a[4096];
  char b[4096];
  while (read_path(a, sizeof(a)) && read_path(b, sizeof(b))) {
    if (!compare(a, b)) {
      fprintf(stderr, "estimate: cannot compare %s and %s\n", a, b);
      return 1;
    }
  }
  return 0;
}
