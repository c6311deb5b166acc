// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_IR_FACTORY_IMAGES_H
#define FAL_IR_FACTORY_IMAGES_H

#include "core/attributes.h"
#include "core/status.h"
#include "ir/factory/random.h"
#include "ir/factory/response.h"
#include "ir/factory/room.h"

/**
   Add the reflections that image sources stand for to one source's paths.

   @param source Index of the source; its paths are the channels from
   `source * n_microphones`.
   @param zero_s Time between emission and the response's first frame.
   @param random Moves the images (by the same for each microphone) and breaks
   reflections up.
*/
FAL_NODISCARD FalStatus fal_images_add(const FalResponse* response,
                                       const FalRoom* room, uint32_t source,
                                       uint32_t n_microphones, double zero_s,
                                       FalRandom* random);

#endif // FAL_IR_FACTORY_IMAGES_H
