// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ir_file.h Whole impulse responses from files and into files

#ifndef FAL_OFFLINE_IR_FILE_H
#define FAL_OFFLINE_IR_FILE_H

#include "core/attributes.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/sink.h"

#include <popt.h>

#include <stdint.h>

/// Longest response that the tool takes in whole, in seconds
#define FAL_IR_FILE_MAX_S 3600.0

/// How outputs are written, as popt stores it
typedef struct {
  char* path;
  char* container;
  char* subtype;
  int   force;
  int   no_dither;
} FalIrOutput;

/// The options of an output that go with a FalIrOutput, for a table of popt
#define FAL_IR_OUTPUT_OPTIONS(out)                                              \
  {"output", 'o', POPT_ARG_STRING, &(out)->path, 0, "The file to write",        \
   "FILE"},                                                                     \
    {"format",                                                                  \
     '\0',                                                                      \
     POPT_ARG_STRING,                                                           \
     &(out)->container,                                                         \
     0,                                                                         \
     "Container: wav, flac, ... (that of the name, or the input's)",            \
     "NAME"},                                                                   \
    {"subtype",       '\0', POPT_ARG_STRING,                                    \
     &(out)->subtype, 0,    "Samples: pcm16, pcm24, float, ... (the input's)",  \
     "NAME"},                                                                   \
    {"force", 'f', POPT_ARG_NONE, &(out)->force, 0, "Replace an existing file", \
     NULL},                                                                     \
  {                                                                             \
    "no-dither", '\0', POPT_ARG_NONE, &(out)->no_dither, 0,                     \
      "Do not dither where bits are reduced", NULL                              \
  }

/// Free what popt has stored
void fal_ir_output_clear(FalIrOutput* output);

/// Load one file as it is
FAL_NODISCARD FalStatus fal_ir_file_load(FalIr* ir, const char* path,
                                         FalError* error);

/**
   Start a file and write a response into it; fal_sink_commit() finishes it.

   @param sink Set on success.
   @param path Where to.
   @param format Of the input, kept where the options and the name say nothing.
   @param inputs [n_inputs], which may not be written over.
*/
FAL_NODISCARD FalStatus fal_ir_file_write(FalSink** sink, const char* path,
                                          const FalAudio*    audio,
                                          const FalIrOutput* output, int format,
                                          const char* const* inputs,
                                          uint32_t n_inputs, FalError* error);

/// Finish a file, and warn of samples beyond full scale
FAL_NODISCARD FalStatus fal_ir_file_commit(FalSink* sink, const char* path,
                                           FalError* error);

#endif // FAL_OFFLINE_IR_FILE_H
