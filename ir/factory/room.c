// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/room.h"

#include "ir/factory/diffuse.h"
#include "ir/factory/images.h"

#include <math.h>
#include <stddef.h>

double
fal_room_volume(const FalRoom* const room)
{
  return room->size_m.x * room->size_m.y * room->size_m.z;
}

double
fal_room_free_time(const FalRoom* const room)
{
  const FalPoint size = room->size_m;
  const double   surface =
    2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
  return 4.0 * fal_room_volume(room) / (FAL_SOUND_SPEED * surface);
}

double
fal_transducer_gain(const FalTransducer* const transducer, const double omni,
                    const FalPoint d)
{
  const double azimuth = M_PI / 180.0 * transducer->azimuth_deg;
  return omni + (1.0 - omni) * (d.x * cos(azimuth) + d.y * sin(azimuth));
}

double
fal_source_omni(const FalTransducer* const source, const uint32_t octave)
{
  const double part = fmin(1.0, (double)octave / 6.0); // 6: 4 kHz
  return 1.0 - part * (1.0 - source->omni);
}

/// Return a transducer's mean power over all directions
static double
mean_power(const double omni)
{
  return omni * omni + (1.0 - omni) * (1.0 - omni) / 3.0;
}

static double
distance(const FalPoint a, const FalPoint b)
{
  return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) +
              (a.z - b.z) * (a.z - b.z));
}

/// Return the coherence of two microphones in one place in a diffuse field
static double
coincident_coherence(const FalTransducer* const a, const FalTransducer* const b)
{
  const double angle = M_PI / 180.0 * (a->azimuth_deg - b->azimuth_deg);
  const double cross =
    a->omni * b->omni + (1.0 - a->omni) * (1.0 - b->omni) * cos(angle) / 3.0;
  return cross / sqrt(mean_power(a->omni) * mean_power(b->omni));
}

double
fal_room_coherence(const FalRoom* const room, const double frequency_hz)
{
  const FalTransducer* const mics  = room->microphones;
  const double               phase = 2.0 * M_PI * frequency_hz *
                       distance(mics[0].place_m, mics[1].place_m) /
                       FAL_SOUND_SPEED;
  const double sinc = phase > 1e-6 ? sin(phase) / phase : 1.0;
  return coincident_coherence(&mics[0], &mics[1]) * sinc;
}

static FalStatus
add_diffuse(const FalResponse* const response, const FalRoom* const room,
            const uint32_t source, const uint32_t n_microphones,
            const double zero_s, FalRandom* const random)
{
  const FalTransducer* const mics        = room->microphones;
  const double               free_time_s = fal_room_free_time(room);

  FalDiffuse diffuse = {
    .power = 4.0 * M_PI * FAL_SOUND_SPEED / fal_room_volume(room) /
             FAL_FACTORY_RATE_HZ * mean_power(mics[0].omni),
    .start_s        = zero_s,
    .onset_s        = free_time_s,
    .mixing_s       = 1e-3 * sqrt(fal_room_volume(room)),
    .dissolve_per_s = -log(1.0 - room->scattering) / free_time_s,
    .spacing_m      = distance(mics[0].place_m, mics[1].place_m),
    .coherence      = coincident_coherence(&mics[0], &mics[1]),
    .frame          = free_time_s > 0.02 ? 2048U : 1024U,
  };
  for (uint32_t b = 0U; b < FAL_N_OCTAVES; ++b) {
    const double omni   = fal_source_omni(&room->sources[source], b);
    diffuse.rt60_s[b]   = room->rt60_s[b];
    diffuse.level_db[b] = room->level_db[b] + 10.0 * log10(mean_power(omni));
  }

  double* const left = fal_response_channel(response, source * n_microphones);
  double* const right =
    n_microphones > 1U
      ? fal_response_channel(response, source * n_microphones + 1U)
      : NULL;
  return fal_diffuse_add(left, right, response->n_frames, &diffuse, random);
}

FalStatus
fal_room_render(FalResponse* const response, const FalRoom* const room,
                FalRandom* const random)
{
  const uint32_t n_sources     = response->n_channels == 4U ? 2U : 1U;
  const uint32_t n_microphones = response->n_channels / n_sources;

  double nearest = HUGE_VAL;
  for (uint32_t s = 0U; s < n_sources; ++s) {
    for (uint32_t m = 0U; m < n_microphones; ++m) {
      nearest = fmin(nearest, distance(room->sources[s].place_m,
                                       room->microphones[m].place_m));
    }
  }
  const double zero_s = nearest / FAL_SOUND_SPEED;

  FalStatus st = FAL_OK;
  for (uint32_t s = 0U; !st && s < n_sources; ++s) {
    st = fal_images_add(response, room, s, n_microphones, zero_s, random);
    if (!st) {
      st = add_diffuse(response, room, s, n_microphones, zero_s, random);
    }
  }
  return st;
}
