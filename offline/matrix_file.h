// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file matrix_file.h A text that lays responses between inputs and outputs

#ifndef FAL_OFFLINE_MATRIX_FILE_H
#define FAL_OFFLINE_MATRIX_FILE_H

#include "core/attributes.h"
#include "ir/error.h"
#include "offline/matrix.h"

#include <stdint.h>

/**
   Read a matrix.

   A line is empty, a comment after '#', or one of

       route INPUT OUTPUT FILE [CHANNEL [GAIN_DB [DELAY_MS]]]
       /impulse/read INPUT OUTPUT GAIN DELAY OFFSET LENGTH CHANNEL FILE
       /convolver/new INPUTS OUTPUTS …
       /cd FOLDER

   where all channels count from 1. The lines with a slash are those of
   jconvolver (DELAY, OFFSET and LENGTH in frames, LENGTH 0 for all); its others
   are refused. Names with blanks stand in double quotes. Files are relative to
   the matrix's folder. There are as many outputs as the routes name, or as
   /convolver/new says.

   @param matrix Set on success.
   @param rate_hz The recording's; responses are resampled to it.
   @param n_inputs The recording's channels; the routes may not name more.
   @return #FAL_OK, or the status that `error` explains, with the line.
*/
FAL_NODISCARD FalStatus fal_matrix_read(FalMatrix* matrix, const char* path,
                                        uint32_t rate_hz, uint32_t n_inputs,
                                        FalError* error);

#endif // FAL_OFFLINE_MATRIX_FILE_H
