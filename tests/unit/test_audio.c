// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/audio.h"
#include "tests/failing.h"
#include "tests/reference.h"
#include "tests/sounds.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { n_frames = 4000, n_channels = 2, rate_hz = 44100 };

static float frames[n_frames * n_channels];

/// A format of impulse responses, and how closely it keeps samples
static const struct {
  int    format;
  double error; ///< Two steps (libsndfile writes 127/128); 0: lossy
} formats[] = {
  {SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 2.0 / 128.0},
  {SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2.0 / 32768.0},
  {SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2.0 / 8388608.0},
  {SF_FORMAT_WAV | SF_FORMAT_PCM_32, 2.0 / 8388608.0},
  {SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1e-30},
  {SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 1e-30},
  {SF_FORMAT_WAV | SF_FORMAT_PCM_24 | SF_ENDIAN_BIG, 2.0 / 8388608.0},
  {SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 2.0 / 8388608.0},
  {SF_FORMAT_WAVEX | SF_FORMAT_FLOAT, 1e-30},
  {SF_FORMAT_RF64 | SF_FORMAT_PCM_24, 2.0 / 8388608.0},
  {SF_FORMAT_RF64 | SF_FORMAT_FLOAT, 1e-30},
  {SF_FORMAT_W64 | SF_FORMAT_PCM_16, 2.0 / 32768.0},
  {SF_FORMAT_W64 | SF_FORMAT_FLOAT, 1e-30},
  {SF_FORMAT_AIFF | SF_FORMAT_PCM_S8, 2.0 / 128.0},
  {SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 2.0 / 32768.0},
  {SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 2.0 / 8388608.0},
  {SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, 2.0 / 32768.0},
  {SF_FORMAT_AIFF | SF_FORMAT_FLOAT, 1e-30},
  {SF_FORMAT_AIFF | SF_FORMAT_DOUBLE, 1e-30},
  {SF_FORMAT_CAF | SF_FORMAT_PCM_16, 2.0 / 32768.0},
  {SF_FORMAT_CAF | SF_FORMAT_PCM_24 | SF_ENDIAN_LITTLE, 2.0 / 8388608.0},
  {SF_FORMAT_CAF | SF_FORMAT_FLOAT, 1e-30},
  {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2.0 / 32768.0},
  {SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 2.0 / 8388608.0},
  {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0.0},
};

enum { n_formats = sizeof(formats) / sizeof(*formats) };

static FalStatus
read_and_close(FalAudio* const audio, FalFile* const file,
               const uint32_t most_frames, FalError* const error)
{
  const FalStatus st = fal_audio_read(audio, file, most_frames, error);
  fal_file_close(file);
  return st;
}

static FalStatus
read_fd(FalAudio* const audio, const int fd, FalError* const error)
{
  FalFile*        file = NULL;
  const FalStatus st =
    fal_file_open_fd(&file, fd, "x", FAL_FORMATS_RESPONSE, error);
  return st ? st : read_and_close(audio, file, 1000000U, error);
}

static FalStatus
read_path(FalAudio* const audio, const char* const path,
          const uint32_t most_frames, FalError* const error)
{
  FalFile*        file = NULL;
  const FalStatus st = fal_file_open(&file, path, FAL_FORMATS_RESPONSE, error);
  return st ? st : read_and_close(audio, file, most_frames, error);
}

static int
setup(void** const state)
{
  (void)state;
  ref_noise(frames, n_frames * n_channels, 1U);
  for (size_t i = 0U; i < n_frames * n_channels; ++i) {
    frames[i] *= 0.9F;
  }
  return 0;
}

static void
test_every_listed_format_is_read(void** const state)
{
  (void)state;

  for (size_t f = 0U; f < n_formats; ++f) {
    FalAudio  audio = {NULL, 0U, 0U, 0.0};
    FalError  error = {FAL_OK, ""};
    const int fd =
      sound_of(formats[f].format, n_channels, rate_hz, frames, n_frames);
    assert_int_equal(read_fd(&audio, fd, &error), FAL_OK);
    assert_int_equal(audio.n_channels, n_channels);
    assert_true(audio.rate_hz == rate_hz);

    assert_int_equal(audio.n_frames, n_frames);
    for (size_t t = 0U; formats[f].error > 0.0 && t < n_frames; ++t) {
      for (size_t c = 0U; c < n_channels; ++c) {
        const double x = audio.samples[c * n_frames + t];
        assert_true(fabs(x - (double)frames[t * n_channels + c]) <=
                    formats[f].error);
      }
    }
    fal_audio_clear(&audio);
  }
}

static void
test_no_file_can_be_cut(void** const state)
{
  (void)state;

  uint8_t bytes[n_frames * n_channels * 9];
  for (size_t f = 0U; f + 1U < n_formats; ++f) {
    FalContainer whole;
    int fd = sound_of(formats[f].format, n_channels, rate_hz, frames, n_frames);
    assert_int_equal(
      fal_container_walk(&whole, fd, "x", FAL_FORMATS_RESPONSE, NULL), FAL_OK);
    const size_t end = (size_t)(whole.data_start + whole.data_bytes);
    assert_true(pread(fd, bytes, sizeof(bytes), 0) >= (ssize_t)end);
    close(fd);

    for (size_t n = 0U; n < end; n += n < 300U ? 1U : 211U) {
      FalAudio audio = {NULL, 0U, 0U, 0.0};
      FalError error = {FAL_OK, ""};
      fd             = file_of(bytes, n);
      assert_int_not_equal(read_fd(&audio, fd, &error), FAL_OK);
      assert_int_equal(strncmp(error.text, "x: ", 3U), 0);
      assert_null(audio.samples);
    }
  }
}

static void
test_the_count_of_a_flac_file_is_not_believed(void** const state)
{
  (void)state;

  uint8_t       bytes[65536];
  const int     fd = sound_of(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, n_channels,
                              rate_hz, frames, n_frames);
  const ssize_t n  = pread(fd, bytes, sizeof(bytes), 0);
  close(fd);
  assert_true(n > 26 && n < (ssize_t)sizeof(bytes));

  FalAudio audio = {NULL, 0U, 0U, 0.0};
  FalError error = {FAL_OK, ""};
  bytes[21] |= 0x0FU; // 64 billion frames
  assert_int_equal(read_fd(&audio, file_of(bytes, (size_t)n), &error),
                   FAL_ERR_TOO_LARGE);

  bytes[21] &= 0xF0U;
  ++bytes[25]; // One more than there are
  assert_int_equal(read_fd(&audio, file_of(bytes, (size_t)n), &error),
                   FAL_ERR_BAD_DATA);

  memset(bytes + 22, 0, 4U); // "Not known"
  assert_int_equal(read_fd(&audio, file_of(bytes, (size_t)n), &error), FAL_OK);
  assert_int_equal(audio.n_frames, n_frames);
  fal_audio_clear(&audio);
}

static void
test_no_byte_of_a_compressed_file_can_change(void** const state)
{
  (void)state;

  static const int compressed[] = {SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                   SF_FORMAT_OGG | SF_FORMAT_VORBIS,
                                   SF_FORMAT_OGG | SF_FORMAT_OPUS};
  for (size_t f = 0U; f < 3U; ++f) {
    uint8_t       bytes[65536];
    const int     fd = sound_of(compressed[f], 2, 48000, frames, n_frames);
    const ssize_t n  = pread(fd, bytes, sizeof(bytes), 0);
    close(fd);
    assert_true(n > 1000 && n < (ssize_t)sizeof(bytes));

    // Beyond what describes the sound, which FLAC has no checksum for
    for (ssize_t at = f ? 0 : n / 2; at < n; at += 97) {
      FalAudio audio = {NULL, 0U, 0U, 0.0};
      bytes[at] ^= 0x10U;
      assert_int_not_equal(read_fd(&audio, file_of(bytes, (size_t)n), NULL),
                           FAL_OK);
      bytes[at] ^= 0x10U;
    }
  }
}

static void
test_only_regular_files_are_opened(void** const state)
{
  (void)state;

  enter_folder();
  assert_int_equal(mkfifo("fifo", 0600), 0);
  assert_int_equal(mkdir("folder", 0700), 0);
  assert_int_equal(symlink("fifo", "link"), 0);
  const struct sockaddr_un name = {AF_UNIX, "socket"};
  const int                s    = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(bind(s, (const struct sockaddr*)&name, sizeof(name)), 0);

  const char* const paths[] = {
    "fifo",      "folder",          "link",           "socket",      "missing",
    "/dev/null", "/dev/zero",       "/dev/tty",       "/dev/fd",     "",
    "/proc",     "/proc/self/stat", "/proc/self/mem", "/dev/stdin/x"};
  for (size_t i = 0U; i < sizeof(paths) / sizeof(*paths); ++i) {
    FalAudio audio = {NULL, 0U, 0U, 0.0};
    FalError error = {FAL_OK, ""};
    assert_int_not_equal(read_path(&audio, paths[i], 1000U, &error), FAL_OK);
    assert_int_equal(strncmp(error.text, paths[i], strlen(paths[i])), 0);
    assert_null(audio.samples);
  }
  const char* const special[] = {"fifo", "link", "/dev/null", "/dev/zero"};
  for (size_t i = 0U; i < sizeof(special) / sizeof(*special); ++i) {
    FalAudio audio = {NULL, 0U, 0U, 0.0};
    FalError error = {FAL_OK, ""};
    assert_int_equal(read_path(&audio, special[i], 1000U, &error),
                     FAL_ERR_OPEN);
    assert_non_null(strstr(error.text, ": not a regular file"));
  }
  close(s);
  leave_folder();
}

static void
test_samples_must_be_finite_and_may_be_silent(void** const state)
{
  (void)state;

  const float bad[] = {NAN, INFINITY, -INFINITY, 1e30F};
  for (size_t i = 0U; i < 4U; ++i) {
    float    x[100]  = {0.0F};
    FalAudio audio   = {NULL, 0U, 0U, 0.0};
    x[i * 33U]       = bad[i];
    const int format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    assert_int_equal(read_fd(&audio, sound_of(format, 1, 8000, x, 100U), NULL),
                     FAL_ERR_BAD_DATA);
    x[i * 33U] = 0.0F;
    assert_int_equal(read_fd(&audio, sound_of(format, 1, 8000, x, 100U), NULL),
                     FAL_OK);
    fal_audio_clear(&audio);
  }
}

static void
test_a_file_without_frames_is_refused(void** const state)
{
  (void)state;

  for (size_t f = 0U; f + 1U < n_formats; ++f) {
    FalAudio  audio = {NULL, 0U, 0U, 0.0};
    FalError  error = {FAL_OK, ""};
    const int fd    = sound_of(formats[f].format, 1, 48000, frames, 0U);
    assert_int_not_equal(read_fd(&audio, fd, &error), FAL_OK);
    assert_true(strlen(error.text) > 3U);
  }
}

static void
test_no_more_frames_than_wanted_are_taken(void** const state)
{
  (void)state;

  enter_folder();
  save(sound_of(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, 48000, frames, 4000U),
       "x.wav");
  FalAudio audio = {NULL, 0U, 0U, 0.0};
  assert_int_equal(read_path(&audio, "x.wav", 3999U, NULL), FAL_ERR_TOO_LARGE);
  assert_int_equal(read_path(&audio, "x.wav", 4000U, NULL), FAL_OK);
  fal_audio_clear(&audio);
  leave_folder();
}

static void
test_more_samples_than_memory_is_given_are_refused(void** const state)
{
  (void)state;

  // Silence that takes no room
  Bytes       b       = wav(64U, 1000U);
  const int   fd      = file_of(b.bytes, b.n);
  const off_t n_bytes = (off_t)FAL_AUDIO_MAX_SAMPLES * 2 + 128;
  put_chunk(&b, "data", (uint32_t)n_bytes, 0U);
  assert_int_equal(pwrite(fd, b.bytes, b.n, 0), b.n);
  assert_int_equal(ftruncate(fd, (off_t)b.n + n_bytes), 0);

  FalFile* file  = NULL;
  FalAudio audio = {NULL, 0U, 0U, 0.0};
  assert_int_equal(fal_file_open_fd(&file, fd, "x", FAL_FORMATS_RESPONSE, NULL),
                   FAL_OK);
  assert_int_equal(read_and_close(&audio, file, UINT32_MAX, NULL),
                   FAL_ERR_TOO_LARGE);

  float x[100] = {0.0F};
  audio        = (FalAudio){x, 1U, 100U, 1000.0};
  assert_int_equal(fal_audio_resample(&audio, 1e10), FAL_ERR_TOO_LARGE);
  assert_ptr_equal(audio.samples, x);
}

static void
test_failed_alloc(void** const state)
{
  (void)state;

  bool failed = true;
  for (uint32_t n = 0U; failed; ++n) {
    FalAudio  audio = {NULL, 0U, 0U, 0.0};
    FalError  error = {FAL_OK, ""};
    const int fd =
      sound_of(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, 44100, frames, n_frames);

    fail_allocation(n);
    FalStatus st = read_fd(&audio, fd, &error);
    if (!st) {
      const FalAudio before = audio;
      if ((st = fal_audio_resample(&audio, 48000.0))) {
        assert_memory_equal(&before, &audio, sizeof(audio));
        error.status = st;
      }
    }
    failed = stop_failing();
    assert_int_equal(st, failed ? FAL_ERR_NO_MEM : FAL_OK);
    assert_int_equal(error.status, st);
    fal_audio_clear(&audio);
    assert_true(n < 100U);
    assert_true(n || failed); // There is an allocation to fail
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_listed_format_is_read),
    cmocka_unit_test(test_no_file_can_be_cut),
    cmocka_unit_test(test_the_count_of_a_flac_file_is_not_believed),
    cmocka_unit_test(test_no_byte_of_a_compressed_file_can_change),
    cmocka_unit_test(test_only_regular_files_are_opened),
    cmocka_unit_test(test_samples_must_be_finite_and_may_be_silent),
    cmocka_unit_test(test_a_file_without_frames_is_refused),
    cmocka_unit_test(test_no_more_frames_than_wanted_are_taken),
    cmocka_unit_test(test_more_samples_than_memory_is_given_are_refused),
    cmocka_unit_test(test_failed_alloc),
  };
  alarm(100U); // What waits for ever ends the test
  return cmocka_run_group_tests(tests, setup, NULL);
}
