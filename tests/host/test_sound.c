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

#include <stdlib.h>
#include <string.h>

/// Largest error in any frame, relative to the RMS of the whole
static const double bound_db = -110.0;

enum { n_signal = 20000, n_ir = 3000 };

/// Convolve by the book: x [n_in][n_signal], h as its channels mean
static double*
convolve(const Host* const host, const float* const x, const float* const h,
         const uint32_t n_channels, const uint32_t output)
{
  const size_t  n_full = n_signal + n_ir - 1U;
  double* const y      = ref_doubles(n_full);
  if (host->n_inputs == 1U && n_channels == 4U) { // In the middle
    for (uint32_t i = 0U; i < 2U; ++i) {
      ref_add_convolution(y, x, n_signal, h + (2U * i + output) * (size_t)n_ir,
                          n_ir);
    }
    for (size_t t = 0U; t < n_full; ++t) {
      y[t] *= 0.5;
    }
    return y;
  }
  for (uint32_t i = 0U; i < host->n_inputs; ++i) {
    const bool crosses = n_channels == 4U;
    if (!crosses && host->n_inputs == 2U && i != output) {
      continue;
    }
    const uint32_t c = n_channels == 1U ? 0U
                       : crosses        ? 2U * i + output
                                        : output;
    ref_add_convolution(y, x + (size_t)i * n_signal, n_signal,
                        h + (size_t)c * n_ir, n_ir);
  }
  return y;
}

static void
check_convolution(const HostConfig* const config, const uint32_t n_channels,
                  const uint32_t max_block, const uint64_t seed)
{
  const Scene  scene = scene_new();
  Host* const  host  = host_new(config);
  float* const h = scene_write_ir(scene_file(&scene, "h.wav"), n_channels, n_ir,
                                  48000.0, seed);
  float* const x = ref_new_noise(2U * n_signal, seed);
  float* const y = ref_floats(2U * n_signal);

  assert_non_null(host);
  scene_levels(host, -90.0f, 0.0f);
  scene_load(host, scene_file(&scene, "h.wav"));
  assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
  scene_render(host, x, y, n_signal, max_block, seed);
  for (uint32_t o = 0U; o < host->n_outputs; ++o) {
    double* const expected = convolve(host, x, h, n_channels, o);
    assert_true(ref_peak_error_db(y + (size_t)o * n_signal, expected,
                                  n_signal) < bound_db);
    free(expected);
  }

  host_free(host);
  free(h);
  free(x);
  free(y);
  scene_remove(&scene);
}

static void
test_every_plugin_convolves_by_the_book(void** const state)
{
  (void)state;
  const struct {
    const char* uri;
    uint32_t    n_channels;
  } cases[] = {
    {"urn:faltung:mono", 1U},        {"urn:faltung:mono", 2U},
    {"urn:faltung:mono-stereo", 1U}, {"urn:faltung:mono-stereo", 2U},
    {"urn:faltung:stereo", 1U},      {"urn:faltung:stereo", 2U},
    {"urn:faltung:stereo", 4U},      {"urn:faltung:mono-stereo", 4U},
  };
  for (uint32_t c = 0U; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    const HostConfig config = {.uri    = cases[c].uri,
                               .worker = HOST_WORKER_THREAD};
    check_convolution(&config, cases[c].n_channels, 700U, c);
  }
}

static void
test_whatever_the_host_says_of_its_blocks(void** const state)
{
  (void)state;
  const int32_t nominal[] = {0, 1, 64, 480, 1024, 8192, 1 << 20};
  for (uint32_t c = 0U; c < sizeof(nominal) / sizeof(nominal[0]); ++c) {
    const HostConfig config = {
      .uri           = "urn:faltung:stereo",
      .worker        = c % 2U ? HOST_WORKER_THREAD : HOST_WORKER_IN_PLACE,
      .nominal_block = nominal[c],
      .max_block     = 64,
    };
    check_convolution(&config, 4U, 9000U, c);
  }
}

static void
test_aliased_buffers_change_nothing(void** const state)
{
  (void)state;
  enum { n = 4000, block = 160 };
  const HostConfig config = {.uri = "urn:faltung:stereo"};
  float* const     x      = ref_new_noise(2U * n, 5U);
  float* const     apart  = ref_floats(2U * n);
  Host* const      host   = host_new(&config);
  host_activate(host);
  for (uint32_t t = 0U; t < n; t += block) {
    float* const in[]  = {x + t, x + n + t};
    float* const out[] = {apart + t, apart + n + t};
    host_run(host, in, out, block);
  }

  for (uint32_t crossed = 0U; crossed < 2U; ++crossed) {
    float* const y = ref_floats(2U * n);
    memcpy(y, x, 2U * n * sizeof(float));
    host_deactivate(host);
    for (uint32_t t = 0U; t < n; t += block) {
      float* const in[]  = {y + t, y + n + t};
      float* const out[] = {y + (crossed ? n : 0U) + t,
                            y + (crossed ? 0U : n) + t};
      host_run(host, in, out, block);
    }
    assert_memory_equal(y + (crossed ? n : 0U), apart, n * sizeof(float));
    assert_memory_equal(y + (crossed ? 0U : n), apart + n, n * sizeof(float));
    free(y);
  }

  host_free(host);
  free(x);
  free(apart);
}

static void
test_it_sounds_at_once_with_urid_map_alone(void** const state)
{
  (void)state;
  const char* const uris[] = {"urn:faltung:mono", "urn:faltung:mono-stereo",
                              "urn:faltung:stereo"};
  for (uint32_t u = 0U; u < 3U; ++u) {
    const HostConfig config = {.uri = uris[u], .is_bare = true};
    Host* const      host   = host_new(&config);
    float* const     x      = ref_floats(2U * 48000U);
    float* const     y      = ref_floats(2U * 48000U);
    x[0] = x[48000] = 1.0f;
    scene_levels(host, -90.0f, 0.0f);
    scene_render(host, x, y, 48000U, 512U, u);
    for (uint32_t o = 0U; o < host->n_outputs; ++o) {
      double energy = 0.0;
      for (uint32_t t = 0U; t < 48000U; ++t) {
        energy += (double)y[o * 48000U + t] * (double)y[o * 48000U + t];
      }
      assert_true(energy > 1e-3);
    }
    assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
    assert_float_equal(*host_value(host, "latency"), 0.0, 0.0);
    host_free(host);
    free(x);
    free(y);
  }
}

static void
test_bypass_and_dry_pass_the_very_bits_and_minima_are_silent(void** const state)
{
  (void)state;
  enum { n = 3000 };
  const HostConfig config = {.uri = "urn:faltung:stereo"};
  float* const     x      = ref_new_noise(2U * n, 9U);
  float* const     y      = ref_floats(2U * n);
  Host* const      host   = host_new(&config);

  scene_levels(host, 0.0f, -90.0f);
  scene_render(host, x, y, n, 300U, 1U);
  assert_memory_equal(x, y, 2U * n * sizeof(float));

  host_deactivate(host);
  scene_levels(host, -6.0f, 0.0f);
  *host_value(host, "enabled") = 0.0f;
  scene_render(host, x, y, n, 300U, 2U);
  assert_memory_equal(x, y, 2U * n * sizeof(float));

  host_deactivate(host);
  scene_levels(host, -90.0f, -90.0f);
  *host_value(host, "enabled") = 1.0f;
  scene_render(host, x, y, n, 300U, 3U);
  for (uint32_t t = 0U; t < 2U * n; ++t) {
    assert_true(y[t] == 0.0f);
  }

  host_free(host);
  free(x);
  free(y);
}

static void
test_activation_clears_the_tail_and_keeps_the_response(void** const state)
{
  (void)state;
  enum { n = 10000 };
  const HostConfig config = {.uri    = "urn:faltung:stereo",
                             .worker = HOST_WORKER_THREAD};
  const Scene      scene  = scene_new();
  float* const     x      = ref_new_noise(2U * n, 3U);
  float* const     y      = ref_floats(2U * n);
  float* const     z      = ref_floats(2U * n);
  free(scene_write_ir(scene_file(&scene, "h.wav"), 2U, n_ir, 48000.0, 4U));

  Host* const host = host_new(&config);
  scene_levels(host, 0.0f, 0.0f);
  scene_load(host, scene_file(&scene, "h.wav"));
  host_deactivate(host);
  scene_render(host, x, y, n, 512U, 1U);
  host_deactivate(host);
  scene_render(host, x, z, n, 512U, 1U);
  assert_memory_equal(y, z, 2U * n * sizeof(float));

  host_free(host);
  free(x);
  free(y);
  free(z);
  scene_remove(&scene);
}

static void
test_any_rate_works_and_absurd_ones_are_refused(void** const state)
{
  (void)state;
  const double rates[]     = {8000.0,  11025.0,  44100.0,
                              96000.0, 192000.0, 768000.0};
  float        buffer[512] = {0.0f};
  float* const b[2]        = {buffer, buffer};
  for (uint32_t r = 0U; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    const HostConfig config = {.uri     = "urn:faltung:mono-stereo",
                               .rate_hz = rates[r]};
    Host* const      host   = host_new(&config);
    assert_non_null(host);
    buffer[0] = 1.0f;
    host_run(host, b, b, 512U);
    assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
    host_free(host);
  }

  const double absurd[] = {-1.0, 1.0, 2147483647.0, (double)NAN,
                           (double)INFINITY};
  for (uint32_t r = 0U; r < sizeof(absurd) / sizeof(absurd[0]); ++r) {
    const HostConfig config = {.uri = "urn:faltung:mono", .rate_hz = absurd[r]};
    assert_null(host_new(&config));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_plugin_convolves_by_the_book),
    cmocka_unit_test(test_whatever_the_host_says_of_its_blocks),
    cmocka_unit_test(test_aliased_buffers_change_nothing),
    cmocka_unit_test(test_it_sounds_at_once_with_urid_map_alone),
    cmocka_unit_test(
      test_bypass_and_dry_pass_the_very_bits_and_minima_are_silent),
    cmocka_unit_test(test_activation_clears_the_tail_and_keeps_the_response),
    cmocka_unit_test(test_any_rate_works_and_absurd_ones_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
