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

static Host*
open_host(const HostWorker worker)
{
  const HostConfig config = {.uri = stereo, .worker = worker};
  return host_new(&config);
}

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
  Host* const host = open_host(HOST_WORKER_THREAD);
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
    assert_float_equal(energy, 64.0 * 3.0 / 8.0, 0.2);
    free(y);
  }
  free(h);
  scene_remove(&scene);
}

static void
test_pre_delay_is_exact_and_width_scales_the_difference(void** const state)
{
  (void)state;
  enum { n = 12000, delay = 4800 };
  float* const x    = ref_new_noise(2U * n, 2U);
  float* const y    = ref_floats(2U * n);
  float* const z    = ref_floats(2U * n);
  Host* const  host = open_host(HOST_WORKER_NONE);
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
  Host* const host = open_host(HOST_WORKER_THREAD);
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
    Host* const host = open_host(HOST_WORKER_THREAD);
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

static void
test_a_moving_knob_rebuilds_ten_times_a_second_and_ends_where_it_stops(
  void** const state)
{
  (void)state;
  Host* const  host  = open_host(HOST_WORKER_THREAD);
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
  Host* const  still         = open_host(HOST_WORKER_THREAD);
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

static void
test_freewheeling_gives_the_same_samples(void** const state)
{
  (void)state;
  enum { n = 24000 };
  float* const x    = ref_new_noise(2U * n, 6U);
  float*       y[2] = {ref_floats(2U * n), ref_floats(2U * n)};
  for (uint32_t w = 0U; w < 2U; ++w) {
    Host* const host               = open_host(HOST_WORKER_THREAD);
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
  Host* const  host  = open_host(HOST_WORKER_NONE);
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
    cmocka_unit_test(test_the_form_of_a_response_is_as_named),
    cmocka_unit_test(test_stretching_moves_echoes_and_keeps_noise_as_loud),
    cmocka_unit_test(test_pre_delay_is_exact_and_width_scales_the_difference),
    cmocka_unit_test(
      test_cuts_are_butterworth_of_second_order_and_off_at_the_ends),
    cmocka_unit_test(test_every_response_is_about_as_loud),
    cmocka_unit_test(
      test_a_moving_knob_rebuilds_ten_times_a_second_and_ends_where_it_stops),
    cmocka_unit_test(test_freewheeling_gives_the_same_samples),
    cmocka_unit_test(test_the_peak_is_what_came_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
