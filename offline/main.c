// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file main.c Find the subcommand, run it, print what went wrong

#include "core/status.h"
#include "ir/error.h"
#include "offline/command.h"
#include "offline/message.h"
#include "offline/signals.h"
#include "offline/standard.h"

#include <stdio.h>
#include <string.h>

/// A line of the table, which ends with one that has no name
typedef struct {
  const char* name;
  const char* purpose;
  FalCommand  run;
} Entry;

static const Entry entries[] = {
  {"align", "Shift recordings onto a reference", fal_command_align},
  {"convolve", "Convolve recordings with responses", fal_command_convolve},
  {"correlate", "Write the cross-correlation of two sounds",
   fal_command_correlate},
  {"delay", "Find by how much recordings are late", fal_command_delay},
  {"find", "Find where a clip is heard", fal_command_find},
  {"info", "Describe sound files", fal_command_info},
  {"ir", "Measure and shape impulse responses", fal_command_ir},
  {NULL, NULL, NULL},
};

static const Entry*
find(const char* const name)
{
  for (const Entry* e = entries; e->name; ++e) {
    if (!strcmp(e->name, name)) {
      return e;
    }
  }
  return NULL;
}

static void
print_help(void)
{
  printf("Usage: faltung COMMAND [OPTION...] [FILE...]\n"
         "Convolution and delay estimation for audio files.\n\n"
         "Commands:\n");
  for (const Entry* e = entries; e->name; ++e) {
    printf("  %-10s %s\n", e->name, e->purpose);
  }
  printf("\n  --help     Show this help; after a command, that command's\n"
         "  --version  Show the version\n\n"
         "Example:\n"
         "  faltung convolve speech.wav hall.wav -o speech-in-hall.wav\n");
}

static FalExit
run(const int argc, const char** const argv, FalError* const error)
{
  if (argc < 2) {
    fal_error_set(error, FAL_ERR_BAD_ARG, "no command (see faltung --help)");
    return FAL_EXIT_USAGE;
  }
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
    print_help();
    return FAL_EXIT_DONE;
  }
  if (!strcmp(argv[1], "--version")) {
    printf("faltung %s\n", FAL_VERSION);
    return FAL_EXIT_DONE;
  }
  const Entry* const entry = find(argv[1]);
  if (!entry) {
    fal_error_set(error, FAL_ERR_BAD_ARG,
                  "there is no command '%s' (see faltung --help)", argv[1]);
    return FAL_EXIT_USAGE;
  }
  return entry->run(argc - 1, argv + 1, error);
}

int
main(const int argc, const char** const argv)
{
  FalError error = {FAL_OK, ""};
  fal_standard_open();
  FalExit code = FAL_EXIT_FAILED;
  if (!fal_signals_start(&error)) {
    code = run(argc, argv, &error);
  }
  const FalExit end = fal_standard_close(&error);
  code              = code ? code : end;
  if (code && error.text[0]) {
    fal_message_error(&error);
  }
  return (int)code;
}
