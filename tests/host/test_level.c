// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/loudness.h"
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

static void
test_every_response_is_about_as_loud(void** const state)
{
  (void)state;
  enum { n_noise = 6 * n_rate, n = n_noise + 12 * n_rate }; // With the tail
  char pattern[1024];
  snprintf(pattern, sizeof(pattern), "%sir/*.wav", getenv("FALTUNG_BUNDLE"));
  glob_t files = {0};
  assert_int_equal(glob(pattern, 0, NULL, &files), 0);
  assert_true(files.gl_pathc >= 10U);

  const Scene  scene = scene_new();
  float* const h =
    scene_write_ir(scene_file(&scene, "h.wav"), 2U, 30000U, 96000.0, 3U);
  for (uint32_t t = 0U; t < 60000U; ++t) {
    h[t] *= 0.01f;
  }
  scene_write(scene_file(&scene, "soft.wav"), h, 2U, 30000U, 96000.0);
  free(h);
  float* const x = ref_floats(2U * n);
  float* const y = ref_floats(2U * n);
  loudness_pink(x, n_noise, 1U);
  loudness_pink(x + n, n_noise, 2U);
  const double in = loudness_k_energy(x, n) + loudness_k_energy(x + n, n);

  for (size_t f = 0U; f < files.gl_pathc + 2U; ++f) {
    const char* const path = f < files.gl_pathc ? files.gl_pathv[f]
                             : f % 2U           ? scene_file(&scene, "h.wav")
                                      : scene_file(&scene, "soft.wav");
    Host* const       host = scene_open(HOST_WORKER_THREAD);
    scene_levels(host, -90.0f, 0.0f);
    *host_value(host, "match") = 1.0f;
    scene_load(host, path);
    host_deactivate(host);
    scene_render(host, x, y, n, 2048U, 1U);
    const double out = loudness_k_energy(y, n) + loudness_k_energy(y + n, n);
    const double db  = 10.0 * log10(out / in);
    printf("# %s: %+.2f dB\n", strrchr(path, '/') + 1, db);
    assert_float_equal(db, 0.0, 0.5);
    host_free(host);
  }
  globfree(&files);
  free(x);
  free(y);
  scene_remove(&scene);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_response_is_about_as_loud),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
