// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/ports.h"
#include "tests/host/counter.h"
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
#include <time.h>
#include <unistd.h>

/// The engine's longest call over the mean, and its cost while one response
/// fades into another over that of one (bench_realtime, bench_exchange)
static const double longest_call  = 1.7;
static const double exchange_cost = 1.6;

/// Mebibytes that the process holds
static double
resident_mib(void)
{
  long        size     = 0;
  long        resident = 0;
  FILE* const file     = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2) {
    abort();
  }
  fclose(file);
  return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1048576.0;
}

static void
test_a_hundred_instances_live_side_by_side(void** const state)
{
  (void)state;
  enum { n = 100 };
  Host*        hosts[n]  = {NULL};
  float        x[128]    = {1.0f};
  float* const buffers[] = {x, x + 64};
  double       before    = 0.0;
  for (uint32_t h = 0U; h < n; ++h) {
    const HostConfig config = {.uri           = "urn:faltung:stereo",
                               .nominal_block = 64};
    hosts[h]                = host_new(&config);
    assert_non_null(hosts[h]);
    host_run(hosts[h], buffers, buffers, 64U);
    before = h ? before : resident_mib();
  }
  const double mib = (resident_mib() - before) / (n - 1);
  printf("# %.1f MiB an instance\n", mib);
  assert_true(mib < 32.0);
  for (uint32_t h = 0U; h < n; ++h) {
    host_free(hosts[h]);
  }
}

/// Move some control to somewhere
static void
move_something(Host* const host, uint64_t* const state)
{
  const uint32_t p =
    (uint32_t)ref_between(state, FAL_PORT_ENABLED, FAL_PORT_FREEWHEEL);
  const FalRange* const range = fal_port_range((FalPort)p);
  const float           u     = (float)ref_between(state, 0U, 1000U) / 1000.0f;
  host->values[p]             = range->min + u * (range->max - range->min);
}

/// Mean of some calls, as many as there are from `first` to `end`
static double
mean_of(const double* const work, const uint32_t first, const uint32_t end)
{
  double sum = 0.0;
  for (uint32_t c = first; c < end; ++c) {
    sum += work[c];
  }
  return sum / fmax((double)end - (double)first, 1.0);
}

/// Work of the longest call over that of its neighbours: 0.3 s before it or
/// after it, whichever had more to do
static double
flatness(const double* const work, const uint32_t n_calls)
{
  enum { near = 64 };
  double worst = 0.0;
  for (uint32_t c = near; c + near < n_calls; ++c) {
    const double before = mean_of(work, c - near, c);
    const double after  = mean_of(work, c + 1U, c + 1U + near);
    worst               = fmax(worst, work[c] / fmax(before, after));
  }
  return worst;
}

static void
test_ten_minutes_of_everything_moving(void** const state)
{
  (void)state;
  enum { block = 256, n = 600 * 48000 };
  const HostConfig  config = {.uri           = "urn:faltung:stereo",
                              .worker        = HOST_WORKER_THREAD,
                              .nominal_block = block};
  Host* const       host   = host_new(&config);
  float* const      x      = ref_new_noise(65536U, 1U);
  float             y[2 * block];
  uint64_t          random  = 1U;
  double            total_s = 0.0;
  double            worst_s = 0.0;
  const int         counter = counter_open();
  double* const     work    = ref_doubles(n / block);
  const char* const names[] = {"plate", "cathedral", "ambience", "church"};
  for (uint32_t t = 0U; t < n; t += block) {
    if (ref_between(&random, 0U, 20U) == 0U) {
      move_something(host, &random);
    }
    if (ref_between(&random, 0U, 2000U) == 0U) {
      char path[1024];
      snprintf(path, sizeof(path), "%sir/%s.wav", getenv("FALTUNG_BUNDLE"),
               names[ref_between(&random, 0U, 3U)]);
      host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path, path, true);
    }
    float* const    in[]  = {x + t % 32768U, x + 32768U + t % 32768U};
    float* const    out[] = {y, y + block};
    struct timespec from;
    struct timespec to;
    const uint64_t  counted = counter_read(counter);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    host_run(host, in, out, block);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    work[t / block] = (double)(counter_read(counter) - counted);
    const double s  = (double)(to.tv_sec - from.tv_sec) +
                     1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    total_s += s;
    worst_s = fmax(worst_s, s);
    for (uint32_t i = 0U; i < 2U * block; ++i) {
      assert_true(isfinite(y[i]));
    }
  }
  const double mean_s = total_s * block / n;
  printf("# call of %d frames: mean %.0f us, longest %.0f us\n", block,
         1e6 * mean_s, 1e6 * worst_s);
  // By the mean: the longest is what the machine makes of it, see below
  assert_true(mean_s * longest_call * exchange_cost < (double)block / 48000.0);
  if (counter >= 0) {
    const double ratio = flatness(work, n / block);
    printf("# the longest call computes %.2f of its neighbours\n", ratio);
    assert_true(ratio < longest_call * exchange_cost);
    close(counter);
  } else {
    printf("# no counter of instructions here\n");
  }
  host_free(host);
  free(work);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_hundred_instances_live_side_by_side),
    cmocka_unit_test(test_ten_minutes_of_everything_moving),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
