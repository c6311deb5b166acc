// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/shape.h"
#include "tests/reference.h"
#include "tests/tone_gain.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <string.h>

enum { n_frames = 1000, n_channels = 2 };

static const double rate_hz = 1000.0;

/// Noise in two channels, a copy of which is in `copy`
static FalAudio
noise(float* const copy)
{
  FalAudio audio = {
    (float*)malloc(n_frames * n_channels * sizeof(float)),
    n_channels,
    n_frames,
    rate_hz,
  };
  ref_noise(audio.samples, n_frames * n_channels, 5U);
  memcpy(copy, audio.samples, n_frames * n_channels * sizeof(float));
  return audio;
}

static void
test_nothing_is_done_unless_it_is_asked_for(void** const state)
{
  (void)state;

  float          copy[n_frames * n_channels];
  const FalShape shape = {0};
  FalAudio       audio = noise(copy);
  assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
  assert_int_equal(audio.n_frames, n_frames);
  assert_memory_equal(copy, audio.samples, sizeof(copy));
  fal_audio_clear(&audio);
}

static void
test_what_is_cut_is_gone_and_the_rest_stays(void** const state)
{
  (void)state;

  float copy[n_frames * n_channels];
  for (uint32_t start = 0U; start < n_frames; start += 37U) {
    for (uint32_t n = 1U; start + n <= n_frames; n += 41U) {
      FalAudio audio = noise(copy);
      FalShape shape = {.start_s = start / rate_hz, .length_s = n / rate_hz};
      assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
      assert_int_equal(audio.n_frames, n);
      assert_memory_equal(audio.samples, copy + start, n * sizeof(float));
      assert_memory_equal(audio.samples + n, copy + n_frames + start,
                          n * sizeof(float));
      fal_audio_clear(&audio);
    }
  }
}

static void
test_two_turns_are_none(void** const state)
{
  (void)state;

  float          copy[n_frames * n_channels];
  const FalShape shape = {.reverse = true};
  FalAudio       audio = noise(copy);
  assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
  for (uint32_t t = 0U; t < n_frames; ++t) {
    assert_true(audio.samples[t] == copy[n_frames - 1U - t]);
  }
  assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
  assert_memory_equal(copy, audio.samples, sizeof(copy));
  fal_audio_clear(&audio);
}

static void
test_fades_are_raised_cosines(void** const state)
{
  (void)state;

  float          copy[n_frames * n_channels];
  FalAudio       audio = noise(copy);
  const FalShape shape = {.fade_in_s = 0.1, .fade_out_s = 0.3};
  assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
  for (uint32_t t = 0U; t < n_frames; ++t) {
    const double in   = t < 100U ? sin(M_PI / 2.0 * (t + 0.5) / 100.0) : 1.0;
    const double out  = t >= 700U ? sin(M_PI / 2.0 * (999.5 - t) / 300.0) : 1.0;
    const double gain = in * in * out * out;
    assert_true(fabs(audio.samples[t] - copy[t] * gain) < 1e-6);
  }
  fal_audio_clear(&audio);
}

static void
test_the_onset_is_where_the_direct_sound_starts(void** const state)
{
  (void)state;

  for (uint32_t onset = 0U; onset < 900U; onset += 53U) {
    float x[n_frames * n_channels];
    ref_noise(x, n_frames * n_channels, onset);
    for (uint32_t i = 0U; i < n_frames * n_channels; ++i) {
      x[i] *= 0.001F; // Noise 54 dB below the direct sound
    }
    x[n_frames + onset]  = -0.5F;
    x[onset + 50U]       = 0.4F; // The other channel comes later
    const FalAudio audio = {x, n_channels, n_frames, rate_hz};
    assert_int_equal(fal_shape_onset(&audio), onset);
  }
}

static void
test_levels_become_what_is_stated(void** const state)
{
  (void)state;

  for (int gain_db = -20; gain_db <= 20; gain_db += 10) {
    float        copy[n_frames * n_channels];
    const double gain = pow(10.0, gain_db / 20.0);

    FalAudio audio = noise(copy);
    FalShape shape = {.normalise = FAL_NORMALISE_PEAK, .gain_db = gain_db};
    assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
    double peak = 0.0;
    for (uint32_t i = 0U; i < n_frames * n_channels; ++i) {
      peak = fmax(peak, fabs((double)audio.samples[i]));
    }
    assert_true(fabs(peak - gain) < 1e-6 * gain);

    shape.normalise = FAL_NORMALISE_ENERGY;
    assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
    double energy[2] = {0.0, 0.0};
    for (uint32_t i = 0U; i < n_frames * n_channels; ++i) {
      energy[i / n_frames] += (double)audio.samples[i] * audio.samples[i];
    }
    assert_true(fabs(fmax(energy[0], energy[1]) - gain * gain) <
                1e-6 * gain * gain);
    fal_audio_clear(&audio);
  }
}

static void
test_stretching_shifts_the_spectrum_and_keeps_its_level(void** const state)
{
  (void)state;

  static const double ratios[] = {0.5, 0.8, 1.5, 2.0};
  for (size_t i = 0U; i < 4U; ++i) {
    // A smooth pulse with a wave in it, far from the edges and the band's end
    float* x = (float*)malloc(n_frames * sizeof(float));
    assert_non_null(x);
    for (size_t t = 0U; t < n_frames; ++t) {
      const double u = ((double)t - 500.0) / 80.0;
      x[t]           = (float)(exp(-u * u) * cos(0.6 * ((double)t - 500.0)));
    }
    FalAudio       audio  = {x, 1U, n_frames, rate_hz};
    const double   f_hz   = 0.6 / (2.0 * M_PI) * rate_hz;
    const double   before = tone_gain(&audio, f_hz);
    const FalShape shape  = {.stretch = ratios[i]};
    assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
    assert_int_equal(audio.n_frames, (uint32_t)(n_frames * ratios[i]));
    assert_true(audio.rate_hz == rate_hz);
    const double after = tone_gain(&audio, f_hz / ratios[i]);
    assert_true(fabs(after / before - 1.0) < 1e-3);
    fal_audio_clear(&audio);
  }
}

static void
test_silence_stays_silence(void** const state)
{
  (void)state;

  for (int n = FAL_NORMALISE_NONE; n <= FAL_NORMALISE_LOUDNESS; ++n) {
    float          x[100] = {0.0F};
    FalAudio       audio  = {x, 1U, 100U, rate_hz};
    const FalShape shape  = {.trim_onset = true, .normalise = (FalNormalise)n};
    assert_int_equal(fal_shape_apply(&audio, &shape), FAL_OK);
    assert_int_equal(audio.n_frames, 100U);
    for (size_t t = 0U; t < 100U; ++t) {
      assert_true(x[t] == 0.0F);
    }
  }
}

static void
test_nonsense_is_refused(void** const state)
{
  (void)state;

  const FalShape shapes[] = {
    {.start_s = -1.0},        {.start_s = NAN},         {.start_s = 1.0},
    {.length_s = -1.0},       {.length_s = 1e-6},       {.fade_in_s = INFINITY},
    {.fade_out_s = -0.1},     {.gain_db = INFINITY},    {.gain_db = NAN},
    {.stretch = -1.0},        {.stretch = NAN},         {.stretch = 1e9},
    {.decay = {.all = -1.0}}, {.decay = {.high = NAN}},
  };
  for (size_t i = 0U; i < sizeof(shapes) / sizeof(*shapes); ++i) {
    float    copy[n_frames * n_channels];
    FalAudio audio = noise(copy);
    assert_int_equal(fal_shape_apply(&audio, &shapes[i]), FAL_ERR_BAD_ARG);
    fal_audio_clear(&audio);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_nothing_is_done_unless_it_is_asked_for),
    cmocka_unit_test(test_what_is_cut_is_gone_and_the_rest_stays),
    cmocka_unit_test(test_two_turns_are_none),
    cmocka_unit_test(test_fades_are_raised_cosines),
    cmocka_unit_test(test_the_onset_is_where_the_direct_sound_starts),
    cmocka_unit_test(test_levels_become_what_is_stated),
    cmocka_unit_test(test_stretching_shifts_the_spectrum_and_keeps_its_level),
    cmocka_unit_test(test_silence_stays_silence),
    cmocka_unit_test(test_nonsense_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
