// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file room.h Rooms: reflections from image sources, and what they dissolve
/// to

#ifndef FAL_IR_FACTORY_ROOM_H
#define FAL_IR_FACTORY_ROOM_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/acoustics.h"
#include "ir/factory/random.h"
#include "ir/factory/response.h"

#include <stdint.h>

/// A place in a room, or a direction; metres from a lower corner
typedef struct {
  double x; ///< From the stage's end wall towards the audience
  double y; ///< From the right channel's side to the left one's
  double z; ///< Upwards
} FalPoint;

/// A microphone or a source of first order: gain = omni + (1 - omni) cos(angle)
typedef struct {
  FalPoint place_m;
  double   azimuth_deg; ///< Where it looks: 0 along x, 90 along y
  double   omni;        ///< 1: omnidirectional, 0.5: cardioid
} FalTransducer;

/// A room with one source and one or two microphones, or two of each
typedef struct {
  FalPoint      size_m;
  FalTransducer sources[2];     ///< Left, right; `omni` holds from 4 kHz, and
                                ///< rises to 1 towards low frequencies
  FalTransducer microphones[2]; ///< Left, right
  double        rt60_s[FAL_N_OCTAVES];   ///< Reverberation time, air included
  double        level_db[FAL_N_OCTAVES]; ///< Colour of everything
  double        scattering; ///< Share of energy that each reflection dissolves
  double        relief;     ///< Share of a reflection's energy that follows in
                 ///< fragments, thrown off by columns, coffers, furniture
  double floor_db; ///< Seats, carpets: what the floor takes from reflections
                   ///< on top of the walls' share
  double jitter_m; ///< How far images are off the grid: no two walls are
                   ///< quite parallel, and no flutter echo is heard
} FalRoom;

/**
   Render a room's response without the direct sound.

   Time zero is when the direct sound arrives: the dry signal takes its place.
   Reflections come from image sources (Allen & Berkley 1979), off the grid a
   bit (De Sena et al. 2015), each filtered in minimum phase by the walls it met
   and the air it crossed. Each reflection passes on `1 - scattering` of its
   energy; the rest goes to the diffuse field, see diffuse.h, at the level that
   the image sources themselves would have (4 pi c / V a second where the direct
   sound has 1 at 1 m), so that nothing needs to be fitted at the joint.

   @param response One channel a path, input-major; added to.
*/
FAL_NODISCARD FalStatus fal_room_render(FalResponse*   response,
                                        const FalRoom* room, FalRandom* random);

/// Return the volume, m3
double fal_room_volume(const FalRoom* room);

/// Return the mean time between reflections, s (4 V / c S)
double fal_room_free_time(const FalRoom* room);

/// Return how coherent a diffuse field is at the two microphones (Cook et al.
/// 1955; of directional ones as if they were in one place but for the phase)
double fal_room_coherence(const FalRoom* room, double frequency_hz);

/// Return the gain of a transducer for sound along the unit vector `d` (away
/// from it)
double fal_transducer_gain(const FalTransducer* transducer, double omni,
                           FalPoint d);

/// Return a source's `omni` in an octave
double fal_source_omni(const FalTransducer* source, uint32_t octave);

#endif // FAL_IR_FACTORY_ROOM_H
