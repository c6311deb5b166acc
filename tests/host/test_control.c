// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/ports.h"
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

static const char* const stereo = "urn:faltung:stereo";

static void
test_the_bundle_says_what_the_code_does(void** const state)
{
  (void)state;
  const char* const uris[] = {"urn:faltung:mono", "urn:faltung:mono-stereo",
                              stereo};
  for (uint32_t u = 0U; u < 3U; ++u) {
    const HostConfig config = {.uri = uris[u]};
    Host* const      host   = host_new(&config);
    float            mins[HOST_MAX_PORTS];
    float            maxs[HOST_MAX_PORTS];
    float            defs[HOST_MAX_PORTS];
    lilv_plugin_get_port_ranges_float(host->plugin, mins, maxs, defs);
    for (uint32_t p = 0U; p < host->n_ports; ++p) {
      const uint32_t port = fal_port_at(p, host->n_outputs);
      if (port >= FAL_N_PORTS) {
        assert_int_equal(host->n_ports - p, host->n_inputs + host->n_outputs);
        break;
      }
      const FalRange* const range = fal_port_range((FalPort)port);
      if (range->max > range->min) {
        assert_float_equal(mins[p], range->min, 0.0);
        assert_float_equal(maxs[p], range->max, 0.0);
        assert_float_equal(defs[p], range->def, 0.0);
      }
    }
    host_free(host);
  }
}

static void
test_pre_delay_is_exact_and_width_scales_the_difference(void** const state)
{
  (void)state;
  enum { n = 12000, delay = 4800 };
  float* const x    = ref_new_noise(2U * n, 2U);
  float* const y    = ref_floats(2U * n);
  float* const z    = ref_floats(2U * n);
  Host* const  host = scene_open(HOST_WORKER_NONE);
  scene_levels(host, -90.0f, 0.0f);
  scene_render(host, x, y, n, 700U, 1U);
  host_deactivate(host);
  *host_value(host, "predelay") = 1e3f * delay / n_rate;
  scene_render(host, x, z, n, 700U, 2U);
  for (uint32_t t = 0U; t < n; ++t) {
    assert_float_equal(z[t], t < delay ? 0.0f : y[t - delay], 1e-5);
  }

  const float widths[]          = {0.0f, 50.0f, 200.0f};
  *host_value(host, "predelay") = 0.0f;
  for (uint32_t w = 0U; w < 3U; ++w) {
    host_deactivate(host);
    *host_value(host, "width") = widths[w];
    scene_render(host, x, z, n, 700U, w);
    for (uint32_t t = 0U; t < n; ++t) {
      assert_float_equal(z[t] + z[n + t], y[t] + y[n + t], 1e-5);
      assert_float_equal(z[t] - z[n + t], 0.01f * widths[w] * (y[t] - y[n + t]),
                         1e-5);
    }
  }
  host_free(host);
  free(x);
  free(y);
  free(z);
}

/// Level of a tone through a single impulse, dB
static double
tone_db(Host* const host, const double frequency_hz)
{
  enum { n = 24000 };
  float* const x = ref_floats(2U * n);
  float* const y = ref_floats(2U * n);
  for (uint32_t t = 0U; t < n; ++t) {
    x[t] = x[n + t] =
      (float)sin(2.0 * M_PI * frequency_hz * (double)t / n_rate);
  }
  host_deactivate(host);
  scene_render(host, x, y, n, 512U, 1U);
  double from = 0.0;
  double to   = 0.0;
  for (uint32_t t = n / 2; t < n; ++t) {
    from += (double)x[t] * (double)x[t];
    to += (double)y[t] * (double)y[t];
  }
  free(x);
  free(y);
  return 10.0 * log10(to / from);
}

static void
test_cuts_are_butterworth_of_second_order_and_off_at_the_ends(
  void** const state)
{
  (void)state;
  const Scene scene = scene_new();
  const float one   = 1.0f;
  scene_write(scene_file(&scene, "one.wav"), &one, 1U, 1U, n_rate);
  Host* const host = scene_open(HOST_WORKER_THREAD);
  scene_levels(host, -90.0f, 0.0f);
  scene_load(host, scene_file(&scene, "one.wav"));
  assert_float_equal(tone_db(host, 30.0), 0.0, 1e-4);
  assert_float_equal(tone_db(host, 18000.0), 0.0, 1e-4);

  *host_value(host, "low_cut")  = 400.0f;
  *host_value(host, "high_cut") = 2000.0f;
  const double tones_hz[]       = {50.0,  100.0,  200.0,  400.0,
                                   900.0, 2000.0, 4000.0, 8000.0};
  for (uint32_t t = 0U; t < sizeof(tones_hz) / sizeof(tones_hz[0]); ++t) {
    // The bilinear transform warps frequencies; Butterworth in warped ones
    const double w  = tan(M_PI * tones_hz[t] / n_rate);
    const double wl = tan(M_PI * 400.0 / n_rate) / w;
    const double wh = w / tan(M_PI * 2000.0 / n_rate);
    const double db =
      -10.0 * log10((1.0 + pow(wl, 4.0)) * (1.0 + pow(wh, 4.0)));
    assert_float_equal(tone_db(host, tones_hz[t]), db, 0.05);
  }
  host_free(host);
  scene_remove(&scene);
}

static void
test_freewheeling_gives_the_same_samples(void** const state)
{
  (void)state;
  enum { n = 24000 };
  float* const x    = ref_new_noise(2U * n, 6U);
  float*       y[2] = {ref_floats(2U * n), ref_floats(2U * n)};
  for (uint32_t w = 0U; w < 2U; ++w) {
    Host* const host               = scene_open(HOST_WORKER_THREAD);
    *host_value(host, "freewheel") = (float)w;
    *host_value(host, "low_cut")   = 200.0f;
    *host_value(host, "stretch")   = 80.0f;
    scene_render(host, x, y[w], n, 1024U, 3U);
    host_free(host);
  }
  assert_memory_equal(y[0], y[1], 2U * n * sizeof(float));
  free(x);
  free(y[0]);
  free(y[1]);
}

static void
test_the_peak_is_what_came_out(void** const state)
{
  (void)state;
  Host* const  host  = scene_open(HOST_WORKER_NONE);
  float        x[64] = {0.0f};
  float        y[64] = {0.0f};
  float* const in[]  = {x, x};
  float* const out[] = {y, y};
  scene_levels(host, 0.0f, -90.0f);
  x[5] = -0.5f;
  host_run(host, in, out, 64U);
  assert_float_equal(*host_value(host, "peak"), -6.0206, 1e-3);
  x[5] = 0.0f;
  for (uint32_t t = 0U; t < n_rate; t += 64U) {
    host_run(host, in, out, 64U);
  }
  assert_float_equal(*host_value(host, "peak"), -26.0206, 0.1);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_bundle_says_what_the_code_does),
    cmocka_unit_test(test_pre_delay_is_exact_and_width_scales_the_difference),
    cmocka_unit_test(
      test_cuts_are_butterworth_of_second_order_and_off_at_the_ends),
    cmocka_unit_test(test_freewheeling_gives_the_same_samples),
    cmocka_unit_test(test_the_peak_is_what_came_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
