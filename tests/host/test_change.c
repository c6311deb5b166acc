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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { n_block = 64, n_rate = 48000 };

static const char* const ir = "urn:faltung:ir";

/// A steady tone through a plugin, block after block
typedef struct {
  Host*  host;
  double phase;
  float* y; ///< Left output so far
  size_t n;
} Tone;

static void
play(Tone* const tone, const size_t at_least)
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

/// Bend of the output from a frame on, against that of a steady tone as loud as
/// the loudest part of it, dB
static double
click_db(const Tone* const tone, const size_t from)
{
  const double w    = 2.0 * M_PI * 100.0 / n_rate;
  double       peak = 0.0;
  for (size_t t = from; t < tone->n; ++t) {
    peak = fmax(peak, fabs((double)tone->y[t]));
  }
  return 20.0 * log10(scene_curvature(tone->y + from, tone->n - from) /
                      (peak * 2.0 * (1.0 - cos(w))));
}

static Host*
open_host(void)
{
  const HostConfig config = {.uri    = "urn:faltung:stereo",
                             .worker = HOST_WORKER_THREAD};
  return host_new(&config);
}

/// Responses that answer a low tone: a pulse train that dies away
static void
write_room(const char* const path, const float gain)
{
  enum { n = 9600 };
  float* const h = ref_floats(n);
  for (uint32_t t = 0U; t < n; t += 480U) {
    h[t] = gain * expf(-(float)t / 2400.0f);
  }
  scene_write(path, h, 1U, n, n_rate);
  free(h);
}

static void
test_a_change_of_response_neither_clicks_nor_leaves_a_hole(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  write_room(scene_file(&scene, "a.wav"), 0.5f);
  write_room(scene_file(&scene, "b.wav"), -0.3f);
  write_room(scene_file(&scene, "c.wav"), 0.4f);

  Tone tone = {.host = open_host()};
  scene_levels(tone.host, -90.0f, 0.0f);
  scene_load(tone.host, scene_file(&scene, "a.wav"));
  play(&tone, n_rate / 2);
  const size_t      from    = tone.n - n_rate / 10;
  const char* const names[] = {"c.wav", "a.wav", "b.wav", "c.wav"};
  for (uint32_t c = 0U; c < 4U; ++c) {
    host_set_path(tone.host, ir, LV2_ATOM__Path, scene_file(&scene, names[c]),
                  true);
    play(&tone, n_rate / 20);
    host_wait(tone.host);
    play(&tone, n_rate / 2);
  }
  assert_true(click_db(&tone, from) < 6.0);

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
    Tone tone = {.host = open_host()};
    scene_levels(tone.host, m < 2U ? 0.0f : -90.0f, 0.0f);
    play(&tone, 2 * n_rate);
    const size_t from = tone.n - n_rate / 10;
    for (uint32_t v = 0U; v < 8U; ++v) { // Slowly, then faster than it can
      *host_value(tone.host, moves[m].symbol) = moves[m].values[v % 4U];
      play(&tone, v < 4U ? n_rate / 4 : n_rate / 100);
      host_wait(tone.host);
    }
    play(&tone, n_rate / 2);
    const double db = click_db(&tone, from);
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
    Host* const host = open_host();
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

static void
test_paths_are_taken_as_hosts_send_them_and_told(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  write_room(scene_file(&scene, "a.wav"), 0.5f);
  const char* const types[] = {LV2_ATOM__Path, LV2_ATOM__String};
  for (uint32_t c = 0U; c < 4U; ++c) {
    Host* const host = open_host();
    scene_settle(host);
    const uint32_t n_told    = host->n_told;
    const uint32_t n_changes = host->n_changes;
    host_set_path(host, ir, types[c / 2U], scene_file(&scene, "a.wav"), c % 2U);
    float* const none[] = {NULL, NULL};
    host_run(host, none, none, 0U);
    assert_true(*host_value(host, "status") >= 1.0f);
    scene_settle(host);
    assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
    assert_string_equal(host->told, scene_file(&scene, "a.wav"));
    assert_int_equal(host->n_told, n_told + 1U);
    assert_int_equal(host->n_changes, n_changes + 1U);

    host_get(host, ir);
    host_run(host, none, none, 0U);
    assert_int_equal(host->n_told, n_told + 2U);
    host_free(host);
  }
  scene_remove(&scene);
}

static void
test_what_cannot_be_loaded_leaves_the_sound_and_says_why(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  write_room(scene_file(&scene, "a.wav"), 0.5f);
  FILE* const bad = fopen(scene_file(&scene, "bad.wav"), "wb");
  fputs("RIFFxxxxWAVEnot at all", bad);
  fclose(bad);

  Tone tone = {.host = open_host()};
  scene_levels(tone.host, -90.0f, 0.0f);
  scene_load(tone.host, scene_file(&scene, "a.wav"));
  play(&tone, n_rate);
  const char* const names[]    = {"bad.wav", "none.wav", "."};
  const float       statuses[] = {4.0f, 3.0f, 4.0f};
  for (uint32_t c = 0U; c < 3U; ++c) {
    const size_t period = n_rate / 100;
    const size_t before = tone.n - 10U * period;
    host_set_path(tone.host, ir, LV2_ATOM__Path, scene_file(&scene, names[c]),
                  true);
    play(&tone, 9600U);
    host_wait(tone.host);
    play(&tone, 9600U);
    assert_float_equal(*host_value(tone.host, "status"), statuses[c], 0.0);
    assert_non_null(strstr(tone.host->log, names[c]));
    for (size_t t = before; t < tone.n - period; ++t) {
      assert_float_equal(tone.y[t], tone.y[t + period], 1e-4);
    }
  }
  host_free(tone.host);
  free(tone.y);
  scene_remove(&scene);
}

static void
test_without_a_worker_a_wish_is_declined(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  write_room(scene_file(&scene, "a.wav"), 0.5f);
  const HostConfig config = {.uri = "urn:faltung:stereo"};
  Host* const      host   = host_new(&config);
  scene_settle(host);
  char before[4096];
  memcpy(before, host->told, sizeof(before));
  const uint32_t n_told = host->n_told;
  scene_load(host, scene_file(&scene, "a.wav"));
  assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
  assert_int_equal(host->n_told, n_told + 1U);
  assert_string_equal(host->told, before);
  host_free(host);
  scene_remove(&scene);
}

static void
test_the_last_of_many_wishes_wins(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  for (uint32_t i = 0U; i < 10U; ++i) {
    char        name[16];
    const float mark = 0.05f * (float)(i + 1U);
    snprintf(name, sizeof(name), "%u.wav", i);
    scene_write(scene_file(&scene, name), &mark, 1U, 1U, n_rate);
  }

  for (uint32_t c = 0U; c < 3U; ++c) {
    const HostConfig config = {
      .uri           = "urn:faltung:stereo",
      .worker        = c == 2U ? HOST_WORKER_IN_PLACE : HOST_WORKER_THREAD,
      .work_delay_ms = c == 1U ? 20U : 0U,
    };
    Tone tone = {.host = host_new(&config)};
    scene_levels(tone.host, -90.0f, 0.0f);
    scene_load(tone.host, scene_file(&scene, "9.wav"));
    play(&tone, 4800U);
    const size_t from = tone.n;
    for (uint32_t i = 0U; i < 1000U; ++i) {
      char name[16];
      snprintf(name, sizeof(name), "%u.wav", (i * 7U + 3U) % 10U);
      tone.host->is_queue_full = i % 5U == 0U || i > 990U;
      host_set_path(tone.host, ir, LV2_ATOM__Path, scene_file(&scene, name),
                    true);
      play(&tone, n_block);
    }
    tone.host->is_queue_full = false;
    play(&tone, n_block);
    scene_settle(tone.host);
    scene_settle(tone.host);
    assert_float_equal(*host_value(tone.host, "status"), 2.0, 0.0);
    assert_string_equal(tone.host->told, scene_file(&scene, "6.wav"));
    assert_true(click_db(&tone, from) < 6.0);
    play(&tone, 4800U);
    float peak = 0.0f;
    for (size_t t = tone.n - 4800U; t < tone.n; ++t) {
      peak = fmaxf(peak, fabsf(tone.y[t]));
    }
    assert_float_equal(peak, 0.35, 1e-4);
    host_free(tone.host);
    free(tone.y);
  }
  scene_remove(&scene);
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
    cmocka_unit_test(test_paths_are_taken_as_hosts_send_them_and_told),
    cmocka_unit_test(test_what_cannot_be_loaded_leaves_the_sound_and_says_why),
    cmocka_unit_test(test_without_a_worker_a_wish_is_declined),
    cmocka_unit_test(test_the_last_of_many_wishes_wins),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
