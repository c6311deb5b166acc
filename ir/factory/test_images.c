// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/images.h"
#include "ir/factory/room.h"

#include <math.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#define N_FRAMES 4800U

/// A low and wide room: the reflections from floor and ceiling stand alone
static FalRoom
make_room(void)
{
  FalRoom room = {
    .size_m      = {60.0, 50.0, 5.1},
    .sources     = {{{20.0, 24.0, 1.4}, 0.0, 1.0}},
    .microphones = {{{23.2, 25.1, 2.2}, 0.0, 1.0}},
    .scattering  = 0.9,
    .floor_db    = 6.0,
  };
  for (uint32_t b = 0U; b < FAL_N_OCTAVES; ++b) {
    room.rt60_s[b] = 0.3;
  }
  return room;
}

/// Sum a response over some frames: what a reflection adds at 0 Hz
static double
area(const FalResponse* const response, const double time_s)
{
  const int32_t middle = (int32_t)lrint(time_s * FAL_FACTORY_RATE_HZ);
  double        sum    = 0.0;
  for (int32_t t = middle - 20; t < middle + 60; ++t) {
    sum += response->samples[t];
  }
  return sum;
}

static void
test_a_wall_reflects_when_and_as_loud_as_its_mirror_image(void** const state)
{
  (void)state;
  const FalRoom room   = make_room();
  FalRandom     random = {1U};
  FalResponse   response;
  assert_int_equal(fal_response_init(&response, 1U, N_FRAMES), FAL_OK);
  assert_int_equal(fal_images_add(&response, &room, 0U, 1U, 0.0, &random),
                   FAL_OK);

  // Floor; ceiling; floor, then ceiling
  static const uint32_t n_walls[]  = {1U, 1U, 2U};
  static const uint32_t n_floors[] = {1U, 0U, 1U};
  const FalPoint        s          = room.sources[0].place_m;
  const FalPoint        m          = room.microphones[0].place_m;
  const double          heights[]  = {-s.z, 2.0 * room.size_m.z - s.z,
                                      2.0 * room.size_m.z + s.z};
  for (uint32_t i = 0U; i < 3U; ++i) {
    const FalPoint d        = {s.x - m.x, s.y - m.y, heights[i] - m.z};
    const double   distance = sqrt(d.x * d.x + d.y * d.y + d.z * d.z);

    // Each wall takes the share that it scatters and the decay of one mean
    // free time, alike at all frequencies; air is not heard below 100 Hz
    const double decay =
      exp(-FAL_LN_1000 * fal_room_free_time(&room) / room.rt60_s[0]);
    const double wall   = sqrt(1.0 - room.scattering) * decay;
    const double floors = pow(10.0, -room.floor_db / 20.0 * n_floors[i]);
    const double wanted = pow(wall, n_walls[i]) * floors / distance;
    const double is     = area(&response, distance / FAL_SOUND_SPEED);
    assert_true(fabs(is / wanted - 1.0) < 0.03);
  }
  fal_response_clear(&response);
}

static void
test_nothing_arrives_before_the_first_reflection(void** const state)
{
  (void)state;
  const FalRoom room   = make_room();
  FalRandom     random = {1U};
  FalResponse   response;
  assert_int_equal(fal_response_init(&response, 1U, N_FRAMES), FAL_OK);
  assert_int_equal(fal_images_add(&response, &room, 0U, 1U, 0.0, &random),
                   FAL_OK);

  // The floor's comes first; its band-limited impulse swings in 48 frames
  // before
  const double   across   = 3.2 * 3.2 + 1.1 * 1.1;
  const double   distance = sqrt(across + 3.6 * 3.6);
  const uint32_t first =
    (uint32_t)(distance / FAL_SOUND_SPEED * FAL_FACTORY_RATE_HZ);
  for (uint32_t t = 0U; t + 48U < first; ++t) {
    assert_true(fabs(response.samples[t]) == 0.0);
  }
  assert_true(
    fabs(response.samples[first]) + fabs(response.samples[first + 1U]) > 0.0);
  fal_response_clear(&response);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_wall_reflects_when_and_as_loud_as_its_mirror_image),
    cmocka_unit_test(test_nothing_arrives_before_the_first_reflection),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
