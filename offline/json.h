// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file json.h Results as JSON on standard output

#ifndef FAL_OFFLINE_JSON_H
#define FAL_OFFLINE_JSON_H

#include "core/attributes.h"
#include "ir/error.h"

#include <jansson.h>

/// A string of any bytes, a path for instance: what is not UTF-8 is escaped
json_t* fal_json_text(const char* text);

/**
   Print a value as one line, and free it.

   @param value Null means that memory ran out while it was made.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_json_print(json_t* value, FalError* error);

#endif // FAL_OFFLINE_JSON_H
