// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/images.h"

#include "ir/factory/acoustics.h"
#include "ir/factory/dft.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// Length of one reflection's filter, and what of it comes before its time
#define FRAME 512U
#define GUARD 48U

/// Images whose energy was dissolved to this share are left to the diffuse
/// field
#define SPECULAR_SHARE 1e-2

/// Fragments that relief breaks a reflection into, and how late they are in the
/// mean, in free times: columns and coffers grow with the room
#define N_FRAGMENTS 32U
#define RELIEF_TIME 0.1

typedef struct {
  FalDft         dft;
  double complex z[FRAME];
  double octave[FRAME / 2U + 1U]; ///< Place of each bin between the octaves
} Filter;

static double
interpolate(const double octaves[FAL_N_OCTAVES], const double place)
{
  const uint32_t low  = (uint32_t)fmin(place, (double)FAL_N_OCTAVES - 2.0);
  const double   part = place - (double)low;
  return (1.0 - part) * octaves[low] + part * octaves[low + 1U];
}

static FalStatus
init_filter(Filter* const filter)
{
  static const double ramp[FAL_N_OCTAVES] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  for (uint32_t k = 0U; k <= FRAME / 2U; ++k) {
    const double f_hz = FAL_FACTORY_RATE_HZ * (double)k / (double)FRAME;
    filter->octave[k] = fal_octaves_at(ramp, f_hz);
  }
  return fal_dft_init(&filter->dft, FRAME);
}

/**
   Leave in z the minimum-phase impulse of a magnitude, at frame GUARD + delay.

   The phase is the Hilbert transform of the log magnitude, by way of the
   cepstrum (Oppenheim & Schafer 1989, section 12.5).
*/
static void
make_impulse(Filter* const filter, const double gain,
             const double log_gains[FAL_N_OCTAVES], const double delay)
{
  double complex* const z = filter->z;
  for (uint32_t k = 0U; k <= FRAME / 2U; ++k) {
    const double f_hz = FAL_FACTORY_RATE_HZ * (double)k / (double)FRAME;
    z[k] = interpolate(log_gains, filter->octave[k]) - fal_top_db(f_hz) / 8.686;
    z[(FRAME - k) % FRAME] = z[k];
  }
  fal_dft_inverse(&filter->dft, z);
  for (uint32_t t = 1U; t < FRAME / 2U; ++t) {
    z[t]         = 2.0 * creal(z[t]);
    z[FRAME - t] = 0.0;
  }
  fal_dft_forward(&filter->dft, z);

  const double shift = -2.0 * M_PI * ((double)GUARD + delay) / (double)FRAME;
  for (uint32_t k = 0U; k <= FRAME / 2U; ++k) {
    const double size      = gain * exp(creal(z[k]));
    const double phase     = cimag(z[k]) + shift * (double)k;
    z[k]                   = fal_complex(size * cos(phase), size * sin(phase));
    z[(FRAME - k) % FRAME] = conj(z[k]);
  }
  z[FRAME / 2U] = creal(z[FRAME / 2U]);
  fal_dft_inverse(&filter->dft, z);
}

static void
add_impulse(const FalResponse* const response, const uint32_t channel,
            const Filter* const filter, const int64_t frame, const double gain)
{
  double* const samples = fal_response_channel(response, channel);
  for (uint32_t t = 0U; t < FRAME; ++t) {
    const int64_t at = frame - (int64_t)GUARD + (int64_t)t;
    if (at >= 0 && at < (int64_t)response->n_frames) {
      samples[at] += gain * creal(filter->z[t]);
    }
  }
}

/// Add a reflection, and behind it what the relief of the walls makes of a
/// share of its energy
static void
add_reflection(const FalResponse* const response, const uint32_t channel,
               const Filter* const filter, const int64_t frame,
               const FalRoom* const room, FalRandom* const random)
{
  add_impulse(response, channel, filter, frame, sqrt(1.0 - room->relief));
  if (room->relief <= 0.0) {
    return;
  }

  const double spread =
    RELIEF_TIME * fal_room_free_time(room) * FAL_FACTORY_RATE_HZ;
  for (uint32_t i = 0U; i < N_FRAGMENTS; ++i) {
    const double late = -spread * log(1.0 - fal_random_uniform(random));
    const double gain =
      sqrt(room->relief / N_FRAGMENTS) * fal_random_normal(random);
    add_impulse(response, channel, filter, frame + 1 + (int64_t)late, gain);
  }
}

/// An image along one axis: its place, how many walls it stands for, how many
/// of these are the lower one, and whether it is turned round
typedef struct {
  double   place;
  uint32_t n_walls;
  uint32_t n_lower;
  double   turn;
} AxisImage;

static AxisImage
mirror(const int32_t index, const double place, const double size)
{
  const bool   odd  = (index % 2) != 0;
  const double base = (double)index * size;
  return (AxisImage){
    .place   = base + (odd ? size - place : place),
    .n_walls = (uint32_t)abs(index),
    .n_lower = (uint32_t)(abs(index) + (index < 0 ? 1 : 0)) / 2U,
    .turn    = odd ? -1.0 : 1.0,
  };
}

/// Find each octave's loss at one reflection, ln of amplitude (Eyring 1930)
static void
find_wall_losses(const FalRoom* const room, const double free_time_s,
                 double losses[FAL_N_OCTAVES])
{
  for (uint32_t b = 0U; b < FAL_N_OCTAVES; ++b) {
    const double air  = fal_air_db_per_m(fal_octave_hz(b)) / 8.686;
    const double rate = FAL_LN_1000 / room->rt60_s[b] - air * FAL_SOUND_SPEED;
    losses[b]         = -fmax(rate, 0.0) * free_time_s;
  }
}

static void
add_image(const FalResponse* const response, const FalRoom* const room,
          const uint32_t source, const uint32_t n_microphones,
          const AxisImage axes[3], const double losses[FAL_N_OCTAVES],
          const FalPoint offset, const double zero_s, Filter* const filter,
          FalRandom* const random)
{
  const uint32_t n_walls  = axes[0].n_walls + axes[1].n_walls + axes[2].n_walls;
  const double   specular = pow(1.0 - room->scattering, 0.5 * n_walls) *
                          pow(10.0, -room->floor_db / 20.0 * axes[2].n_lower);

  for (uint32_t m = 0U; m < n_microphones; ++m) {
    const FalTransducer* const mic = &room->microphones[m];
    const FalPoint             d   = {axes[0].place + offset.x - mic->place_m.x,
                                      axes[1].place + offset.y - mic->place_m.y,
                                      axes[2].place + offset.z - mic->place_m.z};
    const double   distance        = sqrt(d.x * d.x + d.y * d.y + d.z * d.z);
    const FalPoint in  = {d.x / distance, d.y / distance, d.z / distance};
    const FalPoint out = {-in.x * axes[0].turn, -in.y * axes[1].turn,
                          -in.z * axes[2].turn};
    const double   gain =
      specular * fal_transducer_gain(mic, mic->omni, in) / fmax(distance, 0.3);

    double log_gains[FAL_N_OCTAVES];
    for (uint32_t b = 0U; b < FAL_N_OCTAVES; ++b) {
      const double air  = fal_air_db_per_m(fal_octave_hz(b)) / 8.686;
      const double omni = fal_source_omni(&room->sources[source], b);
      const double directed =
        fabs(fal_transducer_gain(&room->sources[source], omni, out));
      log_gains[b] = (double)n_walls * losses[b] - air * distance +
                     log(fmax(directed, 0.05)) + room->level_db[b] / 8.686;
    }

    const double time =
      FAL_FACTORY_RATE_HZ * (distance / FAL_SOUND_SPEED - zero_s);
    const double frame = floor(time);
    make_impulse(filter, gain, log_gains, time - frame);
    add_reflection(response, source * n_microphones + m, filter, (int64_t)frame,
                   room, random);
  }
}

FalStatus
fal_images_add(const FalResponse* const response, const FalRoom* const room,
               const uint32_t source, const uint32_t n_microphones,
               const double zero_s, FalRandom* const random)
{
  Filter* const filter = calloc(1U, sizeof(*filter));
  if (!filter || init_filter(filter)) {
    free(filter);
    return FAL_ERR_NO_MEM;
  }

  const double free_time_s = fal_room_free_time(room);
  double       losses[FAL_N_OCTAVES];
  find_wall_losses(room, free_time_s, losses);

  const FalPoint place = room->sources[source].place_m;
  const FalPoint mic   = room->microphones[0].place_m;
  const uint32_t most  = (uint32_t)ceil(
     fmin(log(SPECULAR_SHARE) / log(1.0 - room->scattering), 60.0));
  const double  reach = 2.0 * most * free_time_s * FAL_SOUND_SPEED;
  const int32_t n_x   = (int32_t)ceil(reach / room->size_m.x);
  const int32_t n_y   = (int32_t)ceil(reach / room->size_m.y);
  const int32_t n_z   = (int32_t)ceil(reach / room->size_m.z);

  for (int32_t i = -n_x; i <= n_x; ++i) {
    for (int32_t j = -n_y; j <= n_y; ++j) {
      for (int32_t k = -n_z; k <= n_z; ++k) {
        const uint32_t n_walls = (uint32_t)(abs(i) + abs(j) + abs(k));
        const double   spread  = room->jitter_m * sqrt(fmax(n_walls, 1.0));
        const FalPoint offset  = {
           spread * (2.0 * fal_random_uniform(random) - 1.0),
           spread * (2.0 * fal_random_uniform(random) - 1.0),
           spread * (2.0 * fal_random_uniform(random) - 1.0)};
        const AxisImage axes[] = {mirror(i, place.x, room->size_m.x),
                                  mirror(j, place.y, room->size_m.y),
                                  mirror(k, place.z, room->size_m.z)};
        const double    x      = axes[0].place - mic.x;
        const double    y      = axes[1].place - mic.y;
        const double    z      = axes[2].place - mic.z;
        if (n_walls > 0U && n_walls <= most &&
            x * x + y * y + z * z < reach * reach) {
          add_image(response, room, source, n_microphones, axes, losses, offset,
                    zero_s, filter, random);
        }
      }
    }
  }

  fal_dft_clear(&filter->dft);
  free(filter);
  return FAL_OK;
}
