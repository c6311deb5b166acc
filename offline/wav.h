// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file wav.h The head of a WAV or RF64 file, written without seeking back.

   libsndfile does not write WAV to pipes. This does, and since it is there, it
   writes the regular files as well: the head is a function of the format and
   the length, and is written over when the length is known.
   (RIFF: IBM and Microsoft 1991; WAVE_FORMAT_EXTENSIBLE: Microsoft 2001; RF64:
   EBU Tech 3306.)
*/

#ifndef FAL_OFFLINE_WAV_H
#define FAL_OFFLINE_WAV_H

#include "offline/samples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most bytes of a head without chunks
#define FAL_WAV_HEAD_MAX 128U

/// What stands in the head
typedef struct {
  FalSampleType type;         ///< Not #FAL_SAMPLE_S8
  bool          extensible;   ///< WAVE_FORMAT_EXTENSIBLE
  bool          may_be_large; ///< Keep room for the 64-bit lengths of RF64
  uint32_t      n_channels;   ///< At least 1
  uint32_t      rate_hz;      ///< At least 1
  uint64_t n_chunk_bytes; ///< Of chunks between the format and the data, even
} FalWavHead;

/// The two parts of a head, which the chunks stand between
typedef struct {
  uint8_t first[FAL_WAV_HEAD_MAX]; ///< Up to the format
  size_t  n_first;
  uint8_t last[8]; ///< The data chunk's name and length
} FalWavBytes;

/**
   Make the head for a length.

   Its size depends on `head` alone. A length that does not fit into 32 bits is
   written in the manner of RF64 if there is room for it; otherwise, and for
   #FAL_FRAMES_UNKNOWN, it is written as 0xFFFFFFFF, which means up to the end.
*/
void fal_wav_make_head(FalWavBytes* bytes, const FalWavHead* head,
                       uint64_t n_frames);

#endif // FAL_OFFLINE_WAV_H
