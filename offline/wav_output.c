// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/wav_output.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/samples.h"
#include "offline/sound.h"
#include "offline/wav.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool
fal_wav_output_can(const int format)
{
  const int container = format & SF_FORMAT_TYPEMASK;
  return fal_sound_encoding(format).type &&
         (format & SF_FORMAT_ENDMASK) != SF_ENDIAN_BIG &&
         (container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX ||
          container == SF_FORMAT_RF64);
}

FalStatus
fal_wav_output_start(FalWavHead* const head, FalOutput* const output,
                     const FalSound* const    sound,
                     const FalMetadata* const metadata, FalError* const error)
{
  const uint64_t n_frames  = sound->n_frames;
  const uint64_t most      = 0xFFFF0000U / sound->n_channels / 8U;
  const int      container = sound->format & SF_FORMAT_TYPEMASK;
  const bool     may_be_longer =
    !fal_output_is_stream(output) && n_frames == FAL_FRAMES_UNKNOWN;

  *head = (FalWavHead){
    .type         = fal_sound_encoding(sound->format).type,
    .extensible   = container == SF_FORMAT_WAVEX,
    .may_be_large = container == SF_FORMAT_RF64 || may_be_longer ||
                    (n_frames != FAL_FRAMES_UNKNOWN && n_frames > most),
    .n_channels    = sound->n_channels,
    .rate_hz       = sound->rate_hz,
    .n_chunk_bytes = metadata ? metadata->n_bytes : 0U,
  };
  FalWavBytes bytes;
  fal_wav_make_head(&bytes, head, n_frames);
  FalStatus st = fal_output_write(output, bytes.first, bytes.n_first, error);
  if (!st && metadata && metadata->n_bytes) {
    st = fal_output_write(output, metadata->chunks, metadata->n_bytes, error);
  }
  return st ? st
            : fal_output_write(output, bytes.last, sizeof(bytes.last), error);
}

FalStatus
fal_wav_output_finish(const FalWavHead* const head, FalOutput* const output,
                      const uint64_t n_told, const uint64_t n_frames,
                      FalError* const error)
{
  const uint64_t n_data =
    n_frames * head->n_channels * fal_samples_bytes(head->type);
  FalStatus st = FAL_OK;
  if (n_data & 1U) {
    st = fal_output_write(output, "", 1U, error);
  }
  if (st || n_frames == n_told || fal_output_is_stream(output)) {
    return st;
  }
  FalWavBytes bytes;
  fal_wav_make_head(&bytes, head, n_frames);
  st = fal_output_write_at(output, 0U, bytes.first, bytes.n_first, error);
  return st ? st
            : fal_output_write_at(output, bytes.n_first + head->n_chunk_bytes,
                                  bytes.last, sizeof(bytes.last), error);
}
