// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/sink.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/encoder.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/quantise.h"
#include "offline/samples.h"
#include "offline/sound.h"
#include "offline/wav.h"

#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Frames that are encoded and written at once
#define PIECE_FRAMES 16384U

/// Bytes of the widest sample, a double
#define WIDEST_SAMPLE 8U

struct FalSink {
  FalOutput*   output;
  FalEncoder*  encoder; ///< Null for the WAV of our own
  FalWavHead   head;    ///< Of the WAV of our own
  FalSound     sound;
  FalEncoding  encoding; ///< Of the bytes
  FalQuantiser quantiser;
  float        peak;
  uint8_t*     bytes; ///< [PIECE_FRAMES] frames
};

/// Whether the file is written by wav.h
static bool
is_own_wav(const int format)
{
  const int container = format & SF_FORMAT_TYPEMASK;
  return fal_sound_encoding(format).type &&
         (format & SF_FORMAT_ENDMASK) != SF_ENDIAN_BIG &&
         (container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX ||
          container == SF_FORMAT_RF64);
}

static FalStatus
write_head(FalSink* const sink, const uint64_t n_frames,
           const FalMetadata* const metadata, FalError* const error)
{
  FalWavBytes bytes;
  fal_wav_make_head(&bytes, &sink->head, n_frames);
  FalStatus st =
    fal_output_write(sink->output, bytes.first, bytes.n_first, error);
  if (!st && sink->head.n_chunk_bytes) {
    st = fal_output_write(sink->output, metadata->chunks, metadata->n_bytes,
                          error);
  }
  if (!st) {
    st = fal_output_write(sink->output, bytes.last, sizeof(bytes.last), error);
  }
  return st;
}

/// Start a WAV of our own
static FalStatus
start_wav(FalSink* const sink, const FalMetadata* const metadata,
          FalError* const error)
{
  const uint64_t n_frames      = sink->sound.n_frames;
  const uint64_t most          = 0xFFFF0000U / sink->sound.n_channels / 8U;
  const bool     is_file       = !fal_output_is_stream(sink->output);
  const int      container     = sink->sound.format & SF_FORMAT_TYPEMASK;
  const bool     may_be_longer = is_file && n_frames == FAL_FRAMES_UNKNOWN;

  sink->head = (FalWavHead){
    .type         = sink->encoding.type,
    .extensible   = container == SF_FORMAT_WAVEX,
    .may_be_large = container == SF_FORMAT_RF64 || may_be_longer ||
                    (n_frames != FAL_FRAMES_UNKNOWN && n_frames > most),
    .n_channels    = sink->sound.n_channels,
    .rate_hz       = sink->sound.rate_hz,
    .n_chunk_bytes = metadata ? metadata->n_bytes : 0U,
  };
  return write_head(sink, n_frames, metadata, error);
}

/// Start anything else
static FalStatus
start_encoder(FalSink* const sink, const FalMetadata* const metadata,
              FalError* const error)
{
  if (fal_output_is_stream(sink->output)) {
    return fal_error_set(error, FAL_ERR_FORMAT,
                         "%s: only linear WAV goes to a pipe or a device",
                         fal_output_name(sink->output));
  }
  const int subtype = sink->sound.format & SF_FORMAT_SUBMASK;
  if (!sink->encoding.type &&
      (sink->sound.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC) {
    // FLAC takes left-aligned integers: quantised here, in 24 or 16 or 8 bits
    sink->encoding = fal_sound_encoding(SF_FORMAT_RAW | subtype);
  }
  const FalStatus st =
    fal_encoder_open(&sink->encoder, sink->output, &sink->sound, error);
  if (!st && metadata) {
    fal_encoder_describe(sink->encoder, metadata);
  }
  return st;
}

FalStatus
fal_sink_open(FalSink** const sink, const FalSinkRequest* const request,
              FalError* const error)
{
  FalSink* const made = (FalSink*)calloc(1U, sizeof(FalSink));
  if (!made) {
    return fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                         request->output.path);
  }
  made->sound            = request->sound;
  made->encoding         = fal_sound_encoding(request->sound.format);
  made->quantiser.dither = !request->no_dither;
  made->bytes            = (uint8_t*)malloc((size_t)PIECE_FRAMES *
                                            request->sound.n_channels * WIDEST_SAMPLE);

  FalStatus st = fal_output_open(&made->output, &request->output, error);
  if (!st && !made->bytes) {
    st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory",
                       request->output.path);
  }
  if (!st && made->output == NULL) {
    st = FAL_ERR_WRITE;
  }
  if (!st && fal_output_is_stream(made->output) &&
      isatty(fal_output_fd(made->output))) {
    st = fal_error_set(error, FAL_ERR_WRITE,
                       "%s: is a terminal, which takes no sound",
                       fal_output_name(made->output));
  }
  if (!st) {
    st = is_own_wav(made->sound.format)
           ? start_wav(made, request->metadata, error)
           : start_encoder(made, request->metadata, error);
  }
  if (st) {
    fal_sink_discard(made);
    return st;
  }
  *sink = made;
  return FAL_OK;
}

/// Linear samples become left-aligned integers
static FalStatus
write_ints(FalSink* const sink, const size_t n_frames, FalError* const error)
{
  static const size_t width = sizeof(int32_t);
  const size_t        size  = fal_samples_bytes(sink->encoding.type);
  uint8_t* const      ints  = sink->bytes;
  const size_t        n     = n_frames * sink->sound.n_channels;
  for (size_t i = n; i-- > 0U;) { // From the end, since they grow in place
    uint32_t value = 0U;
    for (size_t b = 0U; b < size; ++b) {
      value |= (uint32_t)sink->bytes[i * size + b] << (8U * (width - size + b));
    }
    memcpy(ints + i * width, &value, width);
  }
  return fal_encoder_write_ints(sink->encoder, (const int*)(const void*)ints,
                                n_frames, error);
}

static FalStatus
write_floats(FalSink* const sink, const float* const* const planar,
             const size_t n_frames, FalError* const error)
{
  const uint32_t n_channels = sink->sound.n_channels;
  float* const   frames     = (float*)(void*)sink->bytes;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (size_t t = 0U; t < n_frames; ++t) {
      const float v         = planar[c][t];
      const bool  is_inside = v >= -1.0F && v <= 1.0F;
      sink->quantiser.n_clipped += is_inside ? 0U : 1U;
      frames[t * n_channels + c] = is_inside  ? v
                                   : v > 0.0F ? 1.0F
                                   : v < 0.0F ? -1.0F
                                              : 0.0F;
    }
  }
  sink->quantiser.n_frames += n_frames;
  return fal_encoder_write_floats(sink->encoder, frames, n_frames, error);
}

static FalStatus
write_piece(FalSink* const sink, const float* const* const planar,
            const size_t n_frames, FalError* const error)
{
  if (!sink->encoding.type) {
    return write_floats(sink, planar, n_frames, error);
  }
  const size_t n_bytes =
    n_frames * sink->sound.n_channels * fal_samples_bytes(sink->encoding.type);
  fal_samples_encode(sink->bytes, planar, sink->encoding,
                     sink->sound.n_channels, n_frames, &sink->quantiser);
  if (!sink->encoder) {
    return fal_output_write(sink->output, sink->bytes, n_bytes, error);
  }
  return (sink->sound.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC
           ? write_ints(sink, n_frames, error)
           : fal_encoder_write_raw(sink->encoder, sink->bytes, n_bytes, error);
}

FalStatus
fal_sink_write(FalSink* const sink, const float* const* const planar,
               const size_t n_frames, FalError* const error)
{
  const uint32_t n_channels = sink->sound.n_channels;
  FalStatus      st         = FAL_OK;
  const float*   piece[256];
  for (size_t t = 0U; t < n_frames && !st; t += PIECE_FRAMES) {
    const size_t n = n_frames - t < PIECE_FRAMES ? n_frames - t : PIECE_FRAMES;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      piece[c]   = planar[c] + t;
      sink->peak = fmaxf(sink->peak, fal_peak(piece[c], n));
    }
    st = write_piece(sink, piece, n, error);
  }
  return st;
}

/// Pad the data, and write the head again if the length was not known
static FalStatus
finish_wav(FalSink* const sink, FalError* const error)
{
  const uint64_t n_frames = sink->quantiser.n_frames;
  const uint64_t n_data =
    n_frames * sink->sound.n_channels * fal_samples_bytes(sink->encoding.type);
  FalStatus st = FAL_OK;
  if (n_data & 1U) {
    st = fal_output_write(sink->output, "", 1U, error);
  }
  if (st || n_frames == sink->sound.n_frames ||
      fal_output_is_stream(sink->output)) {
    return st;
  }
  FalWavBytes bytes;
  fal_wav_make_head(&bytes, &sink->head, n_frames);
  st = fal_output_write_at(sink->output, 0U, bytes.first, bytes.n_first, error);
  if (!st) {
    st = fal_output_write_at(sink->output,
                             bytes.n_first + sink->head.n_chunk_bytes,
                             bytes.last, sizeof(bytes.last), error);
  }
  return st;
}

uint32_t
fal_sink_n_channels(const FalSink* const sink)
{
  return sink->sound.n_channels;
}

FalSinkReport
fal_sink_report(const FalSink* const sink)
{
  return (FalSinkReport){sink->quantiser.n_frames, sink->quantiser.n_clipped,
                         sink->peak};
}

FalStatus
fal_sink_finish(FalSink* const sink, FalOutput** const output,
                FalError* const error)
{
  const FalStatus st = sink->encoder ? fal_encoder_close(sink->encoder, error)
                                     : finish_wav(sink, error);
  sink->encoder      = NULL;
  if (!st) {
    *output      = sink->output;
    sink->output = NULL;
  }
  fal_sink_discard(sink);
  return st;
}

FalStatus
fal_sink_commit(FalSink* const sink, FalSinkReport* const report,
                FalError* const error)
{
  const FalSinkReport found  = fal_sink_report(sink);
  FalOutput*          output = NULL;
  FalStatus           st     = fal_sink_finish(sink, &output, error);
  if (!st) {
    st = fal_output_commit(output, error);
  }
  if (!st && report) {
    *report = found;
  }
  return st;
}

void
fal_sink_discard(FalSink* const sink)
{
  if (sink) {
    FalError ignored;
    (void)fal_encoder_close(sink->encoder, &ignored);
    fal_output_discard(sink->output);
    free(sink->bytes);
    free(sink);
  }
}
