// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file test_decay.c What was built sounds like the room it is called after

#include "ir/factory/acoustics.h"
#include "ir/factory/measure.h"
#include "ir/factory/shelf.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#define N_CHANNELS_MAX 4U

/// What an octave of a response shows
typedef struct {
  double wanted_s;                     ///< T30 that the recipe would give
  double rt60_s[N_CHANNELS_MAX];       ///< T30
  double peakiness_db[N_CHANNELS_MAX]; ///< Of the late field
  double n_bins;                       ///< That the peak is the highest of
  double coherence[N_CHANNELS_MAX][N_CHANNELS_MAX]; ///< Of the late field
  double n_free; ///< Independent samples that the coherence is taken from
} Octave;

static FalShelf shelf;
static Octave   octaves[FAL_SHELF_MAX][FAL_N_OCTAVES];

static void
expect(const bool truth, unsigned* const faults, const FalShelfItem* const item,
       const uint32_t octave, const char* const what, const double value,
       const double bound)
{
  if (!truth) {
    ++*faults;
    print_error("%s, %g Hz: %s %g, bound %g\n", item->file,
                fal_octave_hz(octave), what, value, bound);
  }
}

/// Return whether the kind sounds at all in an octave
static bool
reaches(const FalRecipe* const recipe, const uint32_t octave)
{
  const double top_hz = 1.5 * fal_octave_hz(octave);
  for (uint32_t s = 0U; recipe->tank && s < recipe->tank->n_springs; ++s) {
    if (top_hz > recipe->tank->springs[s].transition_hz) {
      return false;
    }
  }
  return !recipe->plate || top_hz < recipe->plate->highest_hz;
}

/// Measure one octave of all channels, whose bands are flattened by that
static void
measure(Octave* const octave, const FalShelfItem* const item,
        FalBand bands[N_CHANNELS_MAX][FAL_N_OCTAVES], const uint32_t o)
{
  const uint32_t n_channels = item->response.n_channels;
  const double   rate       = bands[0][o].rate_hz;
  const double   wanted_s =
    fal_expect_rt60(fal_shelf_rt60(item), fal_shelf_level(item), o, -5, -35);
  const double   late_s   = 2.0 * fal_shelf_mixing_s(item);
  const uint32_t late     = (uint32_t)(late_s * rate);
  const uint32_t n_frames = (uint32_t)(0.7 * wanted_s * rate);

  octave->wanted_s = wanted_s;
  octave->n_bins   = 0.5 * fal_octave_hz(o) * n_frames / rate;
  octave->n_free   = 2.0 * 0.7 * fal_octave_hz(o) * n_frames / rate;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    FalBand* const band = &bands[c][o];
    octave->rt60_s[c]   = fal_measure_rt60(band, -5.0, -35.0);
    assert_true(late + n_frames <= band->n_frames);
    fal_band_flatten(band, wanted_s);
    octave->peakiness_db[c] =
      fal_measure_peakiness(band->samples + late, n_frames, rate,
                            fal_octave_hz(o) / 1.3, fal_octave_hz(o) * 1.3);
    for (uint32_t b = 0U; b < c; ++b) {
      octave->coherence[b][c] = fal_measure_coherence(
        bands[b][o].samples + late, band->samples + late, n_frames);
    }
  }
}

static int
measure_all(void** const state)
{
  (void)state;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item               = &shelf.items[i];
    FalBand bands[N_CHANNELS_MAX][FAL_N_OCTAVES] = {{{NULL, 0U, 0.0}}};
    if (!fal_shelf_rt60(item)) {
      continue;
    }
    for (uint32_t c = 0U; c < item->response.n_channels; ++c) {
      if (fal_bands_split(bands[c], fal_response_channel(&item->response, c),
                          item->response.n_frames)) {
        return -1;
      }
    }
    for (uint32_t o = 0U; o < FAL_N_OCTAVES; ++o) {
      measure(&octaves[i][o], item, bands, o);
      for (uint32_t c = 0U; c < item->response.n_channels; ++c) {
        free(bands[c][o].samples);
      }
    }
  }
  return 0;
}

static void
test_octaves_decay_in_the_time_of_the_recipe(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    for (uint32_t o = 0U; o < FAL_N_OCTAVES; ++o) {
      // Three deviations of one T30 from noise (ISO 3382-1, annex A), and a
      // tenth for the reflections before the late field
      const double wanted_s = octaves[i][o].wanted_s;
      const double width_hz = 0.7 * fal_octave_hz(o);
      const double bound =
        0.1 + 3.0 * 0.55 * sqrt((1.0 + 1.52) / (width_hz * wanted_s));
      for (uint32_t c = 0U; wanted_s > 0.0 && c < item->n_channels; ++c) {
        const double off = octaves[i][o].rt60_s[c] / wanted_s - 1.0;
        expect(!reaches(item->recipe, o) || fabs(off) < bound, &faults, item, o,
               "T30 off by", off, bound);
      }
    }
  }
  assert_int_equal(faults, 0U);
}

static void
test_echoes_become_as_dense_as_noise(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    for (uint32_t c = 0U; !item->recipe->cabinet && c < item->n_channels; ++c) {
      // Windows of 20 ms over 200 ms after the mixing time: the mean deviates
      // by about 0.02
      const double* const x    = fal_response_channel(&item->response, c);
      double              mean = 0.0;
      for (uint32_t w = 0U; w < 20U; ++w) {
        const double time_s = 1.2 * fal_shelf_mixing_s(item) + 0.01 * w;
        mean +=
          fal_measure_echo_density(x, item->response.n_frames,
                                   (uint32_t)(time_s * FAL_FACTORY_RATE_HZ)) /
          20.0;
      }
      expect(mean > 0.9 && mean < 1.1, &faults, item, 0U, "echo density", mean,
             0.9);
    }
  }
  assert_int_equal(faults, 0U);
}

static void
test_halls_let_single_reflections_stand_before_they_mix(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    if (!item->recipe->room || fal_room_volume(item->recipe->room) < 2000.0) {
      continue;
    }
    for (uint32_t c = 0U; c < item->n_channels; ++c) {
      const double density = fal_measure_echo_density(
        fal_response_channel(&item->response, c), item->response.n_frames,
        (uint32_t)(0.02 * FAL_FACTORY_RATE_HZ));
      expect(density < 0.75, &faults, item, 0U, "echo density at 20 ms",
             density, 0.75);
    }
  }
  assert_int_equal(faults, 0U);
}

/// Return the energy of the first 80 ms
static double
find_early(const FalShelfItem* const item, const uint32_t channel)
{
  const double* const x      = fal_response_channel(&item->response, channel);
  double              energy = 0.0;
  for (uint32_t t = 0U; t < (uint32_t)(0.08 * FAL_FACTORY_RATE_HZ); ++t) {
    energy += x[t] * x[t];
  }
  return energy;
}

static void
test_true_stereo_hears_each_source_louder_on_its_side(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    if (item->n_channels == 4U) {
      const double left  = find_early(item, 0U) / find_early(item, 1U);
      const double right = find_early(item, 3U) / find_early(item, 2U);
      expect(left > 1.05, &faults, item, 0U, "LL over LR", left, 1.05);
      expect(right > 1.05, &faults, item, 0U, "RR over RL", right, 1.05);
    }
  }
  assert_int_equal(faults, 0U);
}

/// Return the mean over an octave of the coherence that a diffuse field leaves
static double
expect_coherence(const FalRecipe* const recipe, const uint32_t octave)
{
  double sum     = 0.0;
  double weights = 0.0;
  for (uint32_t k = 0U; recipe->room && k < 100U; ++k) {
    const double f_hz  = fal_octave_hz(octave) * (0.6 + 0.01 * k);
    const double share = fal_octave_share(octave, f_hz);
    sum += share * share * fal_room_coherence(recipe->room, f_hz);
    weights += share * share;
  }
  return weights > 0.0 ? sum / weights : 0.0;
}

static void
test_channels_are_as_coherent_as_a_diffuse_field_leaves_them(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    for (uint32_t o = 0U; o < FAL_N_OCTAVES; ++o) {
      if (octaves[i][o].wanted_s <= 0.0 || !reaches(item->recipe, o)) {
        continue;
      }

      // Four deviations of the product of two noises, a quarter of whose
      // samples count: within an octave some frequencies die sooner. Springs
      // share some of their sound by design
      const double shared = item->recipe->tank ? 0.2 : 0.0;
      const double bound  = shared + 4.0 / sqrt(0.25 * octaves[i][o].n_free);
      for (uint32_t a = 0U; a < item->n_channels; ++a) {
        for (uint32_t b = a + 1U; b < item->n_channels; ++b) {
          // Only channels of the same source hear the same field
          const bool   same   = a / 2U == b / 2U;
          const double wanted = same ? expect_coherence(item->recipe, o) : 0.0;
          const double off    = octaves[i][o].coherence[a][b] - wanted;
          expect(fabs(off) < bound, &faults, item, o, "coherence off by", off,
                 bound);
        }
      }
    }
  }
  assert_int_equal(faults, 0U);
}

static void
test_no_frequency_rings_on(void** const state)
{
  (void)state;
  unsigned faults = 0U;
  for (uint32_t i = 0U; i < shelf.n_items; ++i) {
    const FalShelfItem* const item = &shelf.items[i];
    for (uint32_t o = 0U; o < FAL_N_OCTAVES; ++o) {
      if (octaves[i][o].wanted_s <= 0.0 || !reaches(item->recipe, o) ||
          item->recipe->tank) {
        continue; // Springs are combs by nature
      }

      // A bin of noise over the mean of a hundred others is F(2, 200)
      // distributed: here one in a thousand highest bins would be over. One
      // mode of a plate has up to 16 times the mean power, and two may meet
      const double chance = pow(1e3 * octaves[i][o].n_bins, 0.01) - 1.0;
      const double bound  = item->recipe->plate ? 10.0 * log10(16.0 * 4.0)
                                                : 10.0 * log10(100.0 * chance);
      for (uint32_t c = 0U; c < item->n_channels; ++c) {
        const double is = octaves[i][o].peakiness_db[c];
        expect(is < bound, &faults, item, o, "highest bin (dB)", is, bound);
      }
    }
  }
  assert_int_equal(faults, 0U);
}

int
main(const int argc, char** const argv)
{
  if (argc != 3 || !fal_shelf_read(&shelf, argv[1], argv[2])) {
    fprintf(stderr, "Usage: %s INDEX FOLDER\n", argv[0]);
    return 1;
  }

  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_octaves_decay_in_the_time_of_the_recipe),
    cmocka_unit_test(test_echoes_become_as_dense_as_noise),
    cmocka_unit_test(test_halls_let_single_reflections_stand_before_they_mix),
    cmocka_unit_test(test_true_stereo_hears_each_source_louder_on_its_side),
    cmocka_unit_test(
      test_channels_are_as_coherent_as_a_diffuse_field_leaves_them),
    cmocka_unit_test(test_no_frequency_rings_on),
  };
  const int failed = cmocka_run_group_tests(tests, measure_all, NULL);
  fal_shelf_clear(&shelf);
  return failed;
}
