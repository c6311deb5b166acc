// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/ardour.h"

#include "core/status.h"
#include "offline/source.h"

#include <jansson.h>

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Ardour's unit of time, in a second: a whole number to a frame of usual rates
#define SUPERCLOCKS 282240000.0

/// Identities: each thing has its own, those of the master come first
#define FIRST_ID 8U

/// … of a track: the route, its playlist, two regions, two ends, its fader
#define N_TRACK_IDS 8U

static const char* const head =
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  "<Session version=\"7002\" name=\"faltung\" sample-rate=\"%" PRIu32 "\" "
  "id-counter=\"%" PRIu32 "\">\n"
  "<ProgramVersion created-with=\"faltung\"/>\n"
  "<Config>\n"
  "<Option name=\"native-file-data-format\" value=\"FormatFloat\"/>\n"
  "<Option name=\"native-file-header-format\" value=\"WAVE\"/>\n"
  "</Config>\n"
  "<Metadata/>\n<Bundles/>\n<RouteGroups/>\n";

static const char* const master =
  "<Route version=\"7002\" id=\"1\" name=\"Master\" default-type=\"audio\">\n"
  "<PresentationInfo order=\"0\" flags=\"MasterOut,OrderSet\"/>\n"
  "<IO name=\"Master\" id=\"2\" direction=\"Input\" default-type=\"audio\">"
  "<Port type=\"audio\" name=\"Master/audio_in 1\"/>"
  "<Port type=\"audio\" name=\"Master/audio_in 2\"/></IO>\n"
  "<IO name=\"Master\" id=\"3\" direction=\"Output\" default-type=\"audio\">"
  "<Port type=\"audio\" name=\"Master/audio_out 1\">"
  "<Connection other=\"system:playback_1\"/></Port>"
  "<Port type=\"audio\" name=\"Master/audio_out 2\">"
  "<Connection other=\"system:playback_2\"/></Port></IO>\n"
  "<Processor id=\"4\" name=\"Amp\" active=\"1\" type=\"amp\"/>\n"
  "</Route>\n";

static const char* const tempo =
  "<TempoMap superclocks-per-second=\"282240000\">\n"
  "<Tempos><Tempo npm=\"120\" enpm=\"120\" note-type=\"4\" "
  "type=\"Tempo::Constant\" active=\"1\" locked-to-meter=\"0\" "
  "continuing=\"0\" sclock=\"0\" quarters=\"0:0\" bbt=\"1|1|0\" "
  "omega=\"0\"/></Tempos>\n"
  "<Meters><Meter note-value=\"4\" divisions-per-bar=\"4\" sclock=\"0\" "
  "quarters=\"0:0\" bbt=\"1|1|0\"/></Meters>\n"
  "<MusicTimes/>\n</TempoMap>\n";

/// Whether XML can hold a text: UTF-8, nothing below a space
static bool
is_text(const char* const text)
{
  json_t* const string = json_string(text);
  bool          is     = string != NULL;
  for (const char* c = text; *c; ++c) {
    is = is && (unsigned char)*c >= ' ';
  }
  json_decref(string);
  return is;
}

FalStatus
fal_ardour_add(FalArdour* const session, const char* const path,
               const double delay_s, FalError* const error)
{
  FalSource* source = NULL;
  FalStatus  st     = fal_source_open(&source, path, error);
  if (st) {
    return st;
  }
  const FalSound sound = *fal_source_sound(source);
  fal_source_close(source);
  if (session->n && sound.rate_hz != session->rate_hz) {
    return fal_error_set(error, FAL_ERR_BAD_ARG,
                         "%s: runs at %u Hz, the session at %u Hz", path,
                         sound.rate_hz, session->rate_hz);
  }
  if (sound.n_frames == FAL_FRAMES_UNKNOWN) {
    return fal_error_set(error, FAL_ERR_READ, "%s: its length is not known",
                         path);
  }
  char* const whole = realpath(path, NULL);
  if (!whole) {
    return fal_error_set(error, FAL_ERR_OPEN, "%s: cannot be found", path);
  }
  const char* const base = strrchr(whole, '/') + 1;
  const size_t      room = strlen(base) + 16U;
  char* const       name = (char*)malloc(room);
  FalArdourTrack*   more = (FalArdourTrack*)realloc(
      session->tracks, (session->n + 1U) * sizeof(FalArdourTrack));
  session->tracks = more ? more : session->tracks;
  if (!name || !more) {
    st = fal_error_set(error, FAL_ERR_NO_MEM, "%s: out of memory", path);
  } else if (!is_text(whole)) {
    st = fal_error_set(error, FAL_ERR_BAD_ARG,
                       "%s: is a name that a session cannot hold", path);
  }
  if (st) {
    free(name);
    free(whole);
    return st;
  }

  // Numbered, because names may be the same; a colon would end a port's client
  snprintf(name, room, "%u %s", session->n + 1U, base);
  for (char* c = name; *c; ++c) {
    *c = (char)(*c == ':' ? '_' : *c);
  }
  session->rate_hz = sound.rate_hz;
  session->tracks[session->n++] =
    (FalArdourTrack){whole, name, delay_s, sound.n_channels, sound.n_frames};
  return FAL_OK;
}

/// Print a text as the value of an attribute
static void
print_text(const char* const text)
{
  for (const char* c = text; *c; ++c) {
    switch (*c) {
      case '&':
        fputs("&amp;", stdout);
        break;
      case '<':
        fputs("&lt;", stdout);
        break;
      case '"':
        fputs("&quot;", stdout);
        break;
      default:
        putchar(*c);
    }
  }
}

static uint32_t
track_id(const FalArdour* const session, const uint32_t i)
{
  uint32_t id = FIRST_ID;
  for (uint32_t j = 0U; j < i; ++j) {
    id += N_TRACK_IDS + session->tracks[j].n_channels;
  }
  return id;
}

static void
print_sources(const FalArdourTrack* const track, const uint32_t id)
{
  for (uint32_t c = 0U; c < track->n_channels; ++c) {
    fputs("<Source type=\"audio\" flags=\"\" name=\"", stdout);
    print_text(track->path);
    fputs("\" origin=\"", stdout);
    print_text(track->path);
    printf("\" id=\"%u\" channel=\"%u\" gain=\"1\"/>\n", id + N_TRACK_IDS + c,
           c);
  }
}

static int64_t
superclocks(const FalArdour* const session, const int64_t frames)
{
  return llround((double)frames * (SUPERCLOCKS / session->rate_hz));
}

/// Print a region: all of a file, at a place
static void
print_region(const FalArdour* const session, const FalArdourTrack* const track,
             const uint32_t id, const bool is_listed, const int64_t place)
{
  printf("<Region type=\"audio\" id=\"%u\" whole-file=\"%d\" start=\"a0\" "
         "length=\"a%" PRId64 "@a%" PRId64 "\" opaque=\"1\" stretch=\"1\" "
         "shift=\"1\" fade-in-active=\"0\" fade-out-active=\"0\" "
         "scale-amplitude=\"1\" channels=\"%u\"",
         id + (is_listed ? 2U : 3U), is_listed,
         superclocks(session, (int64_t)track->n_frames),
         superclocks(session, place), track->n_channels);
  for (uint32_t c = 0U; c < track->n_channels; ++c) {
    const uint32_t source = id + N_TRACK_IDS + c;
    printf(" source-%u=\"%u\" master-source-%u=\"%u\"", c, source, c, source);
  }
  fputs(" name=\"", stdout);
  print_text(track->name);
  fputs("\"/>\n", stdout);
}

/// Print the inputs or the outputs of a track; the latter go to the master
static void
print_ports(const FalArdourTrack* const track, const uint32_t id,
            const bool is_output)
{
  const uint32_t n = is_output ? 2U : track->n_channels;
  printf("<IO id=\"%u\" direction=\"%s\" default-type=\"audio\" name=\"",
         id + (is_output ? 5U : 4U), is_output ? "Output" : "Input");
  print_text(track->name);
  fputs("\">\n", stdout);
  for (uint32_t c = 1U; c <= n; ++c) {
    fputs("<Port type=\"audio\" name=\"", stdout);
    print_text(track->name);
    printf("/audio_%s %u\">", is_output ? "out" : "in", c);
    if (is_output) {
      printf("<Connection other=\"Master/audio_in %u\"/>", c);
    }
    fputs("</Port>\n", stdout);
  }
  fputs("</IO>\n", stdout);
}

static void
print_route(const FalArdourTrack* const track, const uint32_t id,
            const uint32_t order)
{
  printf("<Route version=\"7002\" id=\"%u\" default-type=\"audio\" "
         "audio-playlist=\"%u\" mode=\"Normal\" name=\"",
         id, id + 1U);
  print_text(track->name);
  printf("\">\n<PresentationInfo order=\"%u\" "
         "flags=\"AudioTrack,OrderSet\"/>\n",
         order);
  print_ports(track, id, false);
  print_ports(track, id, true);
  printf("<Processor id=\"%u\" name=\"Amp\" active=\"1\" type=\"amp\"/>\n"
         "</Route>\n",
         id + 6U);
}

static int64_t
frames_late(const FalArdour* const session, const uint32_t i)
{
  return llround(session->tracks[i].delay_s * session->rate_hz);
}

void
fal_ardour_print(const FalArdour* const session)
{
  int64_t latest = INT64_MIN;
  for (uint32_t i = 0U; i < session->n; ++i) {
    const int64_t late = frames_late(session, i);
    latest             = late > latest ? late : latest;
  }

  printf(head, session->rate_hz, track_id(session, session->n));
  fputs("<Sources>\n", stdout);
  for (uint32_t i = 0U; i < session->n; ++i) {
    print_sources(&session->tracks[i], track_id(session, i));
  }
  fputs("</Sources>\n<Regions>\n", stdout);
  for (uint32_t i = 0U; i < session->n; ++i) {
    print_region(session, &session->tracks[i], track_id(session, i), true, 0);
  }
  fputs("</Regions>\n<Locations/>\n<Routes>\n", stdout);
  fputs(master, stdout);
  for (uint32_t i = 0U; i < session->n; ++i) {
    print_route(&session->tracks[i], track_id(session, i), i + 1U);
  }
  fputs("</Routes>\n<Playlists>\n", stdout);
  for (uint32_t i = 0U; i < session->n; ++i) {
    const FalArdourTrack* const track = &session->tracks[i];
    const uint32_t              id    = track_id(session, i);
    printf("<Playlist id=\"%u\" type=\"audio\" orig-track-id=\"%u\" name=\"",
           id + 1U, id);
    print_text(track->name);
    fputs("\">\n", stdout);
    print_region(session, track, id, false, latest - frames_late(session, i));
    fputs("</Playlist>\n", stdout);
  }
  fputs("</Playlists>\n", stdout);
  fputs(tempo, stdout);
  fputs("</Session>\n", stdout);
}

void
fal_ardour_clear(FalArdour* const session)
{
  for (uint32_t i = 0U; i < session->n; ++i) {
    free(session->tracks[i].path);
    free(session->tracks[i].name);
  }
  free(session->tracks);
  *session = (FalArdour){NULL, 0U, 0U};
}
