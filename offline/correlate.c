// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file correlate.c The subcommand `correlate`: cross-correlation to a file

#include "core/correlate.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/arguments.h"
#include "offline/command.h"
#include "offline/message.h"
#include "offline/output.h"
#include "offline/sink.h"
#include "offline/tape.h"

#include <popt.h>
#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/// What is asked for
typedef struct {
  char*  output;
  char*  mode;
  double min_s; ///< NaN: as the mode has it
  double max_s;
  int    normalise;
  int    channel_a; ///< From 1
  int    channel_b;
  int    force;
} Settings;

static bool
read_mode(FalMode* const mode, const char* const name)
{
  static const char* const names[] = {"full", "same", "valid"};
  static const FalMode     modes[] = {FAL_FULL, FAL_SAME, FAL_VALID};
  for (uint32_t i = 0U; i < 3U; ++i) {
    if (!strcmp(name, names[i])) {
      *mode = modes[i];
      return true;
    }
  }
  return false;
}

static bool
is_csv(const char* const path)
{
  const char* const dot = strrchr(path, '.');
  return dot && !strcasecmp(dot, ".csv");
}

/// Read a whole channel into memory
static FalStatus
read_channel(float** const x, FalTape* const tape, const int channel,
             FalError* const error)
{
  enum { PIECE = 1 << 20 };
  const FalRecording recording = fal_tape_recording(tape);
  const uint32_t     c         = channel > 0 ? (uint32_t)channel - 1U : 0U;
  if (channel < 0 || c >= recording.n_channels) {
    return fal_error_set(error, FAL_ERR_BAD_ARG,
                         "%s: has %u channels, there is no channel %d",
                         fal_tape_name(tape), recording.n_channels, channel);
  }

  const size_t n = (size_t)recording.n_frames;
  *x             = (float*)malloc(n * sizeof(float));
  if (!*x) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         fal_tape_name(tape));
  }
  for (size_t t = 0U; t < n; t += PIECE) {
    const size_t    left = n - t;
    const FalStatus st =
      fal_recording_read(&recording, c, *x + t, (int64_t)t,
                         (uint32_t)(left < PIECE ? left : PIECE));
    if (st) {
      return st;
    }
  }
  return FAL_OK;
}

static FalStatus
write_csv(const float* const r, const size_t n, const FalPair* const pair,
          const double rate_hz, const FalOutputRequest* const request,
          FalError* const error)
{
  FalOutput* output = NULL;
  FalStatus  st     = fal_output_open(&output, request, error);
  if (st) {
    return st;
  }
  char text[128] = "lag_samples,lag_seconds,correlation\n";
  st             = fal_output_write(output, text, strlen(text), error);
  for (size_t i = 0U; !st && i < n; ++i) {
    const int64_t lag = pair->min_lag + (int64_t)i;
    const int     length =
      snprintf(text, sizeof(text), "%lld,%.9f,%.9g\n", (long long)lag,
               (double)lag / rate_hz, (double)r[i]);
    st = fal_output_write(output, text, (size_t)length, error);
  }
  if (st) {
    fal_output_discard(output);
    return st;
  }
  return fal_output_commit(output, error);
}

static FalStatus
write_sound(const float* const r, const size_t n, const double rate_hz,
            const FalOutputRequest* const request, FalError* const error)
{
  const FalSinkRequest wanted = {
    .output = *request,
    .sound  = {SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1U, (uint32_t)rate_hz, n},
  };
  FalSink*  sink = NULL;
  FalStatus st   = fal_sink_open(&sink, &wanted, error);
  if (!st && !(st = fal_sink_write(sink, &r, n, error))) {
    return fal_sink_commit(sink, NULL, error);
  }
  fal_sink_discard(sink);
  return st;
}

/// Correlate two channels in memory, and write the result
static FalStatus
write_correlation(const FalPair* const pair, const double rate_hz,
                  const FalOutputRequest* const request, FalError* const error)
{
  const size_t n  = (size_t)(pair->max_lag - pair->min_lag + 1);
  float* const r  = (float*)malloc(n * sizeof(float));
  FalStatus    st = r ? fal_correlate(r, pair) : FAL_ERR_NO_MEM;
  if (st) {
    fal_error_set(error, st, "%s: %s", request->path, fal_strerror(st));
  } else if (is_csv(request->path)) {
    st = write_csv(r, n, pair, rate_hz, request, error);
  } else if (!(st = write_sound(r, n, rate_hz, request, error))) {
    fal_message_note("the first frame is lag %lld (%.9f s)",
                     (long long)pair->min_lag, (double)pair->min_lag / rate_hz);
  }
  free(r);
  return st;
}

static FalStatus
correlate(const char* const* const paths, const Settings* const settings,
          const FalMode mode, FalError* const error)
{
  FalTape*  a  = NULL;
  FalTape*  b  = NULL;
  float*    x  = NULL;
  float*    y  = NULL;
  double    hz = 0.0;
  FalStatus st = fal_tape_open(&a, paths[0], error);
  if (!st) {
    st = fal_tape_open(&b, paths[1], error);
  }
  if (!st) {
    hz = fmax(fal_tape_sound(a)->rate_hz, fal_tape_sound(b)->rate_hz);
    st = fal_tape_convert(a, hz, error);
  }
  if (!st) {
    st = fal_tape_convert(b, hz, error);
  }
  if (!st) {
    st = read_channel(&x, a, settings->channel_a, error);
  }
  if (!st) {
    st = read_channel(&y, b, settings->channel_b, error);
  }
  if (!st) {
    FalPair pair = {
      .a          = x,
      .b          = y,
      .n_a        = (size_t)fal_tape_recording(a).n_frames,
      .n_b        = (size_t)fal_tape_recording(b).n_frames,
      .normalised = settings->normalise != 0,
    };
    fal_pair_set_lags(&pair, mode);
    if (!isnan(settings->min_s)) {
      pair.min_lag = llround(settings->min_s * hz);
    }
    if (!isnan(settings->max_s)) {
      pair.max_lag = llround(settings->max_s * hz);
    }
    const FalOutputRequest request = {settings->output, settings->force != 0,
                                      paths, 2U};
    st                             = pair.min_lag > pair.max_lag
                                       ? fal_error_set(error, FAL_ERR_BAD_ARG,
                                                       "%s: there are no lags between the bounds",
                                                       settings->output)
                                       : write_correlation(&pair, hz, &request, error);
  }
  free(x);
  free(y);
  fal_tape_close(a);
  fal_tape_close(b);
  return st;
}

FalExit
fal_command_correlate(const int argc, const char** const argv,
                      FalError* const error)
{
  Settings s = {
    .min_s = (double)NAN, .max_s = (double)NAN, .channel_a = 1, .channel_b = 1};

  const struct poptOption table[] = {
    {"output", 'o', POPT_ARG_STRING, &s.output, 0,
     "Write here: CSV if the name ends so, else WAV", "FILE"},
    {"force", 'f', POPT_ARG_NONE, &s.force, 0, "Replace an existing file",
     NULL},
    {"mode", '\0', POPT_ARG_STRING, &s.mode, 0,
     "Lags: full, same or valid (default: full)", "MODE"},
    {"min", '\0', POPT_ARG_DOUBLE, &s.min_s, 0, "First lag", "SECONDS"},
    {"max", '\0', POPT_ARG_DOUBLE, &s.max_s, 0, "Last lag", "SECONDS"},
    {"normalise", 'n', POPT_ARG_NONE, &s.normalise, 0,
     "Divide by the root of both energies: 1 for equal sounds", NULL},
    {"channel-a", '\0', POPT_ARG_INT, &s.channel_a, 0,
     "Channel of A, from 1 (default: 1)", "N"},
    {"channel-b", '\0', POPT_ARG_INT, &s.channel_b, 0,
     "Channel of B, from 1 (default: 1)", "N"},
    POPT_TABLEEND};
  const FalUsage usage = {
    .name     = "correlate",
    .synopsis = "[OPTION...] A B -o OUT",
    .purpose =
      "Write the cross-correlation of two sounds: at lag k, the sum over t of\n"
      "a[t] b[t + k]. A peak at a positive lag means that B is late.\n",
    .examples =
      "  faltung correlate a.wav b.wav --min -0.01 --max 0.01 -n -o lags.csv\n",
    .options  = table,
    .min_args = 2U,
    .max_args = 2U,
  };

  FalArguments arguments;
  FalExit      code = FAL_EXIT_DONE;
  FalMode      mode = FAL_FULL;
  if (fal_arguments_read(&arguments, &usage, argc, argv, &code, error)) {
    if (!s.output) {
      code = fal_arguments_refuse(&usage, error, "no output (-o OUT)");
    } else if (s.mode && !read_mode(&mode, s.mode)) {
      code =
        fal_arguments_refuse(&usage, error, "there is no mode '%s'", s.mode);
    } else if (!(fabs(isnan(s.min_s) ? 0.0 : s.min_s) < 1e9) ||
               !(fabs(isnan(s.max_s) ? 0.0 : s.max_s) < 1e9) ||
               s.min_s > s.max_s) {
      code = fal_arguments_refuse(&usage, error, "%g to %g s are not lags",
                                  s.min_s, s.max_s);
    } else if (correlate(arguments.args, &s, mode, error)) {
      code = FAL_EXIT_FAILED;
    }
  }
  fal_arguments_clear(&arguments);
  free(s.output);
  free(s.mode);
  return code;
}
