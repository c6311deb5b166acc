// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/ir.h"
#include "tests/failing.h"
#include "tests/reference.h"
#include "tests/sounds.h"
#include "tests/tone_gain.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

enum { n_frames = 12000, float_wav = SF_FORMAT_WAV | SF_FORMAT_FLOAT };

/// Save the seeded decaying noise of a channel count
static void
save_noise(const char* const path, const int n_channels, const int rate_hz,
           const uint64_t seed, const size_t n)
{
  float frames[4U * n_frames];
  ref_noise(frames, n * (size_t)n_channels, seed);
  save(sound_of(float_wav, n_channels, rate_hz, frames, n), path);
}

static void
test_a_tone_is_as_loud_at_any_rate(void** const state)
{
  (void)state;

  static const int rates_hz[] = {44100, 48000, 96000};

  // A decaying sum of waves below the lowest rate's band edge
  float x[n_frames];
  enter_folder();
  for (size_t r = 0U; r < 3U; ++r) {
    for (size_t t = 0U; t < n_frames; ++t) {
      const double s = (double)t / rates_hz[r];
      x[t] =
        (float)(exp(-pow((s - 0.05) / 0.012, 2.0)) *
                (cos(2.0 * M_PI * 440.0 * s) + sin(2.0 * M_PI * 7000.0 * s)) *
                441.0 / rates_hz[r]);
    }
    save(sound_of(float_wav, 1, rates_hz[r], x, n_frames), "x.wav");

    for (size_t g = 0U; g < 3U; ++g) {
      FalIr        at_home = {.path = NULL};
      FalIr        ir      = {.path = NULL};
      FalIrRequest request = {.path = "x.wav"};
      assert_int_equal(fal_ir_load(&at_home, &request, NULL), FAL_OK);
      request.rate_hz = rates_hz[g];
      assert_int_equal(fal_ir_load(&ir, &request, NULL), FAL_OK);
      assert_true(ir.audio.rate_hz == rates_hz[g]);
      assert_true(ir.file_rate_hz == rates_hz[r]);
      assert_int_equal(ir.file_frames, n_frames);
      for (double f_hz = 430.0; f_hz < 7100.0;
           f_hz += f_hz < 450.0 ? 5.0 : 6545.0) {
        const double gain = tone_gain(&ir.audio, f_hz);
        const double home = tone_gain(&at_home.audio, f_hz);
        assert_true(fabs(20.0 * log10(gain / home)) < 0.001);
      }
      fal_ir_clear(&ir);
      fal_ir_clear(&at_home);
    }
  }
  leave_folder();
}

static void
test_a_pair_becomes_one_response(void** const state)
{
  (void)state;

  enter_folder();
  save_noise("x-L.wav", 1, 48000, 1U, 1000U);
  save_noise("x-R.wav", 1, 48000, 2U, 1500U);
  float left[1000];
  float right[1500];
  ref_noise(left, 1000U, 1U);
  ref_noise(right, 1500U, 2U);

  const FalIrRequest requests[] = {
    {.path = "x-L.wav", .find_pair = true},
    {.path = "x-R.wav", .find_pair = true},
    {.path = "x-L.wav", .right_path = "x-R.wav"},
  };
  uint64_t hash = 0U;
  for (size_t i = 0U; i < 3U; ++i) {
    FalIr ir = {.path = NULL};
    assert_int_equal(fal_ir_load(&ir, &requests[i], NULL), FAL_OK);
    assert_int_equal(ir.audio.n_channels, 2U);
    assert_int_equal(ir.audio.n_frames, 1500U);
    assert_memory_equal(ir.audio.samples, left, sizeof(left));
    assert_memory_equal(ir.audio.samples + 1500U, right, sizeof(right));
    assert_true(ir.audio.samples[1000] == 0.0F);
    assert_string_equal(ir.path, "x-L.wav");
    assert_string_equal(ir.right_path, "x-R.wav");
    assert_true(!i || ir.hash == hash);
    hash = ir.hash;
    fal_ir_clear(&ir);
  }

  FalIr              alone   = {.path = NULL};
  const FalIrRequest request = {.path = "x-L.wav"};
  assert_int_equal(fal_ir_load(&alone, &request, NULL), FAL_OK);
  assert_int_equal(alone.audio.n_channels, 1U);
  assert_null(alone.right_path);
  assert_true(alone.hash != hash);
  fal_ir_clear(&alone);
  leave_folder();
}

static void
test_a_stereo_pair_is_true_stereo(void** const state)
{
  (void)state;

  enter_folder();
  save_noise("x-L.wav", 2, 48000, 1U, 1000U);
  save_noise("x-R.wav", 2, 48000, 2U, 1000U);
  FalIr              ir      = {.path = NULL};
  const FalIrRequest request = {.path = "x-R.wav", .find_pair = true};
  assert_int_equal(fal_ir_load(&ir, &request, NULL), FAL_OK);
  assert_int_equal(ir.audio.n_channels, 4U);
  fal_ir_clear(&ir);
  leave_folder();
}

static void
test_names_alone_make_no_pair(void** const state)
{
  (void)state;

  enter_folder();
  save_noise("x-L.wav", 1, 48000, 1U, 1000U);
  save_noise("x-R.wav", 2, 48000, 2U, 1000U);
  save_noise("y-L.wav", 1, 48000, 1U, 1000U);
  save_noise("y-R.wav", 1, 44100, 1U, 1000U);
  static const struct {
    const char* path;
    const char* other;
    uint32_t    n_channels;
  } rows[] = {{"x-L.wav", "x-R.wav", 1U}, {"y-L.wav", "y-R.wav", 1U}};
  for (size_t i = 0U; i < 2U; ++i) {
    FalIr        ir      = {.path = NULL};
    FalError     error   = {FAL_OK, ""};
    FalIrRequest request = {.path = rows[i].path, .find_pair = true};
    assert_int_equal(fal_ir_load(&ir, &request, NULL), FAL_OK);
    assert_int_equal(ir.audio.n_channels, rows[i].n_channels);
    assert_string_equal(ir.path, rows[i].path);
    assert_null(ir.right_path);

    FalIr              alone        = {.path = NULL};
    const FalIrRequest just_the_one = {.path = rows[i].path};
    assert_int_equal(fal_ir_load(&alone, &just_the_one, NULL), FAL_OK);
    assert_true(ir.hash == alone.hash);
    assert_true(ir.n_bytes == alone.n_bytes);
    fal_ir_clear(&alone);
    fal_ir_clear(&ir);

    request = (FalIrRequest){.path = rows[i].path, .right_path = rows[i].other};
    assert_int_equal(fal_ir_load(&ir, &request, &error), FAL_ERR_BAD_DATA);
    assert_int_equal(strncmp(error.text, rows[i].other, 7U), 0);
  }
  leave_folder();
}

static void
test_what_cannot_be_loaded_changes_nothing(void** const state)
{
  (void)state;

  enter_folder();
  save_noise("x.wav", 1, 1000, 1U, 1000U);
  const FalIrRequest requests[] = {
    {.path = "missing.wav"},
    {.path = "x.wav", .right_path = "missing.wav"},
    {.path = "x.wav", .max_s = 0.5},
    {.path = "x.wav", .rate_hz = 1e9},
    {.path = "x.wav", .shape = {.start_s = 2.0}},
  };
  const FalStatus wanted[] = {FAL_ERR_OPEN, FAL_ERR_OPEN, FAL_ERR_TOO_LARGE,
                              FAL_ERR_TOO_LARGE, FAL_ERR_BAD_ARG};
  FalIr           before;
  FalIr           ir;
  memset(&before, 0x55, sizeof(before));
  memset(&ir, 0x55, sizeof(ir));
  for (size_t i = 0U; i < sizeof(requests) / sizeof(*requests); ++i) {
    FalError error = {FAL_OK, ""};
    assert_int_equal(fal_ir_load(&ir, &requests[i], &error), wanted[i]);
    assert_memory_equal(&before, &ir, sizeof(ir));
    assert_non_null(strstr(error.text, ".wav: "));
  }
  leave_folder();
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  enter_folder();
  save_noise("x-L.wav", 1, 44100, 1U, 1000U);
  save_noise("x-R.wav", 1, 44100, 2U, 1500U);
  const FalIrRequest request = {.path      = "x-L.wav",
                                .find_pair = true,
                                .rate_hz   = 48000.0,
                                .shape     = {
                                      .normalise = FAL_NORMALISE_LOUDNESS,
                                }};
  bool               failed  = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalIr    ir    = {.path = NULL};
    FalError error = {FAL_OK, ""};
    fail_allocation(n);
    const FalStatus st = fal_ir_load(&ir, &request, &error);
    failed             = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_int_equal(error.status, st);
    fal_ir_clear(&ir);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
  leave_folder();
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_tone_is_as_loud_at_any_rate),
    cmocka_unit_test(test_a_pair_becomes_one_response),
    cmocka_unit_test(test_a_stereo_pair_is_true_stereo),
    cmocka_unit_test(test_names_alone_make_no_pair),
    cmocka_unit_test(test_what_cannot_be_loaded_changes_nothing),
    cmocka_unit_test(test_failed_alloc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
