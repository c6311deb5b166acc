// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file form.h How a response is reshaped before it is heard

#ifndef FAL_PLUGIN_FORM_H
#define FAL_PLUGIN_FORM_H

#include "core/attributes.h"
#include "core/route.h"
#include "core/status.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "plugin/ports.h"
#include "plugin/wish.h"

#include <stdint.h>

/// Most routes between two inputs and two outputs
#define FAL_MAX_ROUTES 4U

/// A response as it will be heard
typedef struct {
  FalAudio audio;
  FalRoute routes[FAL_MAX_ROUTES]; ///< Into `audio`
  uint32_t n_routes;
  float    gain_db; ///< What matching levels has applied
} FalFormed;

/// Return a value of a form
static inline float
fal_form_value(const FalForm* const form, const FalPort port)
{
  return form->values[port - FAL_PORT_MATCH];
}

/// Return the form that leaves a response as it is, but for its level
FalForm fal_form_default(void);

/**
   Reshape a response and lay it between inputs and outputs.

   The decay, then the stretch, then the onset, start and length of what that
   gives, the turn in time and the fade-in; the order of channels and their
   mirror image; the level at last.

   @param formed Set on success; fal_formed_clear() frees it.
   @param ir Not changed.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_form_apply(FalFormed* formed, const FalForm* form,
                                       const FalIr* ir, uint32_t n_inputs,
                                       uint32_t n_outputs, FalError* error);

/// Free the samples
void fal_formed_clear(FalFormed* formed);

#endif // FAL_PLUGIN_FORM_H
