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
test_paths_are_taken_as_hosts_send_them_and_told(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  tone_write_room(scene_file(&scene, "a.wav"), 0.5f);
  const char* const types[] = {LV2_ATOM__Path, LV2_ATOM__String};
  for (uint32_t c = 0U; c < 4U; ++c) {
    Host* const host = scene_open(HOST_WORKER_THREAD);
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
  tone_write_room(scene_file(&scene, "a.wav"), 0.5f);
  FILE* const bad = fopen(scene_file(&scene, "bad.wav"), "wb");
  fputs("RIFFxxxxWAVEnot at all", bad);
  fclose(bad);

  Tone tone = {.host = scene_open(HOST_WORKER_THREAD)};
  scene_levels(tone.host, -90.0f, 0.0f);
  scene_load(tone.host, scene_file(&scene, "a.wav"));
  tone_play(&tone, n_rate);
  const char* const names[]    = {"bad.wav", "none.wav", "."};
  const float       statuses[] = {4.0f, 3.0f, 4.0f};
  for (uint32_t c = 0U; c < 3U; ++c) {
    const size_t period = n_rate / 100;
    const size_t before = tone.n - 10U * period;
    host_set_path(tone.host, ir, LV2_ATOM__Path, scene_file(&scene, names[c]),
                  true);
    tone_play(&tone, 9600U);
    host_wait(tone.host);
    tone_play(&tone, 9600U);
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
  tone_write_room(scene_file(&scene, "a.wav"), 0.5f);
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
    tone_play(&tone, 4800U);
    const size_t from = tone.n;
    for (uint32_t i = 0U; i < 1000U; ++i) {
      char name[16];
      snprintf(name, sizeof(name), "%u.wav", (i * 7U + 3U) % 10U);
      tone.host->is_queue_full = i % 5U == 0U || i > 990U;
      host_set_path(tone.host, ir, LV2_ATOM__Path, scene_file(&scene, name),
                    true);
      tone_play(&tone, n_block);
    }
    tone.host->is_queue_full = false;
    tone_play(&tone, n_block);
    scene_settle(tone.host);
    scene_settle(tone.host);
    assert_float_equal(*host_value(tone.host, "status"), 2.0, 0.0);
    assert_string_equal(tone.host->told, scene_file(&scene, "6.wav"));
    assert_true(tone_click_db(&tone, from) < 6.0);
    tone_play(&tone, 4800U);
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
    cmocka_unit_test(test_paths_are_taken_as_hosts_send_them_and_told),
    cmocka_unit_test(test_what_cannot_be_loaded_leaves_the_sound_and_says_why),
    cmocka_unit_test(test_without_a_worker_a_wish_is_declined),
    cmocka_unit_test(test_the_last_of_many_wishes_wins),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
