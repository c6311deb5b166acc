// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file error.h What went wrong, in one sentence that names the file

#ifndef FAL_IR_ERROR_H
#define FAL_IR_ERROR_H

#include "core/attributes.h"
#include "core/status.h"

#include <stddef.h>

/// A status and the sentence that goes with it
typedef struct {
  FalStatus status;    ///< The last failure
  char      text[512]; ///< "path: reason", printable: control bytes are escaped
} FalError;

/**
   Copy a text so that it can be printed anywhere: what is not printable UTF-8
   becomes \xNN, byte by byte, and what does not fit is cut off.

   @param out [n_out], terminated; not `text`.
*/
void fal_escape(char* out, size_t n_out, const char* text);

/**
   Write down what went wrong, where it is known: once.

   @param error Null is fine.
   @return `status`, so that it can be returned at once.
*/
FalStatus fal_error_set(FalError* error, FalStatus status, const char* format,
                        ...) FAL_PRINTF(3, 4);

#endif // FAL_IR_ERROR_H
