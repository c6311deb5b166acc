// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/fuzz/seeds.h"

#include "tests/reference.h"
#include "tests/sounds.h"

/// Files that libsndfile writes
static const int formats[] = {
  SF_FORMAT_WAV | SF_FORMAT_PCM_16,
  SF_FORMAT_WAV | SF_FORMAT_FLOAT,
  SF_FORMAT_WAV | SF_FORMAT_ULAW,
  SF_FORMAT_WAV | SF_FORMAT_PCM_24 | SF_ENDIAN_BIG,
  SF_FORMAT_WAVEX | SF_FORMAT_PCM_24,
  SF_FORMAT_RF64 | SF_FORMAT_PCM_32,
  SF_FORMAT_W64 | SF_FORMAT_DOUBLE,
  SF_FORMAT_AIFF | SF_FORMAT_PCM_S8,
  SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
  SF_FORMAT_AIFF | SF_FORMAT_FLOAT,
  SF_FORMAT_CAF | SF_FORMAT_PCM_24,
  SF_FORMAT_CAF | SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE,
  SF_FORMAT_AU | SF_FORMAT_PCM_16,
  SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
  SF_FORMAT_FLAC | SF_FORMAT_PCM_24,
  SF_FORMAT_OGG | SF_FORMAT_VORBIS,
  SF_FORMAT_OGG | SF_FORMAT_OPUS,
};

enum { n_formats = sizeof(formats) / sizeof(*formats) };

/// A file with the metadata that recorders and samplers write
static Bytes
decorated(void)
{
  Bytes b = wav(2U, 48000U);
  put_chunk(&b, "JUNK", 28U, 28U);
  put_chunk(&b, "bext", 602U, 602U);
  put_chunk(&b, "cue ", 28U, 28U);
  put_chunk(&b, "LIST", 18U, 0U);
  put_id(&b, "INFO");
  put_chunk(&b, "ISFT", 6U, 6U);
  put_chunk(&b, "smpl", 36U, 36U);
  put_chunk(&b, "data", 40U, 40U);
  put_chunk(&b, "iXML", 4U, 4U);
  return b;
}

size_t
fal_seed(uint8_t* const bytes, const size_t index)
{
  if (index > n_formats) {
    return 0U;
  }
  if (index == n_formats) {
    const Bytes b = decorated();
    memcpy(bytes, b.bytes, b.n);
    return b.n;
  }

  float frames[400];
  ref_noise(frames, 400U, index);
  const int     rate_hz = 48000;
  const int     fd      = sound_of(formats[index], 2, rate_hz, frames, 200U);
  const ssize_t n       = pread(fd, bytes, FAL_SEED_BYTES, 0);
  close(fd);
  return n > 0 ? (size_t)n : 0U;
}
