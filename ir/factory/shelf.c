// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/factory/shelf.h"

#include "ir/factory/acoustics.h"

#include <sndfile.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
read_file(FalShelfItem* const item, const char* const folder)
{
  char path[4096];
  snprintf(path, sizeof(path), "%s/%s", folder, item->file);
  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file) {
    fprintf(stderr, "%s: %s\n", path, sf_strerror(NULL));
    return false;
  }

  const size_t  n_channels = (size_t)info.channels;
  double* const frames =
    calloc((size_t)info.frames * n_channels, sizeof(double));
  item->rate_hz = info.samplerate;
  item->format  = info.format;
  bool done     = frames &&
              !fal_response_init(&item->response, (uint32_t)info.channels,
                                 (uint32_t)info.frames) &&
              sf_readf_double(file, frames, info.frames) == info.frames;
  for (size_t c = 0U; done && c < n_channels; ++c) {
    double* const samples = fal_response_channel(&item->response, (uint32_t)c);
    for (size_t t = 0U; t < (size_t)info.frames; ++t) {
      samples[t] = frames[t * n_channels + c];
    }
  }
  free(frames);
  sf_close(file);
  return done;
}

/// Copy the cell at *line, which ends at a tab, and go on to the next one
static void
take_cell(const char** const line, char cell[64])
{
  const size_t length = strcspn(*line, "\t\n");
  const size_t held   = length < 63U ? length : 63U;
  memcpy(cell, *line, held);
  cell[held] = '\0';
  *line += length + ((*line)[length] ? 1U : 0U);
}

/// Read file, label, category and channels; false where no number is
static bool
read_line(FalShelfItem* const item, const char* line)
{
  char channels[64];
  take_cell(&line, item->file);
  take_cell(&line, item->label);
  take_cell(&line, item->category);
  take_cell(&line, channels);
  item->n_channels = (uint32_t)strtoul(channels, NULL, 10);
  return item->n_channels > 0U;
}

bool
fal_shelf_read(FalShelf* const shelf, const char* const index,
               const char* const folder)
{
  FILE* const file = fopen(index, "r");
  if (!file) {
    perror(index);
    return false;
  }

  bool done = true;
  char line[512];
  while (done && fgets(line, sizeof(line), file)) {
    FalShelfItem* const item = &shelf->items[shelf->n_items];
    if (!read_line(item, line)) {
      continue; // The headings
    }

    char name[64] = "";
    memcpy(name, item->file, strcspn(item->file, "."));
    item->recipe = fal_recipe_find(name);
    done         = item->recipe && read_file(item, folder) &&
           ++shelf->n_items < FAL_SHELF_MAX;
    if (done && item->recipe->reversed) {
      fal_response_reverse(&item->response);
    }
    if (!done) {
      fprintf(stderr, "%s: no recipe or no file\n", item->file);
    }
  }
  fclose(file);
  return done;
}

void
fal_shelf_clear(FalShelf* const shelf)
{
  for (uint32_t i = 0U; i < shelf->n_items; ++i) {
    fal_response_clear(&shelf->items[i].response);
  }
  shelf->n_items = 0U;
}

const double*
fal_shelf_rt60(const FalShelfItem* const item)
{
  const FalRecipe* const recipe = item->recipe;
  const double* const    rt60_s = recipe->room    ? recipe->room->rt60_s
                                  : recipe->plate ? recipe->plate->rt60_s
                                  : recipe->tank  ? recipe->tank->rt60_s
                                                  : NULL;
  return rt60_s && recipe->length_s > 0.7 * rt60_s[4] ? rt60_s : NULL;
}

const double*
fal_shelf_level(const FalShelfItem* const item)
{
  const FalRecipe* const recipe = item->recipe;
  return recipe->room    ? recipe->room->level_db
         : recipe->plate ? recipe->plate->level_db
         : recipe->tank  ? recipe->tank->level_db
                         : NULL;
}

double
fal_shelf_mixing_s(const FalShelfItem* const item)
{
  // Polack's square root of the volume, in milliseconds; a plate's waves cross
  // it a few times in 20 ms, a spring's echoes need several passes
  const FalRecipe* const recipe = item->recipe;
  return recipe->room    ? 1e-3 * sqrt(fal_room_volume(recipe->room))
         : recipe->plate ? 0.02
                         : 0.2;
}
