// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/matrix_file.h"

#include "core/route.h"
#include "core/status.h"
#include "ir/audio.h"
#include "ir/error.h"
#include "ir/ir.h"
#include "offline/matrix.h"
#include "offline/response.h"
#include "offline/tasks.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Most words of a line
#define MAX_WORDS 12U

/// Where reading is
typedef struct {
  FalMatrix     matrix;
  const char*   path;
  char*         folder; ///< Of the files
  unsigned long n_lines;
  uint32_t      rate_hz;
  FalError*     error;
} Reader;

/// What a line says about a route
typedef struct {
  double      input;
  double      output;
  double      channel;
  double      gain;
  double      delay;  ///< Frames
  double      offset; ///< Frames that are passed over
  double      length; ///< Frames after them; 0: all
  const char* file;
} Line;

static FalStatus
refuse(const Reader* const self, const char* const what,
       const char* const which)
{
  return fal_error_set(self->error, FAL_ERR_BAD_DATA, "%s, line %lu: %s%s",
                       self->path, self->n_lines, what, which);
}

/// Cut a line into words, in place; quotes hold blanks together
static uint32_t
split(char* s, char** const words)
{
  uint32_t n = 0U;
  while (n < MAX_WORDS) {
    s += strspn(s, " \t\r\n");
    if (!*s || *s == '#') {
      break;
    }
    const char* const ends = *s == '"' ? "\"" : " \t\r\n";
    s += *s == '"' ? 1U : 0U;
    words[n++] = s;
    s += strcspn(s, ends);
    if (*s) {
      *s++ = '\0';
    }
  }
  return n;
}

/// Read numbers in order; false if one is none, or not finite
static int
read_numbers(char* const* const words, const uint32_t n, double* const* places)
{
  for (uint32_t i = 0U; i < n; ++i) {
    char* end  = NULL;
    *places[i] = strtod(words[i], &end);
    if (end == words[i] || *end || !isfinite(*places[i])) {
      return 0;
    }
  }
  return 1;
}

/// Whether a number is a whole one from a to b
static int
is_whole(const double x, const double a, const double b)
{
  return x >= a && x <= b && floor(x) == x;
}

static FalStatus
add_route(Reader* const self, const Line* const line)
{
  if (!is_whole(line->input, 1.0, self->matrix.n_inputs)) {
    return refuse(self, "the recording has no such channel", "");
  }
  if (!is_whole(line->output, 1.0, FAL_AUDIO_MAX_CHANNELS) ||
      !is_whole(line->channel, 1.0, FAL_AUDIO_MAX_CHANNELS)) {
    return refuse(self, "channels are from 1 to 64", "");
  }
  if (!is_whole(line->delay, 0.0, 1e8) || !is_whole(line->offset, 0.0, 1e9) ||
      !is_whole(line->length, 0.0, 1e9) || !(fabs(line->gain) <= 1e10)) {
    return refuse(self, "a number is beyond what makes sense", "");
  }
  char* const path = line->file[0] == '/'
                       ? strdup(line->file)
                       : fal_tasks_join(self->folder, line->file);
  if (!path) {
    return refuse(self, "out of memory", "");
  }
  const FalIrRequest wanted = {
    .path    = path,
    .rate_hz = (double)self->rate_hz,
    .max_s   = FAL_RESPONSE_MAX_S,
  };
  FalIr     ir = {0};
  FalStatus st = fal_ir_load(&ir, &wanted, self->error);
  if (!st && line->channel > ir.audio.n_channels) {
    st = refuse(self, "there is no such channel in ", line->file);
  } else if (!st && line->offset >= ir.audio.n_frames) {
    st = refuse(self, "nothing is left of ", line->file);
  }
  if (!st) {
    const uint32_t offset = (uint32_t)line->offset;
    const uint32_t n_left = ir.audio.n_frames - offset;
    const uint32_t output = (uint32_t)line->output;
    const FalRoute route  = {
       .input    = (uint32_t)line->input - 1U,
       .output   = output - 1U,
       .n_frames = line->length > 0.0 && line->length < n_left
                     ? (uint32_t)line->length
                     : n_left,
       .ir       = ir.audio.samples +
             ((size_t)line->channel - 1U) * ir.audio.n_frames + offset,
    };
    st =
      fal_matrix_add(&self->matrix, &route, line->gain, (uint32_t)line->delay);
    if (st) {
      refuse(self, fal_strerror(st), "");
    }
    if (output > self->matrix.n_outputs) {
      self->matrix.n_outputs = output;
    }
  }
  fal_ir_clear(&ir);
  free(path);
  return st;
}

/// route INPUT OUTPUT FILE [CHANNEL [GAIN_DB [DELAY_MS]]]
static FalStatus
read_route(Reader* const self, char* const* const words, const uint32_t n)
{
  Line          line      = {.channel = 1.0};
  double* const first[]   = {&line.input, &line.output};
  double* const further[] = {&line.channel, &line.gain, &line.delay};
  if (n < 4U || n > 7U || !read_numbers(words + 1, 2U, first) ||
      !read_numbers(words + 4, n - 4U, further)) {
    return refuse(self,
                  "route INPUT OUTPUT FILE [CHANNEL [GAIN_DB [DELAY_MS]]]", "");
  }
  line.file  = words[3];
  line.gain  = pow(10.0, line.gain / 20.0);
  line.delay = round(1e-3 * line.delay * self->rate_hz);
  return add_route(self, &line);
}

/// /impulse/read INPUT OUTPUT GAIN DELAY OFFSET LENGTH CHANNEL FILE
static FalStatus
read_impulse(Reader* const self, char* const* const words, const uint32_t n)
{
  Line          line     = {0};
  double* const places[] = {&line.input,  &line.output, &line.gain,
                            &line.delay,  &line.offset, &line.length,
                            &line.channel};
  if (n != 9U || !read_numbers(words + 1, 7U, places)) {
    return refuse(self,
                  "/impulse/read INPUT OUTPUT GAIN DELAY OFFSET LENGTH "
                  "CHANNEL FILE",
                  "");
  }
  line.file = words[8];
  return add_route(self, &line);
}

/// /convolver/new INPUTS OUTPUTS …: what else it says is the engine's business
static FalStatus
read_size(Reader* const self, char* const* const words, const uint32_t n)
{
  double        n_inputs  = 0.0;
  double        n_outputs = 0.0;
  double* const places[]  = {&n_inputs, &n_outputs};
  if (n < 3U || !read_numbers(words + 1, 2U, places) ||
      !is_whole(n_outputs, 1.0, FAL_AUDIO_MAX_CHANNELS)) {
    return refuse(self, "/convolver/new INPUTS OUTPUTS ...", "");
  }
  if (n_inputs != (double)self->matrix.n_inputs) {
    return refuse(self, "the recording has another number of channels than ",
                  words[1]);
  }
  if (n_outputs > self->matrix.n_outputs) {
    self->matrix.n_outputs = (uint32_t)n_outputs;
  }
  return FAL_OK;
}

static FalStatus
change_folder(Reader* const self, char* const* const words, const uint32_t n)
{
  char* const folder = n != 2U ? NULL
                       : words[1][0] == '/'
                         ? strdup(words[1])
                         : fal_tasks_join(self->folder, words[1]);
  if (!folder) {
    return refuse(self, n == 2U ? "out of memory" : "/cd FOLDER", "");
  }
  free(self->folder);
  self->folder = folder;
  return FAL_OK;
}

static FalStatus
read_line(Reader* const self, char* const text)
{
  static const struct {
    const char* name;
    FalStatus (*read)(Reader*, char* const*, uint32_t);
  } kinds[] = {{"route", read_route},
               {"/impulse/read", read_impulse},
               {"/convolver/new", read_size},
               {"/cd", change_folder}};
  char*          words[MAX_WORDS];
  const uint32_t n = split(text, words);
  if (!n) {
    return FAL_OK;
  }
  for (size_t k = 0U; k < sizeof(kinds) / sizeof(kinds[0]); ++k) {
    if (!strcmp(kinds[k].name, words[0])) {
      return kinds[k].read(self, words, n);
    }
  }
  return refuse(self, "is not understood: ", words[0]);
}

FalStatus
fal_matrix_read(FalMatrix* const matrix, const char* const path,
                const uint32_t rate_hz, const uint32_t n_inputs,
                FalError* const error)
{
  const char* const slash = strrchr(path, '/');
  Reader            self  = {
                .matrix = {.n_inputs = n_inputs},
                .path   = path,
                .folder = strndup(path, slash ? (size_t)(slash - path) + 1U : 0U),
                .rate_hz = rate_hz,
                .error   = error,
  };
  FILE* const file = fopen(path, "re");
  FalStatus   st   = FAL_OK;
  if (!file) {
    st = fal_error_set(error, FAL_ERR_OPEN, "%s: %s", path, strerror(errno));
  } else if (!self.folder) {
    st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  }
  char*  line   = NULL;
  size_t n_room = 0U;
  while (!st && getline(&line, &n_room, file) >= 0) {
    ++self.n_lines;
    st = read_line(&self, line);
  }
  if (!st && ferror(file)) {
    st = fal_error_set(error, FAL_ERR_READ, "%s: %s", path, strerror(errno));
  } else if (!st && !self.matrix.n_routes) {
    st = fal_error_set(error, FAL_ERR_BAD_DATA, "%s: has no routes", path);
  }
  free(line);
  free(self.folder);
  if (file) {
    fclose(file);
  }
  if (st) {
    fal_matrix_clear(&self.matrix);
    return st;
  }
  *matrix = self.matrix;
  return FAL_OK;
}
