// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/file.h"
#include "ir/ir.h"
#include "ir/pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Longest response by default
#define DEFAULT_MAX_S 60.0

/// Read one file, and go on with the hash
static FalStatus
read_part(FalAudio* const audio, FalIr* const ir, const char* const path,
          const double max_s, FalError* const error)
{
  FalFile*  file = NULL;
  FalStatus st   = fal_file_open(&file, path, FAL_FORMATS_RESPONSE, error);
  if (!st) {
    if (!ir->file_format) { // Of a pair, the left one's
      ir->file_format = file->container.format;
    }
    const double most = ceil(max_s * file->container.rate_hz);
    if (!(st = fal_file_hash(file, &ir->hash, &ir->n_bytes, error))) {
      st = fal_audio_read(audio, file, most < 4e9 ? (uint32_t)most : UINT32_MAX,
                          error);
    }
  }
  fal_file_close(file);
  return st;
}

/// Put the channels of two responses into one; the shorter ends in silence
static FalStatus
join(FalAudio* const audio, const FalAudio* const right)
{
  const uint32_t n_frames =
    audio->n_frames > right->n_frames ? audio->n_frames : right->n_frames;
  const uint32_t n_left     = audio->n_channels;
  const uint32_t n_channels = n_left + right->n_channels;
  float* const   samples =
    (float*)calloc((size_t)n_channels * n_frames, sizeof(float));
  if (!samples) {
    return FAL_ERR_NO_MEM;
  }
  for (uint32_t c = 0U; c < n_channels; ++c) {
    const FalAudio* const part    = c < n_left ? audio : right;
    const size_t          channel = c < n_left ? c : c - n_left;
    memcpy(samples + (size_t)c * n_frames,
           part->samples + channel * part->n_frames,
           part->n_frames * sizeof(float));
  }
  const double rate_hz = audio->rate_hz;
  fal_audio_clear(audio);
  *audio = (FalAudio){samples, n_channels, n_frames, rate_hz};
  return FAL_OK;
}

/// Read the right part of a pair, and join it
static FalStatus
read_right(FalIr* const ir, const double max_s, const bool is_guess,
           FalError* const error)
{
  FalAudio    right     = {NULL, 0U, 0U, 0.0};
  const FalIr left_only = *ir;
  FalStatus   st        = read_part(&right, ir, ir->right_path, max_s, error);
  if (st) {
    return st;
  }

  if (right.n_channels != ir->audio.n_channels || right.n_channels > 2U ||
      right.rate_hz != ir->audio.rate_hz) {
    if (is_guess) { // Alike by name only
      free(ir->right_path);
      *ir            = left_only;
      ir->right_path = NULL;
    } else {
      st =
        fal_error_set(error, FAL_ERR_BAD_DATA,
                      "%s: not the partner of %s: %u channels at %.0f Hz "
                      "instead of %u (1 or 2) at %.0f",
                      ir->right_path, ir->path, right.n_channels, right.rate_hz,
                      ir->audio.n_channels, ir->audio.rate_hz);
    }
  } else if ((st = join(&ir->audio, &right))) {
    fal_error_set(error, st, "%s: %s", ir->right_path, fal_strerror(st));
  }
  fal_audio_clear(&right);
  return st;
}

/// Settle which file or files there are
static FalStatus
set_paths(FalIr* const ir, const FalIrRequest* const request,
          FalError* const error)
{
  FalStatus st = FAL_OK;
  if (request->find_pair && !request->right_path) {
    st = fal_pair_find(&ir->path, &ir->right_path, request->path);
  }
  if (!st && !ir->path) {
    ir->path = strdup(request->path);
    if (request->right_path) {
      ir->right_path = strdup(request->right_path);
    }
    if (!ir->path || (request->right_path && !ir->right_path)) {
      st = FAL_ERR_NO_MEM;
    }
  }
  return st
           ? fal_error_set(error, st, "%s: %s", request->path, fal_strerror(st))
           : FAL_OK;
}

/// Read what there is
static FalStatus
read_all(FalIr* const ir, const FalIrRequest* const request,
         FalError* const error)
{
  const double max_s = request->max_s > 0.0 ? request->max_s : DEFAULT_MAX_S;

  FalStatus st = set_paths(ir, request, error);
  if (!st) {
    st = read_part(&ir->audio, ir, ir->path, max_s, error);
  }
  if (!st && ir->right_path) {
    st = read_right(ir, max_s, !request->right_path, error);
  }
  return st;
}

FalStatus
fal_ir_load(FalIr* const ir, const FalIrRequest* const request,
            FalError* const error)
{
  FalIr loaded = {.hash = FAL_HASH_START};

  FalStatus st = read_all(&loaded, request, error);
  if (st) {
    fal_ir_clear(&loaded);
    return st;
  }

  loaded.file_rate_hz = loaded.audio.rate_hz;
  loaded.file_frames  = loaded.audio.n_frames;
  if (request->rate_hz > 0.0 && request->rate_hz != loaded.file_rate_hz) {
    if (!(st = fal_audio_resample(&loaded.audio, request->rate_hz))) {
      fal_audio_scale(&loaded.audio, loaded.file_rate_hz / request->rate_hz);
    }
  }
  if (!st) {
    st = fal_shape_apply(&loaded.audio, &request->shape);
  }
  if (st) {
    fal_error_set(error, st,
                  st == FAL_ERR_BAD_ARG ? "%s: nothing is left of it (%s)"
                                        : "%s: %s",
                  loaded.path, fal_strerror(st));
    fal_ir_clear(&loaded);
    return st;
  }
  *ir = loaded;
  return FAL_OK;
}

void
fal_ir_clear(FalIr* const ir)
{
  fal_audio_clear(&ir->audio);
  free(ir->path);
  free(ir->right_path);
  *ir = (FalIr){.path = NULL};
}
