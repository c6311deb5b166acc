// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_PLUGIN_SESSION_H
#define FAL_PLUGIN_SESSION_H

#include "core/attributes.h"
#include "core/status.h"

#include <stdint.h>

/// What a session must remember: which files, and what was in them
typedef struct {
  char*    path;       ///< Absolute, or null
  char*    right_path; ///< Second file of a pair, or null
  uint64_t n_bytes;    ///< Size of the content, 0 if it was never seen
  uint64_t hash;       ///< Of the content
} FalSession;

/// Copy a session
FAL_NODISCARD FalStatus fal_session_copy(FalSession*       copy,
                                         const FalSession* session);

/// Free the paths and forget all; a cleared or zeroed struct is fine
void fal_session_clear(FalSession* session);

#endif // FAL_PLUGIN_SESSION_H
