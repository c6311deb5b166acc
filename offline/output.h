// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file output.h An output file: whole, or not there at all

#ifndef FAL_OFFLINE_OUTPUT_H
#define FAL_OFFLINE_OUTPUT_H

#include "core/attributes.h"
#include "ir/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where bytes go
typedef struct FalOutput FalOutput;

/// What to open
typedef struct {
  const char*        path;   ///< A file, device or pipe; "-": standard output
  bool               force;  ///< An existing file may be replaced
  const char* const* inputs; ///< [n_inputs] files that may not be the output
  uint32_t n_inputs;         ///< Null and "-" among the inputs are passed over
} FalOutputRequest;

/**
   Open an output.

   A regular file is written under a temporary name in the same folder, and gets
   its own name from fal_output_commit(). Refused are a file that is one of the
   inputs (whatever it is called there), and, without `force`, one that exists.

   @param output Set on success; ended by fal_output_commit() or
   fal_output_discard().
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_output_open(FalOutput**             output,
                                        const FalOutputRequest* request,
                                        FalError*               error);

/// The path, or "standard output"
const char* fal_output_name(const FalOutput* output);

/// Whether bytes can only be appended: a pipe or a device
bool fal_output_is_stream(const FalOutput* output);

/// Descriptor of the temporary or the stream, still owned by the output
int fal_output_fd(const FalOutput* output);

/// Append bytes, all of them
FAL_NODISCARD FalStatus fal_output_write(FalOutput* output, const void* bytes,
                                         size_t n_bytes, FalError* error);

/// Overwrite bytes from `offset` on; not for streams
FAL_NODISCARD FalStatus fal_output_write_at(FalOutput* output, uint64_t offset,
                                            const void* bytes, size_t n_bytes,
                                            FalError* error);

/**
   Bring a file to the disk and under its name, and free the output.

   @return #FAL_OK, or the status that `error` explains: nothing is left then,
   and a former file of that name is as it was.
*/
FAL_NODISCARD FalStatus fal_output_commit(FalOutput* output, FalError* error);

/**
   Bring many files to the disk, at a fraction of the cost of one by one.

   @param outputs [n_outputs] to be ended by fal_output_publish(); streams and
   null among them are passed over.
   @return #FAL_OK, or the status that `error` explains.
*/
FAL_NODISCARD FalStatus fal_outputs_sync(FalOutput* const* outputs,
                                         uint32_t n_outputs, FalError* error);

/// As fal_output_commit(), for a file that is on the disk already
FAL_NODISCARD FalStatus fal_output_publish(FalOutput* output, FalError* error);

/// Remove what was written, and free the output; null is fine
void fal_output_discard(FalOutput* output);

#endif // FAL_OFFLINE_OUTPUT_H
