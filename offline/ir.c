// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ir.c The subcommand `ir`: find the verb, run it

#include "core/status.h"
#include "ir/error.h"
#include "offline/command.h"
#include "offline/ir_verbs.h"

#include <stdio.h>
#include <string.h>

/// A line of the table, which ends with one that has no name
typedef struct {
  const char* name;
  const char* purpose;
  FalCommand  run;
} Verb;

static const Verb verbs[] = {
  {"info", "Measure: onset, length, reverberation, clarity", fal_ir_info},
  {"trim", "Cut before the direct sound, and after a length", fal_ir_trim},
  {"fade", "Fade in and out", fal_ir_fade},
  {"normalize", "Bring to a stated level", fal_ir_normalize},
  {"resample", "Change the sample rate, and keep the gain", fal_ir_resample},
  {"stretch", "Make longer or shorter, and deeper or higher", fal_ir_stretch},
  {"decay", "Let it die away faster or slower", fal_ir_decay},
  {"reverse", "Turn round in time", fal_ir_reverse},
  {"minphase", "Make minimum-phase", fal_ir_minphase},
  {"pack", "Put files into one as channels: true stereo", fal_ir_pack},
  {"unpack", "Write each channel into a file", fal_ir_unpack},
  {NULL, NULL, NULL},
};

static void
print_help(void)
{
  printf("Usage: faltung ir VERB [OPTION...] FILE...\n"
         "Measure and shape impulse responses.\n\n"
         "Verbs:\n");
  for (const Verb* v = verbs; v->name; ++v) {
    printf("  %-10s %s\n", v->name, v->purpose);
  }
  printf("\n  --help     Show this help; after a verb, that verb's\n\n"
         "Examples:\n"
         "  faltung ir info hall.wav\n"
         "  faltung ir trim --onset --length 1.5 hall.wav -o short.wav\n");
}

FalExit
fal_command_ir(const int argc, const char** const argv, FalError* const error)
{
  if (argc < 2) {
    fal_error_set(error, FAL_ERR_BAD_ARG,
                  "ir: no verb (see faltung ir --help)");
    return FAL_EXIT_USAGE;
  }
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
    print_help();
    return FAL_EXIT_DONE;
  }
  for (const Verb* v = verbs; v->name; ++v) {
    if (!strcmp(argv[1], v->name)) {
      return v->run(argc - 1, argv + 1, error);
    }
  }
  fal_error_set(error, FAL_ERR_BAD_ARG,
                "ir: there is no verb '%s' (see faltung ir --help)", argv[1]);
  return FAL_EXIT_USAGE;
}
