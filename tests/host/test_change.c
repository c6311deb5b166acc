// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/scene.h"
#include "tests/host/tone.h"
#include "tests/reference.h"

#include <lv2/atom/atom.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char* const ir = "urn:faltung:ir";

static void
test_a_change_of_response_neither_clicks_nor_leaves_a_hole(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  tone_write_room(scene_file(&scene, "a.wav"), 0.5f);
  tone_write_room(scene_file(&scene, "b.wav"), -0.3f);
  tone_write_room(scene_file(&scene, "c.wav"), 0.4f);

  Tone tone = {.host = scene_open(HOST_WORKER_THREAD)};
  scene_levels(tone.host, -90.0f, 0.0f);
  scene_load(tone.host, scene_file(&scene, "a.wav"));
  tone_play(&tone, n_rate / 2);
  const size_t      from    = tone.n - n_rate / 10;
  const char* const names[] = {"c.wav", "a.wav", "b.wav", "c.wav"};
  for (uint32_t c = 0U; c < 4U; ++c) {
    host_set_path(tone.host, ir, LV2_ATOM__Path, scene_file(&scene, names[c]),
                  true);
    tone_play(&tone, n_rate / 20);
    host_wait(tone.host);
    tone_play(&tone, n_rate / 2);
  }
  assert_true(tone_click_db(&tone, from) < 6.0);

  // From a to c, both in phase, the tone never gets softer than the softer one
  const size_t period  = n_rate / 100;
  double       softest = 1e9;
  double       last    = 0.0;
  for (size_t t = from; t + period < from + n_rate / 2; t += period) {
    double energy = 0.0;
    for (size_t u = t; u < t + period; ++u) {
      energy += (double)tone.y[u] * (double)tone.y[u];
    }
    softest = fmin(softest, energy);
    last    = energy;
  }
  assert_true(softest >= 0.99 * last);

  host_free(tone.host);
  free(tone.y);
  scene_remove(&scene);
}

static void
test_a_response_exchanged_for_itself_is_not_heard(void** const state)
{
  (void)state;
  enum { n = 40960 };
  const uint32_t places[] = {8192U, 8256U, 8704U, 9216U, 12288U, 12352U};
  float* const   x        = ref_new_noise(2U * n, 8U);
  float* const   y        = ref_floats(2U * n);
  double* const  expected = ref_doubles(n);
  for (uint32_t p = 0U; p < 7U; ++p) {
    const HostConfig config = {.uri           = "urn:faltung:stereo",
                               .worker        = HOST_WORKER_IN_PLACE,
                               .nominal_block = n_block};
    Host* const      host   = host_new(&config);
    scene_levels(host, -90.0f, 0.0f);
    for (uint32_t t = 0U; t < n; t += n_block) {
      float* const in[]  = {x + t, x + n + t};
      float* const out[] = {y + t, y + n + t};
      if (p && t == places[p - 1U]) {
        *host_value(host, "match") = 1.0f; // It is as loud as it should be
      }
      host_run(host, in, out, n_block);
    }
    for (uint32_t t = 0U; !p && t < n; ++t) {
      expected[t] = (double)y[t];
    }
    assert_true(ref_peak_error_db(y, expected, n) < -110.0);
    host_free(host);
  }
  free(x);
  free(y);
  free(expected);
}

static void
test_no_control_clicks(void** const state)
{
  (void)state;
  const struct {
    const char* symbol;
    float       values[4];
  } moves[] = {
    {"enabled", {0.0f, 1.0f, 0.0f, 1.0f}},
    {"dry", {-90.0f, 0.0f, -90.0f, 0.0f}},
    {"width", {0.0f, 200.0f, 50.0f, 100.0f}},
    {"predelay", {3.0f, 120.0f, 40.0f, 0.0f}},
    {"low_cut", {300.0f, 20.0f, 2000.0f, 20.0f}},
    {"high_cut", {500.0f, 20000.0f, 1000.0f, 20000.0f}},
    {"match", {0.0f, 1.0f, 0.0f, 1.0f}},
    {"start", {30.0f, 0.0f, 100.0f, 0.0f}},
    {"length", {10.0f, 100.0f, 50.0f, 100.0f}},
    {"fade_in", {200.0f, 0.0f, 100.0f, 0.0f}},
    {"decay", {50.0f, 200.0f, 25.0f, 100.0f}},
    {"low_decay", {25.0f, 50.0f, 30.0f, 100.0f}},
    {"high_decay", {25.0f, 50.0f, 30.0f, 100.0f}},
    {"stretch", {200.0f, 50.0f, 80.0f, 100.0f}},
    {"reverse", {1.0f, 0.0f, 1.0f, 0.0f}},
    {"swap", {1.0f, 0.0f, 1.0f, 0.0f}},
    {"wet", {-90.0f, 0.0f, -6.0f, -90.0f}},
  };
  for (uint32_t m = 0U; m < sizeof(moves) / sizeof(moves[0]); ++m) {
    Tone tone = {.host = scene_open(HOST_WORKER_THREAD)};
    scene_levels(tone.host, m < 2U ? 0.0f : -90.0f, 0.0f);
    tone_play(&tone, 2 * n_rate);
    const size_t from = tone.n - n_rate / 10;
    for (uint32_t v = 0U; v < 8U; ++v) { // Slowly, then faster than it can
      *host_value(tone.host, moves[m].symbol) = moves[m].values[v % 4U];
      tone_play(&tone, v < 4U ? n_rate / 4 : n_rate / 100);
      host_wait(tone.host);
    }
    tone_play(&tone, n_rate / 2);
    const double db = tone_click_db(&tone, from);
    printf("# %s: %+.1f dB\n", moves[m].symbol, db);
    assert_true(db < 6.0);
    host_free(tone.host);
    free(tone.y);
  }
}

static void
test_coming_back_from_bypass_is_as_if_never_gone(void** const state)
{
  (void)state;
  enum { n = 24000 };
  float* const x    = ref_new_noise(2U * n, 4U);
  float*       y[2] = {ref_floats(2U * n), ref_floats(2U * n)};
  for (uint32_t gone = 0U; gone < 2U; ++gone) {
    Host* const host = scene_open(HOST_WORKER_THREAD);
    for (uint32_t t = 0U; t < n; t += n_block) {
      *host_value(host, "enabled") =
        gone && t > n / 4U && t < n / 2U ? 0.0f : 1.0f;
      float* const in[]  = {x + t, x + n + t};
      float* const out[] = {y[gone] + t, y[gone] + n + t};
      host_run(host, in, out, n_block);
    }
    host_free(host);
  }
  assert_memory_equal(y[0] + 3 * n / 4, y[1] + 3 * n / 4,
                      n / 4 * sizeof(float));
  free(x);
  free(y[0]);
  free(y[1]);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(
      test_a_change_of_response_neither_clicks_nor_leaves_a_hole),
    cmocka_unit_test(test_a_response_exchanged_for_itself_is_not_heard),
    cmocka_unit_test(test_no_control_clicks),
    cmocka_unit_test(test_coming_back_from_bypass_is_as_if_never_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
