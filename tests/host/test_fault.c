// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/scene.h"
#include "tests/reference.h"

#include <lv2/atom/atom.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static const char* const stereo = "urn:faltung:stereo";

/// Return whether there is sound, and nothing but sound
static bool
sounds(const float* const y, const size_t n)
{
  double power = 0.0;
  for (size_t t = 0U; t < n; ++t) {
    power += (double)y[t] * (double)y[t];
  }
  return isfinite(power) && power > 0.0;
}

static void
test_output_is_finite_whatever_comes_in(void** const state)
{
  (void)state;
  enum { n = 9600 };
  const float  bad[] = {NAN, INFINITY, -INFINITY, 1e30f, -3e38f, 1e-40f};
  Host* const  host  = scene_open(HOST_WORKER_NONE);
  float* const x     = ref_new_noise(2U * n, 1U);
  float* const y     = ref_floats(2U * n);
  uint64_t     seed  = 1U;
  for (uint32_t i = 0U; i < n; ++i) {
    x[ref_between(&seed, 0U, 2U * n - 1U)] = bad[i % 6U];
  }
  scene_levels(host, 12.0f, 12.0f);
  scene_render(host, x, y, n, 600U, 1U);
  for (uint32_t t = 0U; t < 2U * n; ++t) {
    assert_true(isfinite(y[t]) && fabsf(y[t]) < 1e4f);
  }

  // And it forgets them: silence gives silence in the end
  memset(x, 0, 2U * n * sizeof(float));
  for (uint32_t r = 0U; r < 60U; ++r) {
    scene_render(host, x, y, n, 600U, r);
  }
  for (uint32_t t = 0U; t < 2U * n; ++t) {
    assert_true(fabsf(y[t]) < 1e-6f);
  }
  host_free(host);
  free(x);
  free(y);
}

static void
test_controls_that_are_no_numbers_are_taken_as_defaults(void** const state)
{
  (void)state;
  const float  bad[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f};
  Host* const  host  = scene_open(HOST_WORKER_NONE);
  float* const x     = ref_new_noise(2U * 4800U, 1U);
  float* const y     = ref_floats(2U * 4800U);
  for (uint32_t b = 0U; b < 5U; ++b) {
    for (uint32_t p = 0U; p < host->n_ports; ++p) {
      host->values[p] = bad[b];
    }
    scene_render(host, x, y, 4800U, 256U, b);
    for (uint32_t t = 0U; t < 2U * 4800U; ++t) {
      assert_true(isfinite(y[t]) && fabsf(y[t]) < 1e3f);
    }
  }
  host_free(host);
  free(x);
  free(y);
}

#if defined(__SSE2__)
static void
test_the_floating_point_mode_is_restored_and_denormals_do_not_pass(
  void** const state)
{
  (void)state;
  Host* const  host = scene_open(HOST_WORKER_NONE);
  float        x[256];
  float        y[256];
  float* const in[]  = {x, x};
  float* const out[] = {y, y};
  for (uint32_t t = 0U; t < 256U; ++t) {
    x[t] = 1e-40f;
  }
  const uint32_t mode = _mm_getcsr() & ~0x3FU; // Without the exceptions seen
  host_run(host, in, out, 256U);
  assert_int_equal(_mm_getcsr() & ~0x3FU, mode);
  for (uint32_t t = 0U; t < 256U; ++t) {
    assert_true(y[t] == 0.0f);
  }
  host_free(host);
}
#endif

static void
test_nothing_need_be_connected(void** const state)
{
  (void)state;
  Host* const  host   = scene_open(HOST_WORKER_THREAD);
  float* const none[] = {NULL, NULL};
  for (uint32_t p = 0U; p < host->n_ports; ++p) {
    lilv_instance_connect_port(host->instance, p, NULL);
  }
  host_run(host, none, none, 0U);
  host_run(host, none, none, 1000U);
  host_free(host);
}

/// Run with a control sequence that ends where its memory ends
static void
run_with(Host* const host, const uint8_t* const bytes, const size_t size)
{
  float* const none[] = {NULL, NULL};
  void* const  memory = malloc(size);
  memcpy(memory, bytes, size);
  lilv_instance_connect_port(host->instance, 0U, memory);
  host_run(host, none, none, 16U);
  lilv_instance_connect_port(host->instance, 0U, &host->control);
  free(memory);
}

static void
test_hostile_events_are_passed_over(void** const state)
{
  (void)state;
  Host* const host = scene_open(HOST_WORKER_NONE);
  uint64_t    seed = 1U;
  for (uint32_t round = 0U; round < 20000U; ++round) {
    host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path, "/nowhere/at/all.wav",
                  round % 2U);
    host_get(host, "urn:faltung:ir");
    uint32_t size =
      (uint32_t)sizeof(LV2_Atom) + host->control.sequence.atom.size;
    uint8_t bytes[1024];
    memcpy(bytes, &host->control, size);
    host->control.sequence.atom.type = 0U;

    const size_t n_faults = ref_between(&seed, 1U, 4U);
    for (size_t f = 0U; f < n_faults; ++f) {
      // Sizes and types are where it hurts
      const size_t at    = ref_between(&seed, 8U, size - 4U) / 4U * 4U;
      uint32_t     value = (uint32_t)ref_random(&seed);
      const size_t how   = ref_between(&seed, 0U, 3U);
      value              = how == 0U   ? value
                           : how == 1U ? 0xFFFFFFFFU - value % 64U
                                       : value % 128U;
      memcpy(bytes + at, &value, sizeof(value));
    }
    if (round % 3U == 0U) {
      size                 = (uint32_t)ref_between(&seed, 16U, size);
      const uint32_t inner = size - (uint32_t)sizeof(LV2_Atom);
      memcpy(bytes, &inner, sizeof(inner));
    }
    run_with(host, bytes, size);
  }
  assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
  host_free(host);
}

/// A state that lies
typedef struct {
  const void* value;
  size_t      size;
  const char* type;
} Lie;

static const void*
retrieve(const LV2_State_Handle handle, const uint32_t key, size_t* const size,
         uint32_t* const type, uint32_t* const flags)
{
  const Lie* const lie = (const Lie*)handle;
  (void)key;
  *size  = lie->size;
  *type  = host_map(lie->type);
  *flags = LV2_STATE_IS_POD;
  return lie->value;
}

static void
test_hostile_states_are_survived(void** const state)
{
  (void)state;
  char* const endless = (char*)malloc(100000U);
  memset(endless, 'x', 100000U);
  const Lie lies[] = {
    {NULL, 0U, LV2_ATOM__Path},         {"", 1U, LV2_ATOM__Path},
    {"", 0U, LV2_ATOM__Path},           {"/no", 3U, LV2_ATOM__Path},
    {endless, 100000U, LV2_ATOM__Path}, {endless, 4095U, LV2_ATOM__String},
    {endless, 8U, LV2_ATOM__Long},      {endless, 3U, LV2_ATOM__Float},
    {"/dev/zero", 10U, LV2_ATOM__Path}, {"\xff\xfe%s%n", 7U, LV2_ATOM__Path},
  };
  Host* const                      host = scene_open(HOST_WORKER_THREAD);
  const LV2_State_Interface* const interface =
    (const LV2_State_Interface*)lilv_instance_get_extension_data(
      host->instance, LV2_STATE__interface);
  float        x[2U * 64U] = {1.0f};
  float        y[2U * 64U] = {0.0f};
  float* const in[]        = {x, x + 64};
  float* const out[]       = {y, y + 64};
  for (uint32_t l = 0U; l < sizeof(lies) / sizeof(lies[0]); ++l) {
    interface->restore(lilv_instance_get_handle(host->instance), retrieve,
                       (void*)&lies[l], 0U, NULL);
    host_run(host, in, out, 64U);
    assert_true(sounds(y, 2U * 64U));
  }
  host_free(host);
  free(endless);
}

/// Return null, or the plugin that did not sound
static void*
live(void* const data)
{
  const uint64_t seed   = (uint64_t)(uintptr_t)data;
  uint64_t       random = seed;
  float* const   x      = ref_new_noise(2U * 4800U, seed);
  float* const   y      = ref_floats(2U * 4800U);
  const char*    mute   = NULL;
  for (uint32_t r = 0U; r < 8U; ++r) {
    const char* const uris[] = {"urn:faltung:mono", "urn:faltung:mono-stereo",
                                stereo};
    const char* const irs[]  = {"plate", "church", "ambience", "none"};
    const HostConfig  config = {
       .uri           = uris[ref_between(&random, 0U, 2U)],
       .rate_hz       = r % 2U ? 48000.0 : 44100.0,
       .worker        = r % 3U ? HOST_WORKER_THREAD : HOST_WORKER_IN_PLACE,
       .nominal_block = 1 << ref_between(&random, 4U, 11U),
    };
    char path[1024];
    snprintf(path, sizeof(path), "%sir/%s.wav", getenv("FALTUNG_BUNDLE"),
             irs[ref_between(&random, 0U, 3U)]);
    Host* const host = host_new(&config);
    scene_render(host, x, y, 4800U, 500U, r);
    host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path, path, true);
    scene_render(host, x, y, 4800U, 500U, r);
    mute = sounds(y, host->n_outputs * 4800U) ? mute : config.uri;
    host_free(host);
  }
  free(x);
  free(y);
  return (void*)mute;
}

static void
test_four_threads_make_load_run_and_free(void** const state)
{
  (void)state;
  pthread_t threads[4];
  for (uint32_t t = 0U; t < 4U; ++t) {
    pthread_create(&threads[t], NULL, live, (void*)(uintptr_t)(t + 1U));
  }
  for (uint32_t t = 0U; t < 4U; ++t) {
    void* mute = NULL;
    pthread_join(threads[t], &mute);
    assert_null(mute);
  }
}

static void*
restore_often(void* const data)
{
  Host* const host = (Host*)data;
  for (uint32_t r = 0U; r < 12U; ++r) {
    host_apply_preset(host, r % 2U ? "urn:faltung:stereo:cab-1x12-open"
                                   : "urn:faltung:stereo:small-room");
  }
  return NULL;
}

static void
test_restoring_while_running_is_safe(void** const state)
{
  (void)state;
  Host* const  host = scene_open(HOST_WORKER_THREAD);
  float* const x    = ref_new_noise(2U * 4800U, 1U);
  float* const y    = ref_floats(2U * 4800U);
  pthread_t    thread;
  pthread_create(&thread, NULL, restore_often, host);
  for (uint32_t r = 0U; r < 40U; ++r) {
    scene_render(host, x, y, 4800U, 256U, r);
  }
  pthread_join(thread, NULL);
  scene_settle(host);
  assert_string_equal(strrchr(host->told, '/'), "/cab-1x12-open.wav");
  host_free(host);
  free(x);
  free(y);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_output_is_finite_whatever_comes_in),
    cmocka_unit_test(test_controls_that_are_no_numbers_are_taken_as_defaults),
#if defined(__SSE2__)
    cmocka_unit_test(
      test_the_floating_point_mode_is_restored_and_denormals_do_not_pass),
#endif
    cmocka_unit_test(test_nothing_need_be_connected),
    cmocka_unit_test(test_hostile_events_are_passed_over),
    cmocka_unit_test(test_hostile_states_are_survived),
    cmocka_unit_test(test_four_threads_make_load_run_and_free),
    cmocka_unit_test(test_restoring_while_running_is_safe),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
