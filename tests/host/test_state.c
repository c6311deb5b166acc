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
#include <unistd.h>

static const char* const stereo = "urn:faltung:stereo";

/// Return the first frame of the answer to an impulse on the left: a
/// fingerprint of the response that sounds
static float
probe(Host* const host)
{
  float        x[64]  = {1.0f};
  float        y[128] = {0.0f};
  float        z[64]  = {0.0f};
  float* const in[]   = {x, z};
  float* const out[]  = {y, y + 64};
  host_deactivate(host);
  scene_levels(host, -90.0f, 0.0f);
  host_run(host, in, out, 64U);
  return y[0];
}

/// Write a response of one frame
static void
write_mark(const char* const path, const float mark)
{
  scene_write(path, &mark, 1U, 1U, 48000.0);
}

static void
move(const char* const from, const char* const to)
{
  if (rename(from, to)) {
    abort();
  }
}

static void
test_a_session_comes_back_when_moved_and_without_its_originals(
  void** const state)
{
  (void)state;
  const HostWorker workers[] = {HOST_WORKER_NONE, HOST_WORKER_IN_PLACE,
                                HOST_WORKER_THREAD};
  for (uint32_t w = 0U; w < 3U; ++w) {
    const Scene scene = scene_new();
    char        saved[300];
    char        moved[300];
    snprintf(saved, sizeof(saved), "%s", scene_file(&scene, "saved"));
    snprintf(moved, sizeof(moved), "%s", scene_file(&scene, "moved"));
    write_mark(scene_file(&scene, "a.wav"), 0.25f);

    Host* host = scene_open(HOST_WORKER_THREAD);
    scene_load(host, scene_file(&scene, "a.wav"));
    scene_levels(host, -90.0f, -3.5f);
    host_save(host, saved);
    host_free(host);
    unlink(scene_file(&scene, "a.wav"));
    move(saved, moved);

    host = scene_open(workers[w]);
    host_restore(host, moved);
    assert_float_equal(*host_value(host, "wet"), -3.5, 0.0);
    assert_float_equal(probe(host), 0.25, 1e-6);
    assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
    host_free(host);
    scene_remove(&scene);
  }
}

static void
test_a_missing_file_is_reported_and_its_path_survives_a_save(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  char        first[300];
  char        second[300];
  snprintf(first, sizeof(first), "%s", scene_file(&scene, "first"));
  snprintf(second, sizeof(second), "%s", scene_file(&scene, "second"));
  write_mark(scene_file(&scene, "a.wav"), 0.25f);

  Host* host = scene_open(HOST_WORKER_THREAD);
  scene_load(host, scene_file(&scene, "a.wav"));
  host_save(host, first);
  host_free(host);
  char link[400];
  snprintf(link, sizeof(link), "%s/a.wav", first);
  char away[400];
  snprintf(away, sizeof(away), "%s/away.wav", scene.path);
  move(link, away);
  unlink(scene_file(&scene, "a.wav"));

  host = scene_open(HOST_WORKER_THREAD);
  host_restore(host, first);
  assert_true(probe(host) != 0.25f);
  assert_float_equal(*host_value(host, "status"), 3.0, 0.0);
  assert_non_null(strstr(host->log, "a.wav"));
  assert_string_equal(strrchr(host->told, '/'), "/a.wav");
  host_save(host, second);
  host_free(host);

  // It is found again where it was looked for
  move(away, link);
  host = scene_open(HOST_WORKER_THREAD);
  host_restore(host, second);
  assert_float_equal(probe(host), 0.25, 1e-6);
  assert_string_equal(host->log, "");
  host_free(host);
  scene_remove(&scene);
}

static void
test_a_file_with_another_content_is_reported(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  char        saved[300];
  snprintf(saved, sizeof(saved), "%s", scene_file(&scene, "saved"));
  write_mark(scene_file(&scene, "a.wav"), 0.25f);

  Host* host = scene_open(HOST_WORKER_THREAD);
  scene_load(host, scene_file(&scene, "a.wav"));
  host_save(host, saved);
  host_free(host);
  char link[400];
  snprintf(link, sizeof(link), "%s/a.wav", saved);
  unlink(link);
  write_mark(link, 0.75f);

  host = scene_open(HOST_WORKER_THREAD);
  host_restore(host, saved);
  assert_float_equal(probe(host), 0.75, 1e-6);
  assert_non_null(strstr(host->log, "not the file"));
  host_free(host);
  scene_remove(&scene);
}

static void
test_presets_choose_the_response_and_leave_levels_alone(void** const state)
{
  (void)state;
  const char* const uris[] = {"urn:faltung:mono", "urn:faltung:mono-stereo",
                              stereo};
  for (uint32_t u = 0U; u < 3U; ++u) {
    const HostConfig config = {.uri = uris[u], .worker = HOST_WORKER_THREAD};
    Host* const      host   = host_new(&config);
    char             preset[128];
    snprintf(preset, sizeof(preset), "%s:cab-1x12-open", uris[u]);
    scene_levels(host, -20.0f, -5.0f);
    host_apply_preset(host, preset);
    scene_settle(host);
    assert_string_equal(strrchr(host->told, '/'), "/cab-1x12-open.wav");
    assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
    assert_float_equal(*host_value(host, "dry"), -20.0, 0.0);
    assert_float_equal(*host_value(host, "wet"), -5.0, 0.0);
    host_free(host);
  }
}

static void
test_a_restored_session_beats_older_wishes_and_yields_to_newer(
  void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  char        saved[300];
  snprintf(saved, sizeof(saved), "%s", scene_file(&scene, "saved"));
  write_mark(scene_file(&scene, "a.wav"), 0.25f);
  write_mark(scene_file(&scene, "b.wav"), 0.5f);

  const HostConfig config = {
    .uri = stereo, .worker = HOST_WORKER_THREAD, .work_delay_ms = 30U};
  Host* const host = host_new(&config);
  scene_load(host, scene_file(&scene, "a.wav"));
  host_save(host, saved);

  host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path,
                scene_file(&scene, "b.wav"), true);
  probe(host);
  host_restore(host, saved);
  scene_settle(host);
  scene_settle(host);
  assert_float_equal(probe(host), 0.25, 1e-6);

  host_restore(host, saved);
  scene_load(host, scene_file(&scene, "b.wav"));
  assert_float_equal(probe(host), 0.5, 1e-6);
  host_free(host);
  scene_remove(&scene);
}

static void
test_a_save_holds_the_wish_that_is_still_being_fulfilled(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  char        saved[300];
  snprintf(saved, sizeof(saved), "%s", scene_file(&scene, "saved"));
  write_mark(scene_file(&scene, "b.wav"), 0.5f);

  const HostConfig config = {
    .uri = stereo, .worker = HOST_WORKER_THREAD, .work_delay_ms = 50U};
  Host* host = host_new(&config);
  host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path,
                scene_file(&scene, "b.wav"), true);
  probe(host);
  host_save(host, saved);
  host_free(host);

  host = scene_open(HOST_WORKER_NONE);
  host_restore(host, saved);
  assert_float_equal(probe(host), 0.5, 1e-6);
  host_free(host);
  scene_remove(&scene);
}

static void
test_both_files_of_a_pair_are_remembered(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  char        saved[300];
  snprintf(saved, sizeof(saved), "%s", scene_file(&scene, "saved"));
  write_mark(scene_file(&scene, "x-L.wav"), 0.25f);
  write_mark(scene_file(&scene, "x-R.wav"), 0.5f);

  Host* host = scene_open(HOST_WORKER_THREAD);
  scene_load(host, scene_file(&scene, "x-L.wav"));
  host_save(host, saved);
  host_free(host);
  unlink(scene_file(&scene, "x-L.wav"));
  unlink(scene_file(&scene, "x-R.wav"));

  host = scene_open(HOST_WORKER_NONE);
  host_restore(host, saved);
  float        x[]   = {1.0f};
  float        y[2]  = {0.0f};
  float* const in[]  = {x, x};
  float* const out[] = {y, y + 1};
  scene_levels(host, -90.0f, 0.0f);
  host_run(host, in, out, 1U);
  assert_float_equal(y[0], 0.25, 1e-6);
  assert_float_equal(y[1], 0.5, 1e-6);
  host_free(host);
  scene_remove(&scene);
}

static void
test_a_second_file_can_be_chosen(void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  write_mark(scene_file(&scene, "one.wav"), 0.25f);
  write_mark(scene_file(&scene, "other.wav"), 0.5f);

  Host* host = scene_open(HOST_WORKER_THREAD);
  scene_load(host, scene_file(&scene, "one.wav"));
  host_set_path(host, "urn:faltung:irRight", LV2_ATOM__Path,
                scene_file(&scene, "other.wav"), true);
  probe(host);
  scene_settle(host);
  assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
  float        x[]   = {1.0f};
  float        y[2]  = {0.0f};
  float* const in[]  = {x, x};
  float* const out[] = {y, y + 1};
  host_deactivate(host);
  host_run(host, in, out, 1U);
  assert_float_equal(y[0], 0.25, 1e-6);
  assert_float_equal(y[1], 0.5, 1e-6);

  // Another first file is a new choice
  scene_load(host, scene_file(&scene, "other.wav"));
  host_deactivate(host);
  host_run(host, in, out, 1U);
  assert_float_equal(y[0], 0.5, 1e-6);
  assert_float_equal(y[1], 0.5, 1e-6);
  host_free(host);
  scene_remove(&scene);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(
      test_a_session_comes_back_when_moved_and_without_its_originals),
    cmocka_unit_test(
      test_a_missing_file_is_reported_and_its_path_survives_a_save),
    cmocka_unit_test(test_a_file_with_another_content_is_reported),
    cmocka_unit_test(test_presets_choose_the_response_and_leave_levels_alone),
    cmocka_unit_test(
      test_a_restored_session_beats_older_wishes_and_yields_to_newer),
    cmocka_unit_test(test_a_save_holds_the_wish_that_is_still_being_fulfilled),
    cmocka_unit_test(test_both_files_of_a_pair_are_remembered),
    cmocka_unit_test(test_a_second_file_can_be_chosen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
