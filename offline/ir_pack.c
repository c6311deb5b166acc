// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ir_pack.c The verbs `pack` and `unpack` of `ir`: files and channels

#include "core/status.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/ir_file.h"
#include "offline/ir_verbs.h"

#include <popt.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Put the channels of several responses into one; short ones end in silence
static FalStatus
join(FalAudio* const audio, const FalIr* const parts, const uint32_t n_parts,
     FalError* const error)
{
  uint32_t n_channels = 0U;
  uint32_t n_frames   = 0U;
  for (uint32_t p = 0U; p < n_parts; ++p) {
    const FalAudio* const part = &parts[p].audio;
    n_channels += part->n_channels;
    n_frames = part->n_frames > n_frames ? part->n_frames : n_frames;
    if (part->rate_hz != parts[0].audio.rate_hz) {
      return fal_error_set(
        error, FAL_ERR_BAD_DATA, "%s: %.0f Hz, but %s has %.0f Hz",
        parts[p].path, part->rate_hz, parts[0].path, parts[0].audio.rate_hz);
    }
  }
  if (n_channels > FAL_AUDIO_MAX_CHANNELS) {
    return fal_error_set(error, FAL_ERR_TOO_LARGE,
                         "%u channels together: 1 to %u are supported",
                         n_channels, FAL_AUDIO_MAX_CHANNELS);
  }

  float* const samples =
    (float*)calloc((size_t)n_channels * n_frames, sizeof(float));
  if (!samples) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "out of memory");
  }
  float* to = samples;
  for (uint32_t p = 0U; p < n_parts; ++p) {
    const FalAudio* const part = &parts[p].audio;
    for (uint32_t c = 0U; c < part->n_channels; ++c, to += n_frames) {
      memcpy(to, part->samples + (size_t)c * part->n_frames,
             part->n_frames * sizeof(float));
    }
  }
  *audio = (FalAudio){samples, n_channels, n_frames, parts[0].audio.rate_hz};
  return FAL_OK;
}

static FalStatus
pack(const FalArguments* const in, const FalIrOutput* const output,
     FalError* const error)
{
  FalIr     parts[FAL_AUDIO_MAX_CHANNELS] = {{.path = NULL}};
  FalAudio  audio                         = {NULL, 0U, 0U, 0.0};
  FalSink*  sink                          = NULL;
  FalStatus st                            = FAL_OK;
  for (uint32_t p = 0U; !st && p < in->n_args; ++p) {
    st = fal_ir_file_load(&parts[p], in->args[p], error);
  }
  if (!st && !(st = join(&audio, parts, in->n_args, error)) &&
      !(st = fal_ir_file_write(&sink, output->path, &audio, output,
                               parts[0].file_format, in->args, in->n_args,
                               error))) {
    st = fal_ir_file_commit(sink, output->path, error);
  }
  fal_audio_clear(&audio);
  for (uint32_t p = 0U; p < in->n_args; ++p) {
    fal_ir_clear(&parts[p]);
  }
  return st;
}

/// The name of a channel's file: before the extension, what the channel is
static void
name_channel(char* const name, const size_t n_name, const char* const path,
             const uint32_t channel, const uint32_t n_channels)
{
  static const char* const two[]  = {"L", "R"};
  static const char* const four[] = {"LL", "LR", "RL", "RR"};

  const char* const slash = strrchr(path, '/');
  const char* const dot   = strrchr(slash ? slash : path, '.');
  const char* const end   = dot ? dot : path + strlen(path);
  char              number[16];
  (void)snprintf(number, sizeof(number), "%02u", channel + 1U);
  (void)snprintf(name, n_name, "%.*s-%s%s", (int)(end - path), path,
                 n_channels == 2U   ? two[channel]
                 : n_channels == 4U ? four[channel]
                                    : number,
                 end);
}

/// Write all files, and give them their names only when all are written
static FalStatus
unpack(const char* const path, const FalIrOutput* const output,
       FalError* const error)
{
  static char names[FAL_AUDIO_MAX_CHANNELS][4096];
  FalSink*    sinks[FAL_AUDIO_MAX_CHANNELS] = {NULL};
  FalIr       ir                            = {.path = NULL};
  FalStatus   st = fal_ir_file_load(&ir, path, error);

  const uint32_t n_channels = ir.audio.n_channels;
  for (uint32_t c = 0U; !st && c < n_channels; ++c) {
    const FalAudio one = {ir.audio.samples + (size_t)c * ir.audio.n_frames, 1U,
                          ir.audio.n_frames, ir.audio.rate_hz};
    name_channel(names[c], sizeof(names[c]), output->path ? output->path : path,
                 c, n_channels);
    st = fal_ir_file_write(&sinks[c], names[c], &one, output, ir.file_format,
                           &path, 1U, error);
  }
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (!st) {
      st = fal_ir_file_commit(sinks[c], names[c], error);
    } else {
      fal_sink_discard(sinks[c]);
    }
  }
  fal_ir_clear(&ir);
  return st;
}

FalExit
fal_ir_pack(const int argc, const char** const argv, FalError* const error)
{
  FalIrOutput             output  = {.path = NULL};
  const struct poptOption table[] = {FAL_IR_OUTPUT_OPTIONS(&output),
                                     POPT_TABLEEND};
  const FalUsage          usage   = {
               .name     = "ir pack",
               .synopsis = "[OPTION...] IN IN... -o OUT",
               .purpose =
                 "Put the channels of files into one file, in this order: left and right\n"
                            "are stereo; LL LR RL RR (left to left, left to right, ...) true "
                            "stereo.\n",
               .examples = "  faltung ir pack ll.wav lr.wav rl.wav rr.wav -o true.wav\n",
               .options  = table,
               .min_args = 2U,
               .max_args = FAL_AUDIO_MAX_CHANNELS,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    if (!output.path) {
      code = fal_arguments_refuse(&usage, error, "no output (-o FILE)");
    } else if (pack(&arguments, &output, error)) {
      code = FAL_EXIT_FAILED;
    }
  }
  fal_arguments_clear(&arguments);
  fal_ir_output_clear(&output);
  return code;
}

FalExit
fal_ir_unpack(const int argc, const char** const argv, FalError* const error)
{
  FalIrOutput             output  = {.path = NULL};
  const struct poptOption table[] = {FAL_IR_OUTPUT_OPTIONS(&output),
                                     POPT_TABLEEND};
  const FalUsage          usage   = {
               .name     = "ir unpack",
               .synopsis = "[OPTION...] IN [-o NAME]",
               .purpose =
                 "Write each channel into a file of its own: NAME (or the input's) with "
                            "-L\n"
                            "and -R, -LL -LR -RL -RR, or -01 -02 ... before the extension.\n",
               .examples = "  faltung ir unpack true.wav -o part.wav\n",
               .options  = table,
               .min_args = 1U,
               .max_args = 1U,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error) &&
      unpack(arguments.args[0], &output, error)) {
    code = FAL_EXIT_FAILED;
  }
  fal_arguments_clear(&arguments);
  fal_ir_output_clear(&output);
  return code;
}
