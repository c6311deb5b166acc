// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file levels.c How loud responses sound in the plugin, with matched levels.

   Usage: bench_levels SIGNAL... -- RESPONSE...
   The variable FALTUNG_BUNDLE names the bundle, with a slash at its end.

   Each signal goes through each response, and pink noise too, independent in
   both inputs; the others are the same in both. A row tells K-weighted energy
   (ITU-R BS.1770-4) of all that comes out, tail included, over what went in,
   dB. bench/levels.py makes signals and sums up.
*/

#include "ir/ir.h"
#include "tests/host/loudness.h"
#include "tests/host/scene.h"
#include "tests/reference.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { rate_hz = 48000, max_signals = 64, n_pink = 8 * rate_hz };

/// Frames of silence in which the longest response dies away
enum { n_tail = 12 * rate_hz };

/// What goes in
typedef struct {
  const char* name;
  float*      x; ///< [2][n]
  size_t      n; ///< Frames, the tail included
  double      energy;
} Signal;

static const char*
base_name(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static Signal
new_signal(const char* const name, const size_t n_frames)
{
  const size_t n = n_frames + n_tail;
  return (Signal){name, ref_floats(2U * n), n, 0.0};
}

static double
energy(const float* const x, const size_t n)
{
  return loudness_k_energy(x, n) + loudness_k_energy(x + n, n);
}

static Signal
make_pink(void)
{
  Signal signal = new_signal("pink", n_pink);
  loudness_pink(signal.x, n_pink, 1U);
  loudness_pink(signal.x + signal.n, n_pink, 2U);
  signal.energy = energy(signal.x, signal.n);
  return signal;
}

/// Read what a file has in its first channel: as a response, which may be long
static bool
read_signal(Signal* const signal, const char* const path)
{
  const FalIrRequest request = {
    .path = path, .rate_hz = rate_hz, .max_s = 3600.0};
  FalIr    ir    = {.path = NULL};
  FalError error = {FAL_OK, ""};
  if (fal_ir_load(&ir, &request, &error)) {
    fprintf(stderr, "%s\n", error.text);
    return false;
  }

  const size_t n = ir.audio.n_frames;
  *signal        = new_signal(base_name(path), n);
  memcpy(signal->x, ir.audio.samples, n * sizeof(float));
  memcpy(signal->x + signal->n, ir.audio.samples, n * sizeof(float));
  signal->energy = energy(signal->x, signal->n);
  fal_ir_clear(&ir);
  return true;
}

/// Print a response's row, which is `levels_db` [n_signals]
static void
measure(const char* const path, const Signal* const signals,
        const uint32_t n_signals, double* const levels_db)
{
  const HostConfig config = {.uri           = "urn:faltung:stereo",
                             .worker        = HOST_WORKER_IN_PLACE,
                             .nominal_block = 1024};
  Host* const      host   = host_new(&config);
  scene_levels(host, -90.0f, 0.0f);
  *host_value(host, "match") = 1.0f;
  scene_load(host, path);
  const float gain_db = *host_value(host, "gain");
  for (uint32_t s = 0U; s < n_signals; ++s) {
    const Signal* const signal = &signals[s];
    float* const        y      = ref_floats(2U * signal->n);
    host_deactivate(host); // Run starts from silence
    scene_render(host, signal->x, y, signal->n, 2048U, s);
    levels_db[s] = 10.0 * log10(energy(y, signal->n) / signal->energy);
    free(y);
  }
  host_free(host);

  printf("%-38.38s %+7.2f", base_name(path), (double)gain_db);
  for (uint32_t s = 0U; s < n_signals; ++s) {
    printf(" %+7.2f", levels_db[s]);
  }
  printf("\n");
  fflush(stdout);
}

/// Print how far the responses are apart with each signal
static void
sum_up(const double* const levels_db, const uint32_t n_responses,
       const Signal* const signals, const uint32_t n_signals)
{
  for (uint32_t s = 0U; s < n_signals; ++s) {
    uint32_t n_pairs = 0U;
    uint32_t n_close = 0U;
    double   lowest  = INFINITY;
    double   highest = -INFINITY;
    for (uint32_t a = 0U; a < n_responses; ++a) {
      const double level_db = levels_db[a * n_signals + s];
      lowest                = fmin(lowest, level_db);
      highest               = fmax(highest, level_db);
      for (uint32_t b = 0U; b < a; ++b) {
        ++n_pairs;
        n_close += fabs(level_db - levels_db[b * n_signals + s]) <= 3.0;
      }
    }
    printf("%s: %+.2f to %+.2f dB; %.1f %% of pairs within 3 dB\n",
           signals[s].name, lowest, highest, 100.0 * n_close / n_pairs);
  }
}

int
main(const int argc, char** const argv)
{
  static Signal signals[max_signals];
  uint32_t      n_signals = 1U;
  int           a         = 1;
  signals[0]              = make_pink();
  for (; a < argc && strcmp(argv[a], "--") && n_signals < max_signals; ++a) {
    if (!read_signal(&signals[n_signals++], argv[a])) {
      return EXIT_FAILURE;
    }
  }
  if (a + 2 >= argc || strcmp(argv[a], "--")) {
    fprintf(stderr, "usage: bench_levels SIGNAL... -- RESPONSE...\n");
    return EXIT_FAILURE;
  }

  const uint32_t n_responses = (uint32_t)(argc - a - 1);
  double* const  levels_db   = ref_doubles((size_t)n_responses * n_signals);
  printf("%-38s %7s", "response", "gain");
  for (uint32_t s = 0U; s < n_signals; ++s) {
    printf(" %7.7s", signals[s].name);
  }
  printf("\n");
  for (uint32_t r = 0U; r < n_responses; ++r) {
    measure(argv[a + 1 + (int)r], signals, n_signals,
            levels_db + (size_t)r * n_signals);
  }
  sum_up(levels_db, n_responses, signals, n_signals);

  free(levels_db);
  for (uint32_t s = 0U; s < n_signals; ++s) {
    free(signals[s].x);
  }
  return EXIT_SUCCESS;
}
