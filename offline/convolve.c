// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file convolve.c The subcommand `convolve`: from its files to their tasks

#include "core/status.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/batch.h"
#include "offline/command.h"
#include "offline/convolve_options.h"
#include "offline/message.h"
#include "offline/output.h"
#include "offline/render.h"
#include "offline/report.h"
#include "offline/shard.h"
#include "offline/sound.h"
#include "offline/tasks.h"

#include <popt.h>

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_folder(const char* const path)
{
  struct stat status;
  return path && !stat(path, &status) && S_ISDIR(status.st_mode);
}

static bool
ends_with_slash(const char* const path)
{
  return *path && path[strlen(path) - 1U] == '/';
}

static uint32_t
count_processors(void)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1U : n > 256 ? 256U : (uint32_t)n;
}

/// One file into one file
static FalStatus
run_single(const FalRenderSettings* const settings,
           const FalRenderTask* const task, const bool json,
           FalError* const error)
{
  FalRenderer*    renderer = NULL;
  FalRenderReport report   = {0};
  FalStatus       st       = fal_renderer_new(&renderer, settings);
  if (st) {
    return fal_error_set(error, st, "out of memory");
  }
  st = fal_render(renderer, task, &report, error);
  if (!st) {
    st = fal_output_commit(report.output, error);
  }
  if (!st && json) {
    fal_report_print(task, &report, NULL);
  }
  fal_renderer_free(renderer);
  return st;
}

/// Append the tasks of an argument: those of a folder, or one
static FalStatus
add_argument(FalTasks* const tasks, const FalRenderTask* const pattern,
             FalError* const error)
{
  if (is_folder(pattern->input)) {
    return fal_tasks_add_folder(tasks, pattern, error);
  }
  const char* const slash = strrchr(pattern->input, '/');
  char* const       output =
    fal_tasks_join(pattern->output, slash ? slash + 1 : pattern->input);
  FalRenderTask task = *pattern;
  task.output        = output;
  const FalStatus st =
    output ? fal_tasks_add_named(tasks, &task) : FAL_ERR_NO_MEM;
  free(output);
  return st ? fal_error_set(error, st, "out of memory") : FAL_OK;
}

/// The list of a manifest, or of several files and folders
static FalStatus
list_tasks(FalTasks* const tasks, const FalArguments* const arguments,
           const FalConvolveOptions* const options,
           const FalRenderTask* const pattern, FalError* const error)
{
  if (options->manifest) {
    return fal_tasks_add_manifest(tasks, options->manifest, pattern, error);
  }
  FalStatus      st = FAL_OK;
  const uint32_t n_inputs =
    options->irs || options->matrix ? arguments->n_args : 1U;
  for (uint32_t i = 0U; i < n_inputs && !st; ++i) {
    FalRenderTask one = *pattern;
    one.input         = arguments->args[i];
    st                = add_argument(tasks, &one, error);
  }
  return st;
}

static FalExit
run_batch(const FalArguments* const       arguments,
          const FalConvolveOptions* const options,
          const FalRenderSettings* const  settings,
          const FalRenderTask* const pattern, const FalUsage* const usage,
          FalError* const error)
{
  const uint32_t n_processors = count_processors();
  FalShard       shard;
  if (options->n_jobs < 0 || options->n_jobs > 256) {
    return fal_arguments_refuse(usage, error, "--jobs is from 1 to 256");
  }
  if (!fal_shard_read(&shard, options->shard)) {
    return fal_arguments_refuse(usage, error,
                                "--shard is I/N, with I from 1 to N");
  }
  FalBatch batch = {
    .settings = *settings,
    .n_jobs   = options->n_jobs ? (uint32_t)options->n_jobs : n_processors,
    .resume   = options->resume,
    .json     = options->json,
  };
  FalTasks  tasks = {.extension = fal_sound_extension(options->container)};
  FalStatus st    = list_tasks(&tasks, arguments, options, pattern, error);
  if (!st && options->choose >= 0) {
    fal_tasks_choose(&tasks, (uint64_t)options->choose);
  }
  if (!st && !(st = fal_tasks_check(&tasks, error))) {
    fal_tasks_keep_shard(&tasks, shard.index, shard.count);
    batch.n_jobs = tasks.n_tasks < batch.n_jobs
                     ? (tasks.n_tasks ? tasks.n_tasks : 1U)
                     : batch.n_jobs;
    st           = fal_batch_run(&batch, &tasks, error);
  }
  fal_tasks_clear(&tasks);
  return st ? FAL_EXIT_FAILED : FAL_EXIT_DONE;
}

/// Refuse arguments that do not go together
static FalExit
check(const FalArguments* const       arguments,
      const FalConvolveOptions* const options, const FalUsage* const usage,
      FalError* const error)
{
  const uint32_t n_args  = arguments->n_args;
  const bool     has_irs = options->irs || options->matrix;
  if (options->manifest && n_args) {
    return fal_arguments_refuse(
      usage, error, "a manifest names the files: '%s' is one argument too many",
      arguments->args[0]);
  }
  if (options->matrix && (options->irs || options->choose >= 0)) {
    return fal_arguments_refuse(usage, error,
                                "--matrix goes with neither --ir nor --choose");
  }
  if (!options->manifest && !has_irs && n_args != 2U) {
    return fal_arguments_refuse(
      usage, error, "without --ir, give one recording and one response");
  }
  if (!options->manifest && !n_args) {
    return fal_arguments_refuse(usage, error, "no recording is given");
  }
  if (!options->manifest && !options->output) {
    return fal_arguments_refuse(usage, error, "no output is given (-o FILE)");
  }
  return FAL_EXIT_DONE;
}

/// Refuse what a single file cannot have
static FalExit
check_single(const FalConvolveOptions* const options, const bool is_pipe,
             const FalUsage* const usage, FalError* const error)
{
  if (options->json && !strcmp(options->output, "-")) {
    return fal_arguments_refuse(
      usage, error, "--json and the sound cannot both go to standard output");
  }
  if (options->normalise && is_pipe) {
    return fal_arguments_refuse(
      usage, error,
      "--normalize needs two passes, and standard input has only one");
  }
  if (options->choose >= 0 || options->shard || options->resume) {
    return fal_arguments_refuse(
      usage, error, "--choose, --shard and --resume are for lists of files");
  }
  return FAL_EXIT_DONE;
}

/// Find out what the arguments mean: IN IR, IN… with --ir, or a manifest
static FalExit
run(const FalArguments* const       arguments,
    const FalConvolveOptions* const options, const FalUsage* const usage,
    FalError* const error)
{
  FalRenderSettings settings;
  FalExit code = fal_convolve_options_settle(&settings, options, usage, error);
  if (code || (code = check(arguments, options, usage, error))) {
    return code;
  }
  const uint32_t    n_args   = arguments->n_args;
  const char* const matrix[] = {options->matrix, NULL};
  FalRenderTask     pattern  = {
         .input  = n_args ? arguments->args[0] : NULL,
         .output = options->output,
         .irs    = options->matrix ? matrix
                   : options->irs  ? (const char* const*)options->irs
                   : n_args        ? arguments->args + 1
                                   : NULL,
         .gain   = 1.0,
  };
  while (pattern.irs && pattern.irs[pattern.n_irs]) {
    ++pattern.n_irs;
  }
  const bool has_irs = options->irs || options->matrix;
  const bool is_list =
    options->manifest || (has_irs && n_args > 1U) || is_folder(pattern.input) ||
    (options->output &&
     (ends_with_slash(options->output) || is_folder(options->output)));
  if (!settings.n_threads) {
    // More than two threads find little to share in one file
    settings.n_threads = is_list || count_processors() < 2U ? 1U : 2U;
  }
  if (is_list) {
    return run_batch(arguments, options, &settings, &pattern, usage, error);
  }
  assert(pattern.input && options->output);
  code = check_single(options, !strcmp(pattern.input, "-"), usage, error);
  if (code) {
    return code;
  }
  return run_single(&settings, &pattern, options->json, error) ? FAL_EXIT_FAILED
                                                               : FAL_EXIT_DONE;
}

FalExit
fal_command_convolve(const int argc, const char** const argv,
                     FalError* const error)
{
  FalConvolveOptions options;
  struct poptOption  table[FAL_CONVOLVE_MAX_OPTIONS];
  fal_convolve_options_init(&options, table);

  const FalUsage usage = {
    .name = "convolve",
    .synopsis =
      "[OPTION...] IN IR -o OUT\n"
      "  or:  faltung convolve [OPTION...] IN... --ir IR... -o OUT\n"
      "  or:  faltung convolve [OPTION...] --manifest FILE [-o FOLDER]",
    .purpose =
      "Convolve recordings with impulse responses: whole tail, exact gain, no\n"
      "shift in time, and the recording's format kept. A folder is mirrored.\n",
    .examples =
      "  faltung convolve speech.wav hall.wav -o speech-in-hall.wav\n"
      "  faltung convolve --wet -12 --dry 0 drums.flac plate.wav -o mix.flac\n"
      "  faltung convolve takes/ --ir hall.wav -o takes-in-hall/ --resume\n"
      "  sox in.mp3 -t wav - | faltung convolve - hall.wav -o - | aplay\n",
    .options  = table,
    .min_args = 0U,
    .max_args = UINT32_MAX,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    fal_message_set_quiet(options.quiet);
    code = run(&arguments, &options, &usage, error);
  }
  fal_arguments_clear(&arguments);
  fal_convolve_options_clear(&options);
  return code;
}
