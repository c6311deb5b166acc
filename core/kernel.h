// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_CORE_KERNEL_H
#define FAL_CORE_KERNEL_H

#include "core/attributes.h"
#include "core/route.h"
#include "core/status.h"

#include <stdint.h>

struct FalEngine;

/// The spectra of one set of impulse responses, laid out for an engine
typedef struct FalKernel FalKernel;

/**
   Build a kernel for an engine.

   Not for the audio thread, but any other may do it while the engine runs:
   only what never changes in the engine is read. The routes and their responses
   are read during the call only.

   What cannot be heard is left out: partitions and bins that together hold at
   most `skip_db` of the responses' energy.

   @param skip_db Relative to the energy of all responses, -130 is a good
   value: below the rounding of single precision. 0 leaves nothing out.
   @return #FAL_OK, #FAL_ERR_BAD_ARG (a channel that the engine does not have,
   an empty or non-finite response) or #FAL_ERR_NO_MEM.
*/
FAL_NODISCARD FalStatus fal_kernel_new(FalKernel**             kernel,
                                       const struct FalEngine* engine,
                                       const FalRoute*         routes,
                                       uint32_t n_routes, double skip_db);

/// Free a kernel that no engine holds; null is fine
void fal_kernel_free(FalKernel* kernel);

#endif // FAL_CORE_KERNEL_H
