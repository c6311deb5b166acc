// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file message.h What the program says on standard error, escaped

#ifndef FAL_OFFLINE_MESSAGE_H
#define FAL_OFFLINE_MESSAGE_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdbool.h>

/// Say no notes and no warnings from now on; errors are always said
void fal_message_set_quiet(bool quiet);

/// Say "faltung: sentence": what was done differently from what one may expect
void fal_message_note(const char* format, ...) FAL_PRINTF(1, 2);

/// Say "faltung: warning: sentence"
void fal_message_warn(const char* format, ...) FAL_PRINTF(1, 2);

/// Say "faltung: sentence": why the program failed
void fal_message_error(const FalError* error);

#endif // FAL_OFFLINE_MESSAGE_H
