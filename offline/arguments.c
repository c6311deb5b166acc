// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/arguments.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/command.h"

#include <popt.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void
print_help(const FalUsage* const usage)
{
  // A context of its own, since popt prints what argv[0] is
  const char* name = "faltung";
  char        title[256];
  snprintf(title, sizeof(title), "%s %s", usage->name, usage->synopsis);

  const struct poptOption table[] = {
    {NULL, '\0', POPT_ARG_INCLUDE_TABLE, (void*)(uintptr_t)usage->options, 0,
     "Options:", NULL},
    {"help", 'h', POPT_ARG_NONE, NULL, 'h', "Show this help", NULL},
    POPT_TABLEEND};
  const poptContext context = poptGetContext(name, 1, &name, table, 0U);
  poptSetOtherOptionHelp(context, title);
  poptPrintHelp(context, stdout, 0);
  poptFreeContext(context);
  printf("\n%s\nExamples:\n%s", usage->purpose, usage->examples);
}

FalExit
fal_arguments_refuse(const FalUsage* const usage, FalError* const error,
                     const char* const format, ...)
{
  char    sentence[400];
  va_list args;
  va_start(args, format);
  vsnprintf(sentence, sizeof(sentence), format, args);
  va_end(args);
  fal_error_set(error, FAL_ERR_BAD_ARG, "%s: %s (see faltung %s --help)",
                usage->name, sentence, usage->name);
  return FAL_EXIT_USAGE;
}

bool
fal_arguments_read(FalArguments* const arguments, const FalUsage* const usage,
                   const int argc, const char** const argv, FalExit* const code,
                   FalError* const error)
{
  const struct poptOption table[] = {
    {NULL, '\0', POPT_ARG_INCLUDE_TABLE, (void*)(uintptr_t)usage->options, 0,
     NULL, NULL},
    {"help", 'h', POPT_ARG_NONE, NULL, 'h', NULL, NULL},
    POPT_TABLEEND};
  memset(arguments, 0, sizeof(*arguments));
  arguments->context = poptGetContext(usage->name, argc, argv, table, 0U);

  const int option = poptGetNextOpt(arguments->context);
  if (option == 'h') {
    print_help(usage);
    *code = FAL_EXIT_DONE;
    return false;
  }
  if (option < -1) {
    *code = fal_arguments_refuse(
      usage, error, "%s: %s",
      poptBadOption(arguments->context, POPT_BADOPTION_NOALIAS),
      poptStrerror(option));
    return false;
  }

  arguments->args = poptGetArgs(arguments->context);
  while (arguments->args && arguments->args[arguments->n_args]) {
    ++arguments->n_args;
  }
  if (arguments->n_args < usage->min_args) {
    *code = fal_arguments_refuse(usage, error,
                                 arguments->n_args ? "a file is missing"
                                                   : "no files are given");
    return false;
  }
  if (arguments->args && arguments->n_args > usage->max_args) {
    *code = fal_arguments_refuse(usage, error, "'%s' is one argument too many",
                                 arguments->args[usage->max_args]);
    return false;
  }
  return true;
}

void
fal_arguments_clear(FalArguments* const arguments)
{
  poptFreeContext(arguments->context);
  memset(arguments, 0, sizeof(*arguments));
}
