// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file jack_through.c Play a file through another JACK client and record it.

   jack_through CLIENT IN.wav OUT.wav TAIL_SECONDS

   Connects ports with the client's in both directions and lets the server run
   as fast as it can (freewheel). JACK delays a loop by one period; that period
   is left out, so that OUT holds the client's answer to IN frame by frame.
*/

#include <sndfile.h>

#include <jack/jack.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PORTS 8U

typedef struct {
  jack_client_t* client;
  jack_port_t*   sends[MAX_PORTS];
  jack_port_t*   returns[MAX_PORTS];
  uint32_t       n_sends;
  uint32_t       n_returns;
  uint32_t       n_channels; ///< Of the file; spread over the sends
  uint64_t       n_in;       ///< Frames of the file
  uint64_t       n_out;      ///< Frames to record
  uint64_t       n_done;     ///< Frames run so far
  float*         in;         ///< [n_in][n_channels]
  float*         out;        ///< [n_out][n_returns]
  bool           freewheeling;
  sem_t          done;
} Through;

static void
play(Through* const self, const jack_nframes_t n_frames)
{
  for (uint32_t c = 0U; c < self->n_sends; ++c) {
    float* const port = (float*)jack_port_get_buffer(self->sends[c], n_frames);
    for (uint32_t t = 0U; t < n_frames; ++t) {
      const uint64_t at = self->n_done + t;
      port[t]           = self->freewheeling && at < self->n_in
                            ? self->in[at * self->n_channels + c % self->n_channels]
                            : 0.0f;
    }
  }
}

static void
record(Through* const self, const jack_nframes_t n_frames)
{
  for (uint32_t c = 0U; c < self->n_returns; ++c) {
    const float* const port =
      (const float*)jack_port_get_buffer(self->returns[c], n_frames);
    for (uint32_t t = 0U; t < n_frames; ++t) {
      const uint64_t at =
        self->n_done + t - n_frames; // Huge in the first period
      if (at < self->n_out) {
        self->out[at * self->n_returns + c] = port[t];
      }
    }
  }
}

static int
process(const jack_nframes_t n_frames, void* const data)
{
  Through* const self = (Through*)data;
  play(self, n_frames);
  if (self->freewheeling && self->n_done < self->n_out + n_frames) {
    record(self, n_frames);
    self->n_done += n_frames;
    if (self->n_done >= self->n_out + n_frames) {
      sem_post(&self->done);
    }
  }
  return 0;
}

static void
freewheel(const int starting, void* const data)
{
  ((Through*)data)->freewheeling = starting;
}

/// Make a port for each of the client's of one direction
static uint32_t
make_ports(Through* const self, const char* const client,
           const unsigned long direction, jack_port_t** const ports)
{
  const bool to_client = direction == JackPortIsInput;
  char       pattern[256];
  snprintf(pattern, sizeof(pattern), "^%s:", client);
  const char** const names =
    jack_get_ports(self->client, pattern, JACK_DEFAULT_AUDIO_TYPE, direction);
  uint32_t n_ports = 0U;
  for (; names && names[n_ports] && n_ports < MAX_PORTS; ++n_ports) {
    char name[32];
    snprintf(name, sizeof(name), to_client ? "send_%u" : "return_%u", n_ports);
    ports[n_ports] =
      jack_port_register(self->client, name, JACK_DEFAULT_AUDIO_TYPE,
                         to_client ? JackPortIsOutput : JackPortIsInput, 0U);
  }
  jack_free(names);
  return n_ports;
}

/// Connect the ports of one direction; return whether all are
static bool
connect_ports(Through* const self, const char* const client,
              const unsigned long direction, jack_port_t** const ports)
{
  char pattern[256];
  snprintf(pattern, sizeof(pattern), "^%s:", client);
  const char** const names =
    jack_get_ports(self->client, pattern, JACK_DEFAULT_AUDIO_TYPE, direction);
  bool all = names;
  for (uint32_t p = 0U; all && names[p] && p < MAX_PORTS; ++p) {
    const char* const own = jack_port_name(ports[p]);
    all                   = direction == JackPortIsInput
                              ? !jack_connect(self->client, own, names[p])
                              : !jack_connect(self->client, names[p], own);
  }
  jack_free(names);
  return all;
}

static const char*
read_input(Through* const self, const char* const path, const double tail_s)
{
  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file) {
    return sf_strerror(NULL);
  }
  self->n_channels = (uint32_t)info.channels;
  self->in =
    (float*)calloc((size_t)info.frames * self->n_channels, sizeof(float));
  self->n_in =
    self->in ? (uint64_t)sf_readf_float(file, self->in, info.frames) : 0U;
  self->n_out = self->n_in + (uint64_t)(tail_s * info.samplerate);
  sf_close(file);
  return !self->in ? "out of memory"
         : (jack_nframes_t)info.samplerate != jack_get_sample_rate(self->client)
           ? "its rate is not the server's"
           : NULL;
}

static const char*
write_output(const Through* const self, const char* const path)
{
  SF_INFO info = {
    .channels   = (int)self->n_returns,
    .format     = SF_FORMAT_WAV | SF_FORMAT_FLOAT,
    .samplerate = (int)jack_get_sample_rate(self->client),
  };
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file) {
    return sf_strerror(NULL);
  }
  const sf_count_t n     = (sf_count_t)self->n_out;
  const bool       whole = sf_writef_float(file, self->out, n) == n;
  return sf_close(file) || !whole ? "cannot be written" : NULL;
}

/// Run the file through the client; return what went wrong
static const char*
run_through(Through* const self, const char* const client)
{
  self->n_sends   = make_ports(self, client, JackPortIsInput, self->sends);
  self->n_returns = make_ports(self, client, JackPortIsOutput, self->returns);
  self->out = (float*)calloc(self->n_out * self->n_returns + 1U, sizeof(float));
  jack_set_process_callback(self->client, process, self);
  jack_set_freewheel_callback(self->client, freewheel, self);
  if (!self->n_sends || !self->n_returns || !self->out ||
      jack_activate(self->client) ||
      !connect_ports(self, client, JackPortIsInput, self->sends) ||
      !connect_ports(self, client, JackPortIsOutput, self->returns)) {
    return "has no audio ports that can be connected";
  }
  jack_set_freewheel(self->client, 1);
  sem_wait(&self->done);
  jack_set_freewheel(self->client, 0);
  jack_deactivate(self->client);
  return NULL;
}

int
main(const int argc, const char* const* const argv)
{
  if (argc != 5) {
    fprintf(stderr, "Usage: jack_through CLIENT IN.wav OUT.wav TAIL_SECONDS\n");
    return 2;
  }
  Through self = {.client =
                    jack_client_open("through", JackNoStartServer, NULL)};
  if (!self.client) {
    fprintf(stderr, "jack_through: no JACK server\n");
    return 1;
  }
  sem_init(&self.done, 0, 0U);

  const char* subject = argv[2];
  const char* fault   = read_input(&self, subject, strtod(argv[4], NULL));
  if (!fault) {
    subject = argv[1];
    fault   = run_through(&self, subject);
  }
  if (!fault) {
    subject = argv[3];
    fault   = write_output(&self, subject);
  }
  jack_client_close(self.client);
  if (fault) {
    fprintf(stderr, "jack_through: %s: %s\n", subject, fault);
  }
  free(self.in);
  free(self.out);
  return fault ? 1 : 0;
}
