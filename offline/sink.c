// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/sink.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/encoder.h"
#include "offline/metadata.h"
#include "offline/output.h"
#include "offline/planes.h"
#include "offline/samples.h"
#include "offline/sound.h"
#include "offline/wav.h"
#include "offline/wav_output.h"
#include "offline/wide.h"

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
    st = fal_wav_output_can(made->sound.format)
           ? fal_wav_output_start(&made->head, made->output, &made->sound,
                                  request->metadata, error)
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

/// What only libsndfile can encode
static FalStatus
write_floats(FalSink* const sink, const FalPlanes* const planes,
             const size_t n_frames, FalError* const error)
{
  const uint32_t n_channels = sink->sound.n_channels;
  float* const   frames     = (float*)(void*)sink->bytes;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (size_t t = 0U; t < n_frames; ++t) {
      const float v         = (float)fal_planes_get(planes, c, t);
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

static void
encode(FalSink* const sink, const FalPlanes* const planes,
       const size_t n_frames)
{
  const uint32_t n_channels = sink->sound.n_channels;
  if (planes->is_double) {
    fal_wide_encode(sink->bytes, planes->doubles, sink->encoding, n_channels,
                    n_frames, &sink->quantiser);
  } else {
    fal_samples_encode(sink->bytes, (const float* const*)planes->floats,
                       sink->encoding, n_channels, n_frames, &sink->quantiser);
  }
}

static FalStatus
write_piece(FalSink* const sink, const FalPlanes* const planes,
            const size_t n_frames, FalError* const error)
{
  if (!sink->encoding.type) {
    return write_floats(sink, planes, n_frames, error);
  }
  const size_t n_bytes =
    n_frames * sink->sound.n_channels * fal_samples_bytes(sink->encoding.type);
  encode(sink, planes, n_frames);
  if (!sink->encoder) {
    return fal_output_write(sink->output, sink->bytes, n_bytes, error);
  }
  return (sink->sound.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC
           ? write_ints(sink, n_frames, error)
           : fal_encoder_write_raw(sink->encoder, sink->bytes, n_bytes, error);
}

FalStatus
fal_sink_write_planes(FalSink* const sink, const FalPlanes* const planes,
                      const size_t n_frames, FalError* const error)
{
  const uint32_t n_channels = sink->sound.n_channels;
  FalStatus      st         = FAL_OK;
  for (size_t t = 0U; t < n_frames && !st; t += PIECE_FRAMES) {
    const size_t n = n_frames - t < PIECE_FRAMES ? n_frames - t : PIECE_FRAMES;
    const FalPlanes piece = fal_planes_from(planes, n_channels, t);
    for (uint32_t c = 0U; c < n_channels; ++c) {
      sink->peak = fmaxf(sink->peak, fal_planes_peak(&piece, c, n));
    }
    st = write_piece(sink, &piece, n, error);
  }
  return st;
}

FalStatus
fal_sink_write(FalSink* const sink, const float* const* const planar,
               const size_t n_frames, FalError* const error)
{
  // Nothing is written to the planes
  const FalPlanes planes =
    fal_planes_of_floats((float* const*)planar, sink->sound.n_channels);
  return fal_sink_write_planes(sink, &planes, n_frames, error);
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
  const FalStatus st =
    sink->encoder
      ? fal_encoder_close(sink->encoder, error)
      : fal_wav_output_finish(&sink->head, sink->output, sink->sound.n_frames,
                              sink->quantiser.n_frames, error);
  sink->encoder = NULL;
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
