// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file report.h What has become of a file, as a line of JSON

#ifndef FAL_OFFLINE_REPORT_H
#define FAL_OFFLINE_REPORT_H

#include "ir/error.h"
#include "offline/render.h"

/**
   Print a line, at once.

   @param report Of a file that is done; null otherwise.
   @param error Of a file that failed; null or #FAL_OK otherwise. Neither: it
   was there already.
*/
void fal_report_print(const FalRenderTask* task, const FalRenderReport* report,
                      const FalError* error);

#endif // FAL_OFFLINE_REPORT_H
