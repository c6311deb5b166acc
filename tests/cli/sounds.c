// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file sounds.c Make and compare sound files for the tests of the program.

       sounds make FILE SUBTYPE RATE CHANNELS FRAMES KIND SEED
       sounds check BOUND_DB OUT DELAY GAIN IN IR...
       sounds same BOUND_DB A B
       sounds mix OUT CHANNELS (IN FRAME GAIN CHANNEL)...
       sounds pick OUT IN LIST...
       sounds last BOUND_DB CUT WHOLE

   KIND is noise, decay, delta, nan (noise with two samples that are none) or
   silence. `check` convolves in double precision, by the sum itself, in the
   channels that ir/ir.h lays down, and prints the RMS error in dB below the RMS
   of the result; GAIN is linear, DELAY the frame of the result that OUT begins
   with. The length must be right, too. `mix` adds the first channel of each IN,
   from a frame on, to a channel of OUT: floats, at the rate of the first IN.
   `pick` makes a channel of each list, the mean of the channels in it. `last`
   asks whether CUT is WHOLE up to the last frame that reaches the level.
*/

#include <sndfile.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  double* x; ///< [n][c]
  long    n;
  int     c;
} Sound;

static void
fail(const char* const text)
{
  fprintf(stderr, "sounds: %s\n", text);
  exit(2);
}

static Sound
load(const char* const path)
{
  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file) {
    fail(path);
  }
  Sound s = {NULL, (long)info.frames, info.channels};
  s.x     = (double*)calloc((size_t)(s.n * s.c + 1), sizeof(double));
  if (!s.x || sf_readf_double(file, s.x, s.n) != s.n) {
    fail(path);
  }
  sf_close(file);
  return s;
}

/// Uniform in -1 to 1 (a 64-bit generator of Knuth's, TAOCP 3.3.4)
static double
uniform(uint64_t* const state)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (double)(int64_t)*state * 0x1p-63;
}

static int
make(char** const argv)
{
  static const struct {
    const char* name;
    int         format;
  } subtypes[] = {
    {"pcm16", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
    {"pcm24", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
    {"pcm32", SF_FORMAT_WAV | SF_FORMAT_PCM_32},
    {"u8", SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
    {"float", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
    {"double", SF_FORMAT_WAV | SF_FORMAT_DOUBLE},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24},
    {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
    {"aiff64", SF_FORMAT_AIFF | SF_FORMAT_DOUBLE},
    {"au", SF_FORMAT_AU | SF_FORMAT_PCM_24},
    {"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_24},
    {"w64", SF_FORMAT_W64 | SF_FORMAT_FLOAT},
    {"wavex", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24},
    {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
  };
  SF_INFO info = {0};
  for (size_t i = 0; i < sizeof(subtypes) / sizeof(subtypes[0]); ++i) {
    if (!strcmp(subtypes[i].name, argv[1])) {
      info.format = subtypes[i].format;
    }
  }
  info.samplerate         = atoi(argv[2]);
  info.channels           = atoi(argv[3]);
  const long        n     = atol(argv[4]);
  const char* const kind  = argv[5];
  uint64_t          seed  = strtoull(argv[6], NULL, 10);
  SNDFILE* const    file  = sf_open(argv[0], SFM_WRITE, &info);
  const int         c     = info.channels;
  double* const     frame = (double*)calloc((size_t)c, sizeof(double));
  if (!file || !frame) {
    fail(argv[0]);
  }
  for (long t = 0; t < n; ++t) {
    const double decay = exp(-7.0 * (double)t / (double)n);
    for (int i = 0; i < c; ++i) {
      const double noise = uniform(&seed);
      frame[i]           = !strcmp(kind, "noise")   ? 0.25 * noise
                           : !strcmp(kind, "decay") ? 0.1 * noise * decay
                           : !strcmp(kind, "delta") ? (t == 0 ? 1.0 : 0.0)
                           : !strcmp(kind, "nan")
                             ? (t == 7 || t == 99 ? (double)NAN : noise)
                             : 0.0;
    }
    if (sf_writef_double(file, frame, 1) != 1) {
      fail(argv[0]);
    }
  }
  free(frame);
  return sf_close(file);
}

/// out[o] += in[i] * ir[k], into columns of a sum
static void
add_route(Sound* const sum, const Sound* const in, const int i,
          const Sound* const ir, const int k, const int o, const double gain)
{
  for (long t = 0; t < in->n; ++t) {
    const double x = in->x[t * in->c + i];
    for (long s = 0; s < ir->n && x != 0.0; ++s) {
      sum->x[(t + s) * sum->c + o] += gain * x * ir->x[s * ir->c + k];
    }
  }
}

static Sound
convolve(const Sound* const in, const Sound* const ir)
{
  const int is_true_stereo = in->c == 2 && ir->c == 4;
  const int is_matrix      = ir->c > 1 && in->c > 1 && ir->c != in->c;
  const int n_out          = ir->c == 1       ? in->c
                             : in->c == 1     ? (ir->c == 4 ? 2 : ir->c)
                             : is_true_stereo ? 2
                             : is_matrix      ? ir->c / in->c
                                              : in->c;

  Sound sum = {NULL, in->n + ir->n - 1, n_out};
  sum.x     = (double*)calloc((size_t)(sum.n * sum.c), sizeof(double));
  if (!sum.x) {
    fail("memory");
  }
  for (int i = 0; i < in->c; ++i) {
    for (int o = 0; o < n_out; ++o) {
      if (in->c == 1 && ir->c == 4) { // In the middle of LL LR RL RR
        add_route(&sum, in, i, ir, o, o, 0.5);
        add_route(&sum, in, i, ir, 2 + o, o, 0.5);
      } else if (in->c == 1) {
        add_route(&sum, in, i, ir, o % ir->c, o, 1.0);
      } else if (is_matrix) {
        add_route(&sum, in, i, ir, i * n_out + o, o, 1.0);
      } else if (i == o) {
        add_route(&sum, in, i, ir, ir->c == 1 ? 0 : i, o, 1.0);
      }
    }
  }
  return sum;
}

/// Compare y with the frames of `reference` from `first` on
static int
compare(const double bound_db, const Sound* const y,
        const Sound* const reference, const long first, const double gain)
{
  double error  = 0.0;
  double energy = 0.0;
  if (y->c != reference->c) {
    fprintf(stderr, "%d channels, not %d\n", y->c, reference->c);
    return 1;
  }
  for (long t = 0; t < y->n; ++t) {
    for (int c = 0; c < y->c; ++c) {
      const long   s   = t + first;
      const double ref = s >= 0 && s < reference->n
                           ? gain * reference->x[s * reference->c + c]
                           : 0.0;
      const double e   = y->x[t * y->c + c] - ref;
      error += e * e;
      energy += ref * ref;
    }
  }
  const double db = 10.0 * log10(error / energy);
  fprintf(stderr, "error %.1f dB, bound %.1f dB\n", db, bound_db);
  return !(error == 0.0 || db <= bound_db);
}

static int
mix(const int argc, char** const argv)
{
  const int c    = atoi(argv[1]);
  SF_INFO   info = {0};
  Sound     sum  = {NULL, 0, c};
  for (int i = 2; i + 3 < argc; i += 4) {
    SF_INFO        here = {0};
    SNDFILE* const file = sf_open(argv[i], SFM_READ, &here);
    if (!file) {
      fail(argv[i]);
    }
    sf_close(file);
    const long end  = (long)here.frames + atol(argv[i + 1]);
    sum.n           = end > sum.n ? end : sum.n;
    info.samplerate = i == 2 ? here.samplerate : info.samplerate;
  }
  info.channels       = c;
  info.format         = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  SNDFILE* const file = sf_open(argv[0], SFM_WRITE, &info);
  sum.x = (double*)calloc((size_t)(sum.n * c) + 1U, sizeof(double));
  if (!file || !sum.x) {
    fail(argv[0]);
  }
  for (int i = 2; i + 3 < argc; i += 4) {
    const Sound in = load(argv[i]);
    for (long t = 0; t < in.n; ++t) {
      sum.x[(t + atol(argv[i + 1])) * c + atoi(argv[i + 3])] +=
        atof(argv[i + 2]) * in.x[t * in.c];
    }
    free(in.x);
  }
  const int failed = sf_writef_double(file, sum.x, sum.n) != sum.n;
  free(sum.x);
  return sf_close(file) || failed;
}

/// A channel of each list
static int
pick(const char* const path, const char* const input, char** const lists,
     const int n_lists)
{
  const Sound in      = load(input);
  SF_INFO     info    = {0};
  info.format         = SF_FORMAT_WAV | SF_FORMAT_DOUBLE;
  info.channels       = n_lists;
  info.samplerate     = 48000;
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file) {
    fail(path);
  }
  for (long t = 0; t < in.n; ++t) {
    double frame[64] = {0.0};
    for (int c = 0; c < n_lists; ++c) {
      int n = 0;
      for (const char* s = lists[c]; s; s = strchr(s, ',')) {
        s += *s == ',' ? 1 : 0;
        frame[c] += in.x[t * in.c + atoi(s) - 1];
        ++n;
      }
      frame[c] /= n;
    }
    if (sf_writef_double(file, frame, 1) != 1) {
      fail(path);
    }
  }
  free(in.x);
  return sf_close(file);
}

/// Whether a sound ends with the last frame of another that is loud enough
static int
check_last(const double bound_db, const Sound* const cut,
           const Sound* const whole)
{
  const double bound = pow(10.0, bound_db / 20.0);
  long         n     = 0;
  for (long i = 0; i < whole->n * whole->c; ++i) {
    n = fabs(whole->x[i]) >= bound ? i / whole->c + 1 : n;
  }
  fprintf(stderr, "%ld frames, wanted %ld\n", cut->n, n);
  return cut->n != n || cut->c != whole->c ||
         memcmp(cut->x, whole->x, (size_t)(n * cut->c) * sizeof(double)) != 0;
}

int
main(const int argc, char** const argv)
{
  if (argc == 9 && !strcmp(argv[1], "make")) {
    return make(argv + 2);
  }
  if (argc >= 8 && !strcmp(argv[1], "mix")) {
    return mix(argc - 2, argv + 2);
  }
  if (argc == 5 && !strcmp(argv[1], "same")) {
    const Sound a      = load(argv[3]);
    const Sound b      = load(argv[4]);
    const int   differ = a.n != b.n || compare(atof(argv[2]), &a, &b, 0, 1.0);
    free(a.x);
    free(b.x);
    return differ;
  }
  if (argc >= 8 && !strcmp(argv[1], "check")) {
    const Sound y   = load(argv[3]);
    Sound       sum = load(argv[6]);
    for (int i = 7; i < argc; ++i) {
      const Sound ir   = load(argv[i]);
      const Sound next = convolve(&sum, &ir);
      free(ir.x);
      free(sum.x);
      sum = next;
    }
    const int differ =
      compare(atof(argv[2]), &y, &sum, atol(argv[4]), atof(argv[5]));
    free(y.x);
    free(sum.x);
    return differ;
  }
  if (argc >= 5 && !strcmp(argv[1], "pick")) {
    return pick(argv[2], argv[3], argv + 4, argc - 4);
  }
  if (argc == 5 && !strcmp(argv[1], "last")) {
    const Sound cut    = load(argv[3]);
    const Sound whole  = load(argv[4]);
    const int   differ = check_last(atof(argv[2]), &cut, &whole);
    free(cut.x);
    free(whole.x);
    return differ;
  }
  fail("make, check, same, mix, pick or last");
}
