// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/encoder.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/sound.h"

#include <sndfile.h>

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct FalEncoder {
  SNDFILE*   file;
  FalOutput* output;
  FalError   failure; ///< Of the first write that failed: libsndfile forgets it
};

static sf_count_t
tell_length(void* const handle)
{
  const FalEncoder* const self = (const FalEncoder*)handle;
  struct stat             status;
  return fstat(fal_output_fd(self->output), &status) ? -1 : status.st_size;
}

static sf_count_t
seek(const sf_count_t offset, const int whence, void* const handle)
{
  const FalEncoder* const self = (const FalEncoder*)handle;
  return lseek(fal_output_fd(self->output), offset, whence);
}

static sf_count_t
read_back(void* const bytes, const sf_count_t n_bytes, void* const handle)
{
  const FalEncoder* const self = (const FalEncoder*)handle;
  return read(fal_output_fd(self->output), bytes, (size_t)n_bytes);
}

static sf_count_t
write_all(const void* const bytes, const sf_count_t n_bytes, void* const handle)
{
  FalEncoder* const self = (FalEncoder*)handle;
  if (self->failure.status ||
      fal_output_write(self->output, bytes, (size_t)n_bytes, &self->failure)) {
    return 0;
  }
  return n_bytes;
}

static sf_count_t
tell(void* const handle)
{
  return seek(0, SEEK_CUR, handle);
}

/// The failure of the disk if there is one, or else what libsndfile says
static FalStatus
fail(const FalEncoder* const self, FalError* const error)
{
  if (self->failure.status) {
    *error = self->failure;
    return error->status;
  }
  return fal_error_set(error, FAL_ERR_WRITE, "%s: %s",
                       fal_output_name(self->output), sf_strerror(self->file));
}

FalStatus
fal_encoder_open(FalEncoder** const encoder, FalOutput* const output,
                 const FalSound* const sound, FalError* const error)
{
  static SF_VIRTUAL_IO calls = {tell_length, seek, read_back, write_all, tell};
  FalEncoder* const    self  = (FalEncoder*)calloc(1U, sizeof(FalEncoder));
  if (!self) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         fal_output_name(output));
  }
  self->output    = output;
  SF_INFO info    = {0};
  info.channels   = (int)sound->n_channels;
  info.samplerate = (int)sound->rate_hz;
  info.format     = sound->format;
  self->file      = sf_open_virtual(&calls, SFM_WRITE, &info, self);
  if (!self->file) {
    const FalStatus st = fail(self, error);
    free(self);
    return st;
  }
  // Floats beyond full scale are limited, not wrapped
  sf_command(self->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  *encoder = self;
  return FAL_OK;
}

void
fal_encoder_describe(FalEncoder* const        encoder,
                     const FalMetadata* const metadata)
{
  for (int i = 0; i < (int)FAL_METADATA_N_STRINGS; ++i) {
    if (metadata->strings[i] && SF_STR_FIRST + i != SF_STR_SOFTWARE) {
      sf_set_string(encoder->file, SF_STR_FIRST + i, metadata->strings[i]);
    }
  }
}

FalStatus
fal_encoder_write_raw(FalEncoder* const encoder, const void* const bytes,
                      const size_t n_bytes, FalError* const error)
{
  const sf_count_t n = (sf_count_t)n_bytes;
  return sf_write_raw(encoder->file, bytes, n) == n ? FAL_OK
                                                    : fail(encoder, error);
}

FalStatus
fal_encoder_write_ints(FalEncoder* const encoder, const int* const frames,
                       const size_t n_frames, FalError* const error)
{
  const sf_count_t n = (sf_count_t)n_frames;
  return sf_writef_int(encoder->file, frames, n) == n ? FAL_OK
                                                      : fail(encoder, error);
}

FalStatus
fal_encoder_write_floats(FalEncoder* const encoder, const float* const frames,
                         const size_t n_frames, FalError* const error)
{
  const sf_count_t n = (sf_count_t)n_frames;
  return sf_writef_float(encoder->file, frames, n) == n ? FAL_OK
                                                        : fail(encoder, error);
}

FalStatus
fal_encoder_close(FalEncoder* const encoder, FalError* const error)
{
  if (!encoder) {
    return FAL_OK;
  }
  FalStatus st  = sf_close(encoder->file) ? FAL_ERR_WRITE : FAL_OK;
  encoder->file = NULL;
  if (st || encoder->failure.status) {
    st = fail(encoder, error);
  }
  free(encoder);
  return st;
}
