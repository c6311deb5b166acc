// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/acoustics.h"
#include "ir/reshape.h"
#include "ir/shape.h"
#include "tests/failing.h"
#include "tests/reference.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <string.h>

enum { n_start = 500 };

static const double rate_hz = 24000.0;

/// A direct sound after 500 frames of silence, and noise that decays over noise
static FalAudio
room(const double seconds, const double noise_db, const uint32_t n_channels)
{
  const uint32_t n     = (uint32_t)(rate_hz * seconds * 1.6);
  const double   noise = pow(10.0, noise_db / 20.0);
  FalAudio     audio = {(float*)malloc((size_t)n * n_channels * sizeof(float)),
                        n_channels, n, rate_hz};
  float* const floor_noise = (float*)malloc(n * sizeof(float));
  assert_non_null(audio.samples);
  assert_non_null(floor_noise);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    float* const x = audio.samples + (size_t)c * n;
    ref_noise(x, n, n + c);
    ref_noise(floor_noise, n, n + c + 100U);
    memset(x, 0, n_start * sizeof(float));
    for (uint32_t t = n_start; t < n; ++t) {
      const double gain = pow(10.0, -3.0 * (t - n_start) / rate_hz / seconds);
      x[t]              = (float)(x[t] * gain + floor_noise[t] * noise);
    }
    x[n_start] = 3.0F;
  }
  free(floor_noise);
  return audio;
}

/// Reshape a room, measured before and after; return how many measures
static uint32_t
reshape(FalMeasures* const before, FalMeasures* const after,
        FalAudio* const audio, const FalDecayRatios* const wanted)
{
  uint32_t n = 0U;
  assert_int_equal(fal_acoustics_measure(before, &n, audio->samples,
                                         audio->n_frames, n_start, rate_hz),
                   FAL_OK);
  assert_int_equal(fal_reshape_decay(audio, wanted), FAL_OK);
  assert_int_equal(fal_acoustics_measure(after, &n, audio->samples,
                                         audio->n_frames, n_start, rate_hz),
                   FAL_OK);
  return n;
}

static void
test_reverberation_times_become_what_is_wanted(void** const state)
{
  (void)state;

  static const double ratios[] = {0.25, 0.5, 0.8, 1.25, 2.0};
  for (size_t r = 0U; r < 5U; ++r) {
    for (double noise_db = -300.0; noise_db < -40.0; noise_db += 240.0) {
      FalAudio             audio = room(1.0, noise_db, 1U);
      FalMeasures          before[FAL_N_MEASURES];
      FalMeasures          after[FAL_N_MEASURES];
      const FalDecayRatios wanted = {ratios[r], 1.0, 1.0};
      const uint32_t       n      = reshape(before, after, &audio, &wanted);
      for (uint32_t b = 0U; b < n; ++b) {
        if (!b || before[b].centre_hz > 400.0) {
          const double got = after[b].t20.seconds / before[b].t20.seconds;
          assert_true(fabs(got / ratios[r] - 1.0) < 0.12);
        }
      }
      fal_audio_clear(&audio);
    }
  }
}

static void
test_only_the_wanted_bands_change(void** const state)
{
  (void)state;

  for (int is_high = 0; is_high < 2; ++is_high) {
    FalMeasures          before[FAL_N_MEASURES];
    FalMeasures          after[FAL_N_MEASURES];
    FalAudio             audio  = room(1.0, -300.0, 1U);
    const FalDecayRatios wanted = {1.0, is_high ? 1.0 : 0.5,
                                   is_high ? 0.5 : 1.0};
    const uint32_t       n      = reshape(before, after, &audio, &wanted);
    for (uint32_t b = 1U; b < n; ++b) {
      const double f_hz  = before[b].centre_hz;
      const double got   = after[b].t20.seconds / before[b].t20.seconds;
      const bool   half  = is_high ? f_hz >= 4000.0 : f_hz <= 125.0;
      const bool   whole = is_high ? f_hz <= 1000.0 : f_hz >= 500.0;
      // Low bands have few independent samples in a second
      assert_true(!half || fabs(got - 0.5) < (is_high ? 0.1 : 0.25));
      assert_true(!whole || fabs(got - 1.0) < 0.05);
    }
    fal_audio_clear(&audio);
  }
}

static void
test_the_direct_sound_stays(void** const state)
{
  (void)state;

  for (double ratio = 0.25; ratio <= 2.0; ratio *= 2.0) {
    FalAudio             audio  = room(0.5, -60.0, 1U);
    const FalDecayRatios wanted = {ratio, 0.9, 0.9};
    assert_int_equal(fal_reshape_decay(&audio, &wanted), FAL_OK);
    for (uint32_t t = 0U; t < n_start; ++t) {
      assert_true(fabsf(audio.samples[t]) <
                  1e-5F); // -110 dB of the direct sound
    }
    assert_true(fabsf(audio.samples[n_start] - 3.0F) < 1e-4F);
    fal_audio_clear(&audio);
  }
}

static void
test_a_slower_decay_dies_away_in_spite_of_noise(void** const state)
{
  (void)state;

  FalAudio             audio  = room(0.5, -45.0, 2U);
  const uint32_t       n      = audio.n_frames;
  const FalDecayRatios wanted = {2.0, 1.0, 1.0};
  assert_int_equal(fal_reshape_decay(&audio, &wanted), FAL_OK);
  assert_int_equal(audio.n_frames, n_start + 2U * (n - n_start));

  // 60 dB in 1 s instead of 0.5: at the end of 1.6 s it is 90 dB down
  double power = 0.0;
  double cross = 0.0;
  for (uint32_t t = audio.n_frames - 4000U; t < audio.n_frames; ++t) {
    const double l = audio.samples[t];
    const double r = audio.samples[audio.n_frames + t];
    power += l * l + r * r;
    cross += l * r;
  }
  assert_true(10.0 * log10(power / 8000.0) < -85.0);
  assert_true(fabs(2.0 * cross / power) < 0.2); // As wide as it was
  fal_audio_clear(&audio);
}

static void
test_what_has_no_decay_stays(void** const state)
{
  (void)state;

  float*               x      = (float*)calloc(3000U, sizeof(float));
  const FalDecayRatios wanted = {0.5, 1.0, 1.0};
  assert_non_null(x);
  x[7]           = 1.0F;
  FalAudio audio = {x, 1U, 20U, 48000.0};
  assert_int_equal(fal_reshape_decay(&audio, &wanted), FAL_OK);
  assert_int_equal(audio.n_frames, 20U);
  for (uint32_t t = 0U; t < 20U; ++t) {
    assert_true(fabsf(audio.samples[t] - (t == 7U ? 1.0F : 0.0F)) < 1e-5F);
  }
  fal_audio_clear(&audio);
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalAudio             audio  = room(0.1, -60.0, 1U);
    const FalAudio       before = audio;
    const FalDecayRatios wanted = {2.0, 1.0, 1.0};
    fail_allocation(n);
    const FalStatus st = fal_reshape_decay(&audio, &wanted);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    if (failed) {
      assert_memory_equal(&before, &audio, sizeof(audio));
    }
    fal_audio_clear(&audio);
    assert_true(n < 200U);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_reverberation_times_become_what_is_wanted),
    cmocka_unit_test(test_only_the_wanted_bands_change),
    cmocka_unit_test(test_the_direct_sound_stays),
    cmocka_unit_test(test_a_slower_decay_dies_away_in_spite_of_noise),
    cmocka_unit_test(test_what_has_no_decay_stays),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
