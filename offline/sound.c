// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/sound.h"

#include "core/status.h"
#include "ir/error.h"
#include "offline/samples.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/// A name and what libsndfile calls it
typedef struct {
  const char* name;
  int         format;
} Name;

/// The first of equal formats is the one that is said; the others are
/// understood
static const Name containers[] = {
  {"wav", SF_FORMAT_WAV},     {"wave", SF_FORMAT_WAV},
  {"wavex", SF_FORMAT_WAVEX}, {"rf64", SF_FORMAT_RF64},
  {"w64", SF_FORMAT_W64},     {"aiff", SF_FORMAT_AIFF},
  {"aif", SF_FORMAT_AIFF},    {"aifc", SF_FORMAT_AIFF},
  {"au", SF_FORMAT_AU},       {"snd", SF_FORMAT_AU},
  {"caf", SF_FORMAT_CAF},     {"flac", SF_FORMAT_FLAC},
  {"ogg", SF_FORMAT_OGG},     {"oga", SF_FORMAT_OGG},
  {"opus", SF_FORMAT_OGG},    {NULL, 0},
};

/// In the order in which they stand in for one that a container cannot hold
static const Name subtypes[] = {
  {"pcm24", SF_FORMAT_PCM_24},   {"pcm16", SF_FORMAT_PCM_16},
  {"vorbis", SF_FORMAT_VORBIS},  {"opus", SF_FORMAT_OPUS},
  {"pcm32", SF_FORMAT_PCM_32},   {"float", SF_FORMAT_FLOAT},
  {"double", SF_FORMAT_DOUBLE},  {"pcm8", SF_FORMAT_PCM_S8},
  {"u8", SF_FORMAT_PCM_U8},      {"ulaw", SF_FORMAT_ULAW},
  {"alaw", SF_FORMAT_ALAW},      {"alac16", SF_FORMAT_ALAC_16},
  {"alac24", SF_FORMAT_ALAC_24}, {NULL, 0},
};

static const char*
name_of(const Name* name, const int format)
{
  while (name->name && name->format != format) {
    ++name;
  }
  return name->name ? name->name : "other";
}

static int
format_of(const Name* name, const char* const text)
{
  while (name->name && strcasecmp(name->name, text)) {
    ++name;
  }
  return name->format;
}

const char*
fal_sound_container(const int format)
{
  return name_of(containers, format & SF_FORMAT_TYPEMASK);
}

const char*
fal_sound_subtype(const int format)
{
  return name_of(subtypes, format & SF_FORMAT_SUBMASK);
}

/// What stands behind the last dot of a path's last part; null if nothing
static const char*
extension_of(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  const char* const dot   = strrchr(slash ? slash : path, '.');
  return dot && dot[1] ? dot + 1 : NULL;
}

const char*
fal_sound_extension(const char* const container)
{
  const bool is_wav = container && (!strcasecmp(container, "wavex") ||
                                    !strcasecmp(container, "rf64"));
  return is_wav ? "wav" : container;
}

bool
fal_sound_is_known(const char* const path)
{
  const char* const extension = extension_of(path);
  return extension && format_of(containers, extension);
}

static FalSampleType
sample_type(const int subtype)
{
  static const struct {
    int           subtype;
    FalSampleType type;
  } types[] = {
    {SF_FORMAT_PCM_U8, FAL_SAMPLE_U8},  {SF_FORMAT_PCM_S8, FAL_SAMPLE_S8},
    {SF_FORMAT_PCM_16, FAL_SAMPLE_S16}, {SF_FORMAT_PCM_24, FAL_SAMPLE_S24},
    {SF_FORMAT_PCM_32, FAL_SAMPLE_S32}, {SF_FORMAT_FLOAT, FAL_SAMPLE_F32},
    {SF_FORMAT_DOUBLE, FAL_SAMPLE_F64},
  };
  for (size_t i = 0U; i < sizeof(types) / sizeof(types[0]); ++i) {
    if (types[i].subtype == subtype) {
      return types[i].type;
    }
  }
  return FAL_SAMPLE_NONE;
}

FalEncoding
fal_sound_encoding(const int format)
{
  const int   container = format & SF_FORMAT_TYPEMASK;
  const int   order     = format & SF_FORMAT_ENDMASK;
  FalEncoding e         = {sample_type(format & SF_FORMAT_SUBMASK), false};
  if (container == SF_FORMAT_FLAC || container == SF_FORMAT_OGG) {
    e.type = FAL_SAMPLE_NONE; // Compressed, whatever the name of the subtype
  }
  e.big_endian = order == SF_ENDIAN_BIG ||
                 (order == SF_ENDIAN_FILE &&
                  (container == SF_FORMAT_AIFF || container == SF_FORMAT_AU ||
                   container == SF_FORMAT_CAF));
  return e;
}

static bool
can_hold(const int format, const FalSound* const sound)
{
  SF_INFO info    = {0};
  info.channels   = (int)sound->n_channels;
  info.samplerate = (int)sound->rate_hz;
  info.format     = format;
  return sf_format_check(&info);
}

static FalStatus
choose_container(int* const container, const char* const path,
                 const char* const name, const FalSound* const input,
                 FalError* const error)
{
  if (name) {
    *container = format_of(containers, name);
    if (!*container) {
      return fal_error_set(error, FAL_ERR_FORMAT, "--format %s is not known",
                           name);
    }
    return FAL_OK;
  }
  const char* const extension = extension_of(path);
  if (!strcmp(path, "-")) {
    *container = SF_FORMAT_WAV;
  } else if (extension) {
    *container = format_of(containers, extension);
    if (!*container) {
      return fal_error_set(error, FAL_ERR_FORMAT,
                           "%s: what format is '.%s'? (--format names one)",
                           path, extension);
    }
  } else {
    *container = input->format & SF_FORMAT_TYPEMASK;
  }
  // A kind of WAV keeps its kind
  if (*container == SF_FORMAT_WAV &&
      (input->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAVEX) {
    *container = SF_FORMAT_WAVEX;
  }
  return FAL_OK;
}

/// Whether a path or a name asks for Opus, which shares its container
static bool
wants_opus(const char* const path, const char* const container)
{
  const char* const name = container ? container : extension_of(path);
  return name && !strcasecmp(name, "opus");
}

FalStatus
fal_sound_choose(int* const format, const char* const path,
                 const char* const container, const char* const subtype,
                 const FalSound* const input, FalError* const error)
{
  int             major = 0;
  const FalStatus st = choose_container(&major, path, container, input, error);
  if (st) {
    return st;
  }
  if (subtype) {
    const int minor = format_of(subtypes, subtype);
    *format         = major | minor;
    if (minor == SF_FORMAT_PCM_S8 && !can_hold(*format, input)) {
      *format = major | SF_FORMAT_PCM_U8; // What 8 bits are in a WAV
    }
    if (!minor || !can_hold(*format, input)) {
      return fal_error_set(
        error, FAL_ERR_FORMAT, "%s: %s cannot hold '%s' with %u channels", path,
        fal_sound_container(major), subtype, input->n_channels);
    }
    return FAL_OK;
  }
  *format =
    major | (wants_opus(path, container) ? SF_FORMAT_OPUS
                                         : input->format & SF_FORMAT_SUBMASK);
  for (const Name* n = subtypes; n->name && !can_hold(*format, input); ++n) {
    *format = major | n->format;
  }
  return can_hold(*format, input)
           ? FAL_OK
           : fal_error_set(error, FAL_ERR_FORMAT,
                           "%s: %s cannot hold %u channels at %u Hz", path,
                           fal_sound_container(major), input->n_channels,
                           input->rate_hz);
}
