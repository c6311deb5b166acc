// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file test_responses.c What was built is fit for use

#include "ir/factory/acoustics.h"
#include "ir/factory/dft.h"
#include "ir/factory/measure.h"
#include "ir/factory/random.h"
#include "ir/factory/shelf.h"

#include <sndfile.h>

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static FalShelf shelf;

/// Count a fault and say where
static void
expect(const bool truth, unsigned* const faults, const FalShelfItem* const item,
       const char* const what, const double value, const double bound)
{
  if (!truth) {
    ++*faults;
    print_error("%s: %s %g, bound %g\n", item->file, what, value, bound);
  }
}

static double
find_peak(const double* const x, const uint32_t n_frames)
{
  double peak = 0.0;
  for (uint32_t t = 0U; t < n_frames; ++t) {
    peak = fmax(peak, fabs(x[t]));
  }
  return peak;
}

static double
find_rms(const double* const x, const uint32_t n_frames)
{
  double power = 0.0;
  for (uint32_t t = 0U; t < n_frames; ++t) {
    power += x[t] * x[t];
  }
  return sqrt(power / n_frames);
}

static void
test_each_recipe_is_listed_once_under_a_label_of_its_own(void** const state)
{
  (void)state;
  const FalRecipe* const lists[]   = {fal_room_recipes, fal_device_recipes};
  uint32_t               n_recipes = 0U;
  for (uint32_t l = 0U; l < 2U; ++l) {
    for (const FalRecipe* r = lists[l]; r->name; ++r, ++n_recipes) {
    }
  }
  assert_int_equal(shelf.n_items, n_recipes);
  assert_true(n_recipes >= 10U);

  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    assert_int_equal(item->n_channels, item->recipe->n_channels);
    for (uint32_t j = 0U; j < i; ++j) {
      assert_ptr_not_equal(item->recipe, shelf.items[j].recipe);
      assert_string_not_equal(item->label, shelf.items[j].label);
    }
  }
}

static void
test_files_are_as_long_and_as_wide_as_their_recipes(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    assert_int_equal(item->rate_hz, 48000);
    assert_int_equal(item->format, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    assert_int_equal(item->response.n_channels, item->recipe->n_channels);
    assert_int_equal(item->response.n_frames,
                     lrint(item->recipe->length_s * 48000.0));
  }
}

static void
test_no_sample_clips_and_no_channel_has_an_offset(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item     = &shelf.items[i];
    const uint32_t            n_frames = item->response.n_frames;
    for (uint32_t c = 0U; c < item->response.n_channels; ++c) {
      const double* const x    = fal_response_channel(&item->response, c);
      const double        peak = find_peak(x, n_frames);
      expect(peak < 1.0, &faults, item, "peak", peak, 1.0);

      // The gain for a constant, against the gain for noise
      double sum = 0.0;
      for (uint32_t t = 0U; t < n_frames; ++t) {
        sum += x[t];
      }
      const double db =
        20.0 * log10(fabs(sum) / (find_rms(x, n_frames) * sqrt(n_frames)));
      expect(db < -40.0, &faults, item, "offset (dB)", db, -40.0);
    }
  }
  assert_int_equal(faults, 0U);
}

/// Return the earliest and the latest time at which a response may start
static void
find_start(const FalRecipe* const recipe, double* const from_s,
           double* const to_s)
{
  *from_s = 0.0;
  *to_s   = 5e-4;
  if (recipe->room) {
    *to_s = 1.5 * fal_room_free_time(recipe->room);
  } else if (recipe->plate) {
    *to_s = 5e-3;
  } else if (recipe->tank) {
    *from_s = recipe->tank->springs[0].delay_s - recipe->tank->blur_s;
    *to_s   = 1.3 * recipe->tank->springs[0].delay_s;
  }
}

static void
test_responses_start_when_their_first_sound_arrives(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item   = &shelf.items[i];
    double                    from_s = 0.0;
    double                    to_s   = 0.0;
    find_start(item->recipe, &from_s, &to_s);
    for (uint32_t c = 0U; c < item->response.n_channels; ++c) {
      const double* const x    = fal_response_channel(&item->response, c);
      const double        peak = find_peak(x, item->response.n_frames);
      uint32_t            t    = 0U;
      while (fabs(x[t]) < 0.1 * peak) {
        ++t;
      }
      const double time_s = t / FAL_FACTORY_RATE_HZ;
      expect(time_s >= from_s, &faults, item, "start (s)", time_s, from_s);
      expect(time_s <= to_s, &faults, item, "start (s)", time_s, to_s);
      expect(item->recipe->cabinet || fabs(x[0]) < 0.01 * peak, &faults, item,
             "first sample", x[0], 0.01 * peak);
    }
  }
  assert_int_equal(faults, 0U);
}

static void
test_responses_end_in_silence_without_a_step(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item     = &shelf.items[i];
    const uint32_t            n_frames = item->response.n_frames;
    const uint32_t            n_last   = n_frames / 100U;
    for (uint32_t c = 0U; c < item->response.n_channels; ++c) {
      // A raised cosine over a seventh of the length is at -40 dB a hundredth
      // before its end
      const double* const x      = fal_response_channel(&item->response, c);
      const double        last   = find_rms(x + n_frames - n_last, n_last);
      const double        before = find_rms(x + n_frames / 2U, n_frames / 4U);
      expect(x[n_frames - 1U] == 0.0, &faults, item, "last sample",
             x[n_frames - 1U], 0.0);
      expect(last < 0.02 * before, &faults, item, "end", last, 0.02 * before);
    }
  }
  assert_int_equal(faults, 0U);
}

/// Draw pink noise that loops, 20 Hz to 20 kHz, of power 1, and its spectrum
static void
draw_pink(const FalDft* const dft, double complex* const z,
          FalRandom* const random)
{
  double power = 0.0;
  z[0] = z[dft->size / 2U] = 0.0;
  for (uint32_t k = 1U; k < dft->size / 2U; ++k) {
    const double f_hz = FAL_FACTORY_RATE_HZ * k / dft->size;
    const double size =
      f_hz >= 20.0 && f_hz <= 20000.0 ? 1.0 / sqrt(f_hz) : 0.0;
    const double angle = 2.0 * M_PI * fal_random_uniform(random);
    z[k]               = fal_complex(size * cos(angle), size * sin(angle));
    z[dft->size - k]   = conj(z[k]);
    power += 2.0 * size * size;
  }
  for (uint32_t k = 0U; k < dft->size; ++k) {
    z[k] *= dft->size / sqrt(power);
  }
}

/// Return the K-weighted power of z's signal
static double
k_power(const FalDft* const dft, double complex* const z, double* const x)
{
  fal_dft_inverse(dft, z);
  for (uint32_t t = 0U; t < dft->size; ++t) {
    x[t] = creal(z[t]);
  }
  return fal_measure_k_power(x, dft->size);
}

static void
test_pink_noise_keeps_its_loudness_on_each_side(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item       = &shelf.items[i];
    const uint32_t            n_channels = item->response.n_channels;
    const uint32_t            n_outputs  = n_channels > 1U ? 2U : 1U;
    uint32_t                  size       = 65536U;
    while (size < item->response.n_frames) {
      size *= 2U;
    }

    FalDft dft;
    assert_int_equal(fal_dft_init(&dft, size), FAL_OK);
    double complex* const z = calloc(size, sizeof(*z));
    double complex* const h = calloc(size, sizeof(*h));
    double complex* const y = calloc(size, sizeof(*y));
    double* const         x = calloc(size, sizeof(*x));
    for (uint32_t o = 0U; o < n_outputs; ++o) {
      FalRandom random = {42U};
      double    in     = 0.0;
      memset(y, 0, size * sizeof(*y));
      for (uint32_t c = o; c < n_channels; c += n_outputs) {
        draw_pink(&dft, z, &random);
        memset(h, 0, size * sizeof(*h));
        for (uint32_t t = 0U; t < item->response.n_frames; ++t) {
          h[t] = fal_response_channel(&item->response, c)[t];
        }
        fal_dft_forward(&dft, h);
        for (uint32_t k = 0U; k < size; ++k) {
          y[k] += h[k] * z[k];
        }
        in = k_power(&dft, z, x);
      }

      // With two inputs their sum is random as well: 0.3 dB for a second or
      // more of noise
      const double db    = 10.0 * log10(k_power(&dft, y, x) / in);
      const double bound = n_channels == 4U ? 0.3 : 0.1;
      expect(fabs(db) < bound, &faults, item, "loudness (dB)", db, bound);
    }
    free(x);
    free(y);
    free(h);
    free(z);
    fal_dft_clear(&dft);
  }
  assert_int_equal(faults, 0U);
}

static void
test_the_same_recipe_gives_the_same_samples(void** const state)
{
  (void)state;
  static const char* const files[] = {"small-room.wav", "guitar-spring.wav",
                                      "bright-plate.wav", "cab-1x12-open.wav"};
  uint32_t                 n_made  = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    for (uint32_t f = 0U; f < 4U; ++f) {
      if (strcmp(item->file, files[f]) != 0) {
        continue;
      }
      FalResponse again;
      assert_int_equal(fal_recipe_make(&again, item->recipe), FAL_OK);
      for (size_t t = 0U; t < (size_t)again.n_channels * again.n_frames; ++t) {
        assert_true(item->response.samples[t] ==
                    (double)(float)again.samples[t]);
      }
      fal_response_clear(&again);
      ++n_made;
    }
  }
  assert_int_equal(n_made, 4U);
}

int
main(const int argc, char** const argv)
{
  if (argc != 3 || !fal_shelf_read(&shelf, argv[1], argv[2])) {
    fprintf(stderr, "Usage: %s INDEX FOLDER\n", argv[0]);
    return 1;
  }

  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_each_recipe_is_listed_once_under_a_label_of_its_own),
    cmocka_unit_test(test_files_are_as_long_and_as_wide_as_their_recipes),
    cmocka_unit_test(test_no_sample_clips_and_no_channel_has_an_offset),
    cmocka_unit_test(test_responses_start_when_their_first_sound_arrives),
    cmocka_unit_test(test_responses_end_in_silence_without_a_step),
    cmocka_unit_test(test_pink_noise_keeps_its_loudness_on_each_side),
    cmocka_unit_test(test_the_same_recipe_gives_the_same_samples),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  fal_shelf_clear(&shelf);
  return failed;
}
