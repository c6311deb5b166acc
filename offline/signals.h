// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file signals.h End by a signal without leaving anything behind

#ifndef FAL_OFFLINE_SIGNALS_H
#define FAL_OFFLINE_SIGNALS_H

#include "core/attributes.h"
#include "ir/error.h"

/**
   Watch for SIGINT, SIGTERM and SIGHUP from now on, in a thread.

   When one comes, all temporaries are removed and the process dies by that
   signal. One that is ignored from the start (nohup) stays ignored. SIGPIPE
   and SIGXFSZ are ignored, so that writing fails with an error instead.
   Call it before any other thread is made.

   @return #FAL_OK, or #FAL_ERR_NO_MEM with a sentence.
*/
FAL_NODISCARD FalStatus fal_signals_start(FalError* error);

#endif // FAL_OFFLINE_SIGNALS_H
