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

/// K-weighted power (ITU-R BS.1770-4, its filters at 48 kHz)
static double
k_power(const float* const x, const size_t n)
{
  const double b[2][3] = {
    {1.53512485958697, -2.69169618940638, 1.19839281085285}, {1.0, -2.0, 1.0}};
  const double a[2][2] = {{-1.69065929318241, 0.73248077421585},
                          {-1.99004745483398, 0.99007225036621}};
  double       s[2][2] = {{0.0}};
  double       power   = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    double v = (double)x[t];
    for (uint32_t f = 0U; f < 2U; ++f) {
      const double y = b[f][0] * v + s[f][0];
      s[f][0]        = b[f][1] * v - a[f][0] * y + s[f][1];
      s[f][1]        = b[f][2] * v - a[f][1] * y;
      v              = y;
    }
    power += v * v;
  }
  return power;
}

/// Pink noise: white through the filter of Paul Kellet, within 0.1 dB
static void
pink(float* const x, const size_t n, const uint64_t seed)
{
  double b[7] = {0.0};
  ref_noise(x, n, seed);
  for (size_t t = 0U; t < n; ++t) {
    const double w = (double)x[t];
    b[0]           = 0.99886 * b[0] + w * 0.0555179;
    b[1]           = 0.99332 * b[1] + w * 0.0750759;
    b[2]           = 0.96900 * b[2] + w * 0.1538520;
    b[3]           = 0.86650 * b[3] + w * 0.3104856;
    b[4]           = 0.55000 * b[4] + w * 0.5329522;
    b[5]           = -0.7616 * b[5] - w * 0.0168980;
    x[t] = (float)(0.05 * (b[0] + b[1] + b[2] + b[3] + b[4] + b[5] + b[6] +
                           w * 0.5362));
    b[6] = w * 0.115926;
  }
}

static void
test_every_response_is_about_as_loud(void** const state)
{
  (void)state;
  enum { n = 8 * n_rate, skipped = 4 * n_rate };
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
  pink(x, n, 1U);
  pink(x + n, n, 2U);
  const double in =
    k_power(x + skipped, n - skipped) + k_power(x + n + skipped, n - skipped);

  for (size_t f = 0U; f < files.gl_pathc + 2U;
       f += f < files.gl_pathc ? 3U : 1U) {
    const char* const path = f < files.gl_pathc ? files.gl_pathv[f]
                             : f % 2U           ? scene_file(&scene, "h.wav")
                                      : scene_file(&scene, "soft.wav");
    if (strstr(path, "cathedral")) {
      continue; // Longer than the noise lets settle
    }
    Host* const host = scene_open(HOST_WORKER_THREAD);
    scene_levels(host, -90.0f, 0.0f);
    *host_value(host, "match") = 1.0f;
    scene_load(host, path);
    host_deactivate(host);
    scene_render(host, x, y, n, 2048U, 1U);
    const double out =
      k_power(y + skipped, n - skipped) + k_power(y + n + skipped, n - skipped);
    const double db = 10.0 * log10(out / in);
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
