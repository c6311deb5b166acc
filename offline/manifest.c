// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file manifest.c The tasks of a manifest; see tasks.h

#include "core/status.h"
#include "ir/error.h"
#include "offline/settings.h"
#include "offline/tasks.h"

#include <jansson.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Most columns of a line, and responses of a task
#define MAX_COLUMNS 64U

/// What a column is
typedef enum { INPUT, IR, OUTPUT, GAIN, UNKNOWN } Column;

/// Where reading is
typedef struct {
  FalTasks*            tasks;
  const FalRenderTask* pattern;
  const char*          name;
  unsigned long        n_lines; ///< Until now
  Column               columns[MAX_COLUMNS];
  uint32_t             n_columns;
  FalError*            error;
} Manifest;

/// The values of a line
typedef struct {
  const char* input;
  const char* output;
  const char* irs[MAX_COLUMNS];
  uint32_t    n_irs;
  double      gain_db;
} Values;

static FalStatus
refuse(const Manifest* const self, const char* const what,
       const char* const which)
{
  return fal_error_set(self->error, FAL_ERR_BAD_DATA, "%s, line %lu: %s%s",
                       self->name, self->n_lines, what, which);
}

static Column
column_of(const char* const name)
{
  static const char* const names[] = {"input", "ir", "output", "gain"};
  uint32_t                 column  = 0U;
  while (column < UNKNOWN && strcmp(names[column], name)) {
    ++column;
  }
  return (Column)column;
}

/// Append a task; what is missing is the pattern's
static FalStatus
add(const Manifest* const self, const Values* const values)
{
  const FalRenderTask* const pattern = self->pattern;
  if (!values->input) {
    return refuse(self, "names no input", "");
  }
  if (!values->n_irs && !pattern->n_irs) {
    return refuse(self, "names no impulse response", "");
  }
  if (!(fabs(values->gain_db) <= 200.0)) {
    return refuse(self, "the gain is not a number of decibels up to 200", "");
  }
  const char* const slash = strrchr(values->input, '/');
  const char* const name  = values->output ? values->output
                            : slash        ? slash + 1
                                           : values->input;
  if (!values->output && !pattern->output) {
    return refuse(self, "names no output", "");
  }
  char* const output = fal_tasks_join(
    pattern->output && name[0] != '/' ? pattern->output : "", name);
  if (!output) {
    return refuse(self, "out of memory", "");
  }
  const FalRenderTask task = {
    .input  = values->input,
    .output = output,
    .irs    = values->n_irs ? values->irs : pattern->irs,
    .n_irs  = values->n_irs ? values->n_irs : pattern->n_irs,
    .gain   = pow(10.0, values->gain_db / 20.0),
  };
  const FalStatus st = fal_tasks_add(self->tasks, &task);
  free(output);
  return st ? refuse(self, "out of memory", "") : FAL_OK;
}

static FalStatus
take(const Manifest* const self, Values* const values, const Column column,
     const char* const text)
{
  if (!*text) {
    return FAL_OK; // As if it were not there
  }
  char* end = NULL;
  switch (column) {
    case INPUT:
      values->input = text;
      break;
    case IR:
      values->irs[values->n_irs++] = text;
      break;
    case OUTPUT:
      values->output = text;
      break;
    case GAIN:
      values->gain_db = strtod(text, &end);
      if (*end) {
        return refuse(self, "this gain is not a number: ", text);
      }
      break;
    case UNKNOWN:
      return refuse(self, "has no name for the column of ", text);
  }
  return FAL_OK;
}

/// Cut a line at its tabs, in place
static uint32_t
split(char* line, char** const cells)
{
  uint32_t n = 0U;
  while (line && n < MAX_COLUMNS) {
    cells[n++] = strsep(&line, "\t");
  }
  return n;
}

static FalStatus
read_names(Manifest* const self, char* const* const cells, const uint32_t n)
{
  for (uint32_t i = 0U; i < n; ++i) {
    self->columns[i] = column_of(cells[i]);
    if (self->columns[i] == UNKNOWN) {
      return refuse(self, "there is no column ", cells[i]);
    }
  }
  self->n_columns = n;
  return FAL_OK;
}

static FalStatus
read_cells(Manifest* const self, char* const line)
{
  char*          cells[MAX_COLUMNS];
  const uint32_t n = split(line, cells);
  if (self->n_lines == 1U && column_of(cells[0]) != UNKNOWN) {
    return read_names(self, cells, n);
  }
  if (n > self->n_columns) {
    return refuse(self, "has more values than columns", "");
  }
  Values    values = {0};
  FalStatus st     = FAL_OK;
  for (uint32_t i = 0U; i < n && !st; ++i) {
    st = take(self, &values, self->columns[i], cells[i]);
  }
  return st ? st : add(self, &values);
}

static FalStatus
read_member(const Manifest* const self, Values* const values,
            const char* const key, const json_t* const value)
{
  const Column column = column_of(key);
  if (column == UNKNOWN) {
    return refuse(self, "there is no member ", key);
  }
  if (column == GAIN && json_is_number(value)) {
    values->gain_db = json_number_value(value);
    return FAL_OK;
  }
  FalStatus st = FAL_OK;
  if (column == IR && json_is_array(value)) {
    for (size_t i = 0U; i < json_array_size(value) && !st; ++i) {
      const char* const text = json_string_value(json_array_get(value, i));
      st = text && i < MAX_COLUMNS ? take(self, values, IR, text)
                                   : refuse(self, "has a bad list of ", key);
    }
    return st;
  }
  const char* const text = json_string_value(value);
  return text ? take(self, values, column, text)
              : refuse(self, "has a bad value of ", key);
}

static FalStatus
read_object(const Manifest* const self, const char* const line)
{
  json_error_t  where;
  json_t* const object = json_loads(line, JSON_REJECT_DUPLICATES, &where);
  Values        values = {0};
  FalStatus     st =
    json_is_object(object) ? FAL_OK : refuse(self, "is not a JSON object", "");
  const char* key   = NULL;
  json_t*     value = NULL;
  if (!st) {
    json_object_foreach(object, key, value)
    {
      st = st ? st : read_member(self, &values, key, value);
    }
  }
  st = st ? st : add(self, &values);
  json_decref(object);
  return st;
}

FalStatus
fal_tasks_add_manifest(FalTasks* const tasks, const char* const path,
                       const FalRenderTask* const pattern,
                       FalError* const            error)
{
  Manifest self = {
    .tasks     = tasks,
    .pattern   = pattern,
    .name      = strcmp(path, "-") ? path : "standard input",
    .columns   = {INPUT, IR, OUTPUT, GAIN},
    .n_columns = 4U,
    .error     = error,
  };
  FILE* const file = strcmp(path, "-") ? fopen(path, "re") : stdin;
  if (!file) {
    return fal_error_set(error, FAL_ERR_OPEN, "%s: %s", self.name,
                         strerror(errno));
  }
  char*     line   = NULL;
  size_t    n_room = 0U;
  ssize_t   n      = 0;
  FalStatus st     = FAL_OK;
  while (!st && (n = getline(&line, &n_room, file)) >= 0) {
    ++self.n_lines;
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) {
      line[--n] = '\0';
    }
    if (strlen(line) != (size_t)n) {
      st = refuse(&self, "has a zero byte", "");
    } else if (n) {
      st = line[0] == '{' ? read_object(&self, line) : read_cells(&self, line);
    }
  }
  if (!st && ferror(file)) {
    st =
      fal_error_set(error, FAL_ERR_READ, "%s: %s", self.name, strerror(errno));
  }
  free(line);
  if (file != stdin) {
    fclose(file);
  }
  return st;
}
