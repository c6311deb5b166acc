// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "ir/container.h"
#include "tests/sounds.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on

/// Walk over bytes; a walk that does not end ends the test
static FalStatus
walk(const Bytes* const b, FalContainer* const container)
{
  FalError        error = {FAL_OK, ""};
  const int       fd    = file_of(b->bytes, b->n);
  const FalStatus st =
    fal_container_walk(container, fd, "x.wav", FAL_FORMATS_RESPONSE, &error);
  close(fd);
  assert_int_equal(error.status, st);
  if (st) {
    assert_int_equal(strncmp(error.text, "x.wav: ", 7U), 0);
  }
  return st;
}

static FalStatus
status_of(const Bytes* const b)
{
  FalContainer container;
  return walk(b, &container);
}

static void
test_a_plain_file_is_described(void** const state)
{
  (void)state;

  Bytes b = wav(2U, 44100U);
  put_chunk(&b, "bext", 10U, 10U);
  put_chunk(&b, "data", 40U, 40U);
  put_chunk(&b, "iXML", 3U, 4U);

  FalContainer c;
  assert_int_equal(walk(&b, &c), FAL_OK);
  assert_int_equal(c.format, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  assert_int_equal(c.n_channels, 2U);
  assert_int_equal(c.rate_hz, 44100U);
  assert_int_equal(c.n_frames, 10);
  assert_int_equal(c.data_start, 12 + 24 + 18 + 8);
  assert_int_equal(c.data_bytes, 40);
  assert_int_equal(c.n_chunks, 2U);
  assert_string_equal(c.chunks[0].id, "bext");
  assert_int_equal(c.chunks[0].start, 12 + 24 + 8);
  assert_int_equal(c.chunks[0].n_bytes, 10);
  assert_string_equal(c.chunks[1].id, "iXML");
  assert_int_equal(c.chunks[1].n_bytes, 3);
}

static void
test_a_chunk_that_is_larger_than_the_file_is_refused(void** const state)
{
  (void)state;

  const uint32_t lies[] = {41U,         1000U,       0x7FFFFFF0U, 0x80000000U,
                           0xFFFEFFFFU, 0xFFFFFFF0U, 0xFFFFFFFEU};
  for (size_t i = 0U; i < sizeof(lies) / sizeof(*lies); ++i) {
    Bytes b = wav(1U, 48000U);
    put_chunk(&b, "data", lies[i], 40U);
    assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);

    b = wav(1U, 48000U);
    put_chunk(&b, "JUNK", lies[i], 4U);
    put_chunk(&b, "data", 4U, 4U);
    assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);
  }
}

static void
test_a_list_that_loops_is_refused(void** const state)
{
  (void)state;

  // These take sf_open() of libsndfile 1.2.0 back to where it came from
  for (int32_t size = -24; size < 0; ++size) {
    Bytes b = wav(1U, 48000U);
    put_chunk(&b, "LIST", 28U, 0U);
    put_id(&b, "INFO");
    put_chunk(&b, "abcd", (uint32_t)size, 16U);
    put_chunk(&b, "data", 4U, 4U);
    assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);
  }
}

static void
test_what_follows_the_sound_and_is_no_chunk_does_no_harm(void** const state)
{
  (void)state;

  for (size_t n = 0U; n < 64U; ++n) {
    Bytes b = wav(1U, 48000U);
    put_chunk(&b, "data", 40U, 40U);
    for (size_t i = 0U; i < n; ++i) {
      put_uint(&b, 0x80U + 37U * i, 1U, 0);
    }
    FalContainer c;
    assert_int_equal(walk(&b, &c), FAL_OK);
    assert_int_equal(c.n_frames, 20);
  }
}

static void
test_a_stream_header_means_up_to_the_end(void** const state)
{
  (void)state;

  Bytes b = wav(1U, 48000U);
  put_chunk(&b, "data", UINT32_MAX, 44U);
  FalContainer c;
  assert_int_equal(walk(&b, &c), FAL_OK);
  assert_int_equal(c.n_frames, 22);
}

static void
test_channels_and_rates_have_limits(void** const state)
{
  (void)state;

  static const struct {
    uint32_t  n_channels;
    uint32_t  rate_hz;
    FalStatus st;
  } rows[] = {{1U, 999U, FAL_ERR_TOO_LARGE},
              {1U, 1000U, FAL_OK},
              {64U, 1536000U, FAL_OK},
              {1U, 1536001U, FAL_ERR_TOO_LARGE},
              {1U, 0U, FAL_ERR_TOO_LARGE},
              {1U, 1U, FAL_ERR_TOO_LARGE},
              {1U, INT32_MAX, FAL_ERR_TOO_LARGE},
              {1U, UINT32_MAX, FAL_ERR_TOO_LARGE},
              {0U, 48000U, FAL_ERR_TOO_LARGE},
              {65U, 48000U, FAL_ERR_TOO_LARGE},
              {65535U, 48000U, FAL_ERR_TOO_LARGE}};
  for (size_t i = 0U; i < sizeof(rows) / sizeof(*rows); ++i) {
    Bytes b = wav(rows[i].n_channels, rows[i].rate_hz);
    put_chunk(&b, "data", 128U, 128U);
    assert_int_equal(status_of(&b), rows[i].st);
  }
}

static void
test_only_listed_kinds_of_samples_pass(void** const state)
{
  (void)state;

  for (uint32_t tag = 0U; tag < 0x200U; ++tag) {
    for (uint32_t n_bits = 0U; n_bits <= 128U; n_bits += 8U) {
      Bytes b = wav(1U, 48000U);
      b.n     = 12U;
      put_fmt(&b, tag, 2U, 48000U, n_bits);
      put_chunk(&b, "data", 128U, 128U);

      const bool is_integer = tag == 1U && n_bits >= 8U && n_bits <= 32U;
      const bool is_float   = tag == 3U && (n_bits == 32U || n_bits == 64U);
      assert_int_equal(status_of(&b),
                       is_integer || is_float ? FAL_OK : FAL_ERR_FORMAT);
    }
  }
}

static void
test_coded_samples_are_refused_as_such(void** const state)
{
  (void)state;

  // Samples of 4 bits in blocks, which do not fill whole bytes
  static const uint32_t tags[] = {2U, 0x11U, 0x31U, 0x55U};
  for (size_t i = 0U; i < sizeof(tags) / sizeof(*tags); ++i) {
    Bytes b = wav(1U, 48000U);
    b.n     = 12U;
    put_fmt(&b, tags[i], 2U, 48000U, 4U);
    put_chunk(&b, "data", 128U, 128U);
    assert_int_equal(status_of(&b), FAL_ERR_FORMAT);
  }
}

static void
test_a_description_comes_once_and_samples_too(void** const state)
{
  (void)state;

  Bytes b = wav(1U, 48000U);
  put_chunk(&b, "data", 4U, 4U);
  put_chunk(&b, "data", 4U, 4U);
  assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);

  b = wav(1U, 48000U);
  put_fmt(&b, 1U, 2U, 44100U, 24U);
  put_chunk(&b, "data", 4U, 4U);
  assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);

  b = wav(1U, 48000U);
  assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);

  b.n = 12U;
  put_chunk(&b, "data", 4U, 4U);
  assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);
}

static void
test_impossible_counts_are_refused(void** const state)
{
  (void)state;

  // W64: 2^62 frames, and sizes that wrap
  const uint64_t sizes[] = {1ULL << 62U, 1ULL << 63U, UINT64_MAX - 1U, 23U, 0U};
  for (size_t i = 0U; i < sizeof(sizes) / sizeof(*sizes); ++i) {
    Bytes b = {{0U}, 0U};
    Bytes f = {{0U}, 0U};
    put(&b, "riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\0\0", 16U);
    put_uint(&b, 1000U, 8U, 0);
    put(&b, "wave\xF3\xAC\xD3\x11\x8C\xD1\0\xC0\x4F\x8E\xDB\x8A", 16U);
    put(&b, "fmt \xF3\xAC\xD3\x11\x8C\xD1\0\xC0\x4F\x8E\xDB\x8A", 16U);
    put_uint(&b, 40U, 8U, 0);
    put_fmt(&f, 1U, 1U, 48000U, 16U);
    put(&b, f.bytes + 8U, 16U);
    put(&b, "data\xF3\xAC\xD3\x11\x8C\xD1\0\xC0\x4F\x8E\xDB\x8A", 16U);
    put_uint(&b, sizes[i], 8U, 0);
    put_uint(&b, 0U, 8U, 0);
    assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);
  }

  // RF64: 2^62 bytes
  Bytes b = {{0U}, 0U};
  put_id(&b, "RF64");
  put_uint(&b, UINT32_MAX, 4U, 0);
  put_id(&b, "WAVE");
  put_chunk(&b, "ds64", 28U, 8U);
  put_uint(&b, 1ULL << 62U, 8U, 0);
  put_uint(&b, 1ULL << 61U, 8U, 0);
  put_uint(&b, 0U, 4U, 0);
  put_fmt(&b, 1U, 1U, 48000U, 16U);
  put_chunk(&b, "data", UINT32_MAX, 100U);
  assert_int_equal(status_of(&b), FAL_ERR_BAD_DATA);

  // AIFF: more frames than there are
  Bytes a = {{0U}, 0U};
  put_id(&a, "FORM");
  put_uint(&a, 1000U, 4U, 1);
  put_id(&a, "AIFF");
  put_id(&a, "COMM");
  put_uint(&a, 18U, 4U, 1);
  put_uint(&a, 1U, 2U, 1);
  put_uint(&a, UINT32_MAX, 4U, 1);
  put_uint(&a, 16U, 2U, 1);
  put(&a, "\x40\x0E\xBB\x80\0\0\0\0\0\0", 10U);
  put_id(&a, "SSND");
  put_uint(&a, 48U, 4U, 1);
  put_uint(&a, 0U, 8U, 1);
  a.n += 40U;
  assert_int_equal(status_of(&a), FAL_ERR_BAD_DATA);
}

static void
test_millions_of_chunks_are_refused(void** const state)
{
  (void)state;

  const size_t   n_bytes = 1U << 22U;
  uint8_t* const bytes   = (uint8_t*)calloc(n_bytes, 1U);
  assert_non_null(bytes);
  const Bytes b = wav(1U, 48000U);
  memcpy(bytes, b.bytes, b.n);
  for (size_t i = b.n; i + 8U <= n_bytes; i += 8U) {
    memcpy(bytes + i, "JUNK", 4U);
  }

  FalContainer c;
  const int    fd = file_of(bytes, n_bytes);
  assert_int_equal(
    fal_container_walk(&c, fd, "x.wav", FAL_FORMATS_RESPONSE, NULL),
    FAL_ERR_TOO_LARGE);
  close(fd);
  free(bytes);
}

static void
test_no_header_can_be_cut(void** const state)
{
  (void)state;

  Bytes b = wav(1U, 48000U);
  put_chunk(&b, "data", 40U, 40U);
  for (b.n = 0U; b.n < 12U + 24U + 8U + 40U; ++b.n) {
    assert_int_not_equal(status_of(&b), FAL_OK);
  }
  assert_int_equal(status_of(&b), FAL_OK);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_plain_file_is_described),
    cmocka_unit_test(test_a_chunk_that_is_larger_than_the_file_is_refused),
    cmocka_unit_test(test_a_list_that_loops_is_refused),
    cmocka_unit_test(test_what_follows_the_sound_and_is_no_chunk_does_no_harm),
    cmocka_unit_test(test_a_stream_header_means_up_to_the_end),
    cmocka_unit_test(test_channels_and_rates_have_limits),
    cmocka_unit_test(test_only_listed_kinds_of_samples_pass),
    cmocka_unit_test(test_coded_samples_are_refused_as_such),
    cmocka_unit_test(test_a_description_comes_once_and_samples_too),
    cmocka_unit_test(test_impossible_counts_are_refused),
    cmocka_unit_test(test_millions_of_chunks_are_refused),
    cmocka_unit_test(test_no_header_can_be_cut),
  };
  alarm(60U); // A walk that does not end ends the test
  return cmocka_run_group_tests(tests, NULL, NULL);
}
