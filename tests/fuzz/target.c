// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/fuzz/target.h"

#include "ir/audio.h"
#include "tests/sounds.h"

#include <math.h>

const char* __lsan_default_suppressions(void); // NOLINT

enum { max_frames = 1U << 20U };

/// What libsndfile 1.2.0 leaks when an Ogg header is damaged is not ours
const char*
__lsan_default_suppressions(void) // NOLINT(bugprone-reserved-identifier)
{
  return "leak:libvorbis\nleak:libogg\nleak:libopus\nleak:libsndfile\n"
         "leak:libFLAC\n";
}

static void
demand(const bool promise)
{
  if (!promise) {
    abort();
  }
}

/// What a status promises about an error and audio
static void
check(const FalStatus st, const FalError* const error, const FalAudio* audio)
{
  demand(error->status == st);
  demand(!st == !error->text[0]);
  if (st) {
    demand(!audio->samples);
    return;
  }
  demand(audio->n_channels >= 1U);
  demand(audio->n_channels <= FAL_AUDIO_MAX_CHANNELS);
  demand(audio->n_frames >= 1U && audio->n_frames <= max_frames);
  demand(audio->rate_hz >= FAL_AUDIO_MIN_RATE_HZ);
  demand(audio->rate_hz <= FAL_AUDIO_MAX_RATE_HZ);
  for (size_t i = 0U; i < (size_t)audio->n_frames * audio->n_channels; ++i) {
    demand(isfinite(audio->samples[i]));
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const bytes, const size_t n)
{
  static const FalFormats formats[] = {FAL_FORMATS_RESPONSE, FAL_FORMATS_WIDE};

  for (size_t f = 0U; f < 2U; ++f) {
    FalFile*  file  = NULL;
    FalAudio  audio = {NULL, 0U, 0U, 0.0};
    FalError  error = {FAL_OK, ""};
    FalStatus st =
      fal_file_open_fd(&file, file_of(bytes, n), "x", formats[f], &error);
    if (!st) {
      for (uint32_t c = 0U; c < file->container.n_chunks; ++c) {
        const FalChunk* const chunk = &file->container.chunks[c];
        demand(chunk->start + chunk->n_bytes <= (int64_t)n);
      }
      st = fal_audio_read(&audio, file, max_frames, &error);
    }
    check(st, &error, &audio);
    fal_audio_clear(&audio);
    fal_file_close(file);
  }
  return 0;
}
