// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/scene.h"
#include "tests/reference.h"

#include <lv2/atom/atom.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { n_rate = 48000 };

/// Play an impulse on the left and on the right into a response: [4][n], as the
/// channels of a true stereo file
static float*
impulses(Host* const host, const size_t n)
{
  float* const y = ref_floats(4U * n);
  for (uint32_t i = 0U; i < 2U; ++i) {
    float* const x = ref_floats(2U * n);
    x[i * n]       = 1.0f;
    host_deactivate(host);
    scene_render(host, x, y + 2U * i * n, n, 1000U, i);
    free(x);
  }
  return y;
}

/// Return what a stereo plugin makes of a response with some controls
static float*
form(const char* const path, const size_t n, const char* const symbol,
     const float value)
{
  Host* const host = scene_open(HOST_WORKER_THREAD);
  scene_levels(host, -90.0f, 0.0f);
  if (symbol) {
    *host_value(host, symbol) = value;
  }
  scene_load(host, path);
  float* const y = impulses(host, n);
  host_free(host);
  return y;
}

static void
test_the_form_of_a_response_is_as_named(void** const state)
{
  (void)state;
  enum { n = 4800, n_room = 2 * n };
  const Scene       scene = scene_new();
  const char* const path  = scene_file(&scene, "h.wav");
  float* const      h     = scene_write_ir(path, 4U, n, n_rate, 7U);

  const struct {
    const char* symbol;
    float       value;
    uint32_t    order[4]; // Which channel of the file answers as LL LR RL RR
    int         start;    // Frame of the file that comes first
    int         step;     // Direction
    int         n;        // Frames to look at
  } cases[] = {
    {NULL, 0.0f, {0U, 1U, 2U, 3U}, 0, 1, n},
    {"reverse", 1.0f, {0U, 1U, 2U, 3U}, n - 1, -1, n},
    {"start", 10.0f, {0U, 1U, 2U, 3U}, 480, 1, n - 480},
    {"length", 50.0f, {0U, 1U, 2U, 3U}, 0, 1, n / 2 - 240},
    {"order", 1.0f, {0U, 2U, 1U, 3U}, 0, 1, n},
    {"swap", 1.0f, {3U, 2U, 1U, 0U}, 0, 1, n},
  };
  for (uint32_t c = 0U; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    float* const y = form(path, n_room, cases[c].symbol, cases[c].value);
    for (uint32_t r = 0U; r < 4U; ++r) {
      const float* const file = h + (size_t)cases[c].order[r] * n;
      for (int t = 0; t < cases[c].n; ++t) {
        assert_float_equal(y[r * n_room + (uint32_t)t],
                           file[cases[c].start + cases[c].step * t], 1e-5);
      }
    }
    if (cases[c].symbol && !strcmp(cases[c].symbol, "length")) {
      for (uint32_t t = n / 2U; t < n_room; ++t) {
        assert_float_equal(y[t], 0.0, 1e-5);
      }
    }
    free(y);
  }

  free(h);
  scene_remove(&scene);
}

static void
test_cutting_to_the_onset_takes_the_silence_before_it(void** const state)
{
  (void)state;
  enum { n_before = 777, n = 2000, n_room = 2 * n };
  const Scene       scene = scene_new();
  const char* const path  = scene_file(&scene, "h.wav");
  float* const      h     = ref_floats(n_before + n);
  ref_decaying_noise(h + n_before, n, 5U);
  h[n_before] = 1.0f;
  scene_write(path, h, 1U, n_before + n, n_rate);

  float* const y = form(path, n_room, "onset", 1.0f);
  for (uint32_t t = 0U; t < n; ++t) {
    assert_float_equal(y[t], h[n_before + t], 1e-5);
  }
  free(h);
  free(y);
  scene_remove(&scene);
}

static void
test_stretching_moves_echoes_and_keeps_noise_as_loud(void** const state)
{
  (void)state;
  enum { n = 9600, n_room = 2 * n + 480 };
  const Scene       scene = scene_new();
  const char* const path  = scene_file(&scene, "h.wav");
  float* const      h     = ref_floats(n);
  for (uint32_t t = 0U; t < 64U; ++t) { // A smooth pulse at 0.1 s
    h[4800U + t] = 0.5f - 0.5f * cosf(2.0f * (float)M_PI * (float)t / 64.0f);
  }
  scene_write(path, h, 1U, n, n_rate);

  const float factors[] = {50.0f, 100.0f, 150.0f, 200.0f};
  for (uint32_t f = 0U; f < 4U; ++f) {
    float* const y      = form(path, n_room, "stretch", factors[f]);
    double       energy = 0.0;
    double       moment = 0.0;
    for (uint32_t t = 0U; t < n_room; ++t) {
      energy += (double)y[t] * (double)y[t];
      moment += (double)y[t] * (double)y[t] * (double)t;
    }
    const double centre = (4800.0 + 32.0) * (double)factors[f] / 100.0;
    assert_true(fabs(moment / energy - centre) < 1.0);
    assert_true(fabs(energy - 64.0 * 3.0 / 8.0) < 0.2);
    free(y);
  }
  free(h);
  scene_remove(&scene);
}

static void
test_a_doubled_decay_at_most_doubles_the_energy(void** const state)
{
  (void)state;
  char pattern[1024];
  snprintf(pattern, sizeof(pattern), "%sir/*.wav", getenv("FALTUNG_BUNDLE"));
  glob_t files = {0};
  assert_int_equal(glob(pattern, 0, NULL, &files), 0);
  for (size_t f = 0U; f < files.gl_pathc; ++f) {
    float gains_db[2];
    for (uint32_t doubled = 0U; doubled < 2U; ++doubled) {
      Host* const host           = scene_open(HOST_WORKER_THREAD);
      *host_value(host, "match") = 1.0f;
      *host_value(host, "decay") = doubled ? 200.0f : 100.0f;
      scene_load(host, files.gl_pathv[f]);
      gains_db[doubled] = *host_value(host, "gain");
      host_free(host);
    }
    // 3 dB where all is exponential; less of it where there are gates
    assert_in_range((int)(100.0f * (gains_db[0] - gains_db[1])), 0, 350);
  }
  globfree(&files);
}

static void
test_a_moving_knob_rebuilds_ten_times_a_second_and_ends_where_it_stops(
  void** const state)
{
  (void)state;
  Host* const  host  = scene_open(HOST_WORKER_THREAD);
  float        x[64] = {0.0f};
  float* const b[2]  = {x, x};
  host_run(host, b, b, 64U);
  host_wait(host);
  const uint32_t before = host->n_work;
  for (uint32_t t = 0U; t < 2U * n_rate; t += 64U) {
    *host_value(host, "stretch") = 60.0f + (float)t * 60.0f / n_rate;
    host_run(host, b, b, 64U);
  }
  *host_value(host, "stretch") = 100.0f;
  scene_settle(host);
  scene_settle(host);
  // Each wish rings once, and once more to free what it replaced
  assert_in_range(host->n_work - before, 2U, 2U * 22U + 2U);
  assert_float_equal(*host_value(host, "status"), 2.0, 0.0);

  scene_levels(host, -90.0f, 0.0f);
  *host_value(host, "match") = 1.0f;
  float* const y             = impulses(host, 4800U);
  Host* const  still         = scene_open(HOST_WORKER_THREAD);
  scene_levels(still, -90.0f, 0.0f);
  *host_value(still, "match") = 1.0f;
  float* const z              = impulses(still, 4800U);
  for (uint32_t t = 0U; t < 4U * 4800U; ++t) {
    assert_float_equal(y[t], z[t], 1e-6);
  }
  free(y);
  free(z);
  host_free(host);
  host_free(still);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_form_of_a_response_is_as_named),
    cmocka_unit_test(test_cutting_to_the_onset_takes_the_silence_before_it),
    cmocka_unit_test(test_stretching_moves_echoes_and_keeps_noise_as_loud),
    cmocka_unit_test(test_a_doubled_decay_at_most_doubles_the_energy),
    cmocka_unit_test(
      test_a_moving_knob_rebuilds_ten_times_a_second_and_ends_where_it_stops),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
