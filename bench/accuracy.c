// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/*
  The engine's accuracy: noise through decaying noise, against the sum itself in
  double precision, at some thousand frames of each work.
*/

#include "core/engine.h"
#include "core/simd.h"
#include "tests/reference.h"
#include "tests/unit/engine_bench.h"

#include <stdbool.h>
#include <stdio.h>

enum { N = 4000 };

static void
print_errors(const Matrix* const m, const Signal* const x,
             const Signal* const y)
{
  static float  got[N];
  static double expected[N];
  uint64_t      seed = 1U;
  for (uint32_t k = 0U; k < N; ++k) {
    const uint32_t o = k % m->n_outputs;
    const size_t   t = ref_between(&seed, y->n_frames / 3U, y->n_frames - 1U);
    got[k]           = y->channels[o][t];
    expected[k]      = expected_at(m, x, o, t);
  }
  printf("  %7.1f %7.1f", ref_error_db(got, expected, N),
         ref_peak_error_db(got, expected, N));
}

int
main(void)
{
  static const uint32_t lengths[] = {1U,    64U,    256U,    4096U,
                                     9000U, 48000U, 150000U, 480000U};
  static const Calls    calls[]   = {{1U, false, 0U},    {64U, false, 0U},
                                     {256U, false, 0U},  {480U, false, 0U},
                                     {1024U, false, 0U}, {1024U, true, 1U}};
  enum { N_CALLS = sizeof(calls) / sizeof(*calls) };

  printf("true stereo, error and largest error in dB of the RMS (%s)\n%8s",
         fal_simd_get()->name, "frames");
  for (size_t c = 0U; c < N_CALLS; ++c) {
    printf("  %s%5u frames", calls[c].is_random ? "1-" : "  ", calls[c].most);
  }
  printf("\n");

  for (size_t l = 0U; l < sizeof(lengths) / sizeof(*lengths); ++l) {
    const size_t n = lengths[l] + 20000U;
    const Matrix m = new_matrix(2U, 2U, lengths[l], 1U);
    const Signal x = new_noise_signal(2U, n, 2U);
    const Signal y = new_signal(2U, n);
    printf("%8u", lengths[l]);
    for (size_t c = 0U; c < N_CALLS; ++c) {
      FalEngine* const engine = new_sounding_engine(&m, calls[c].most, SKIP_DB);
      play(engine, &x, &y, 0U, n, calls[c]);
      print_errors(&m, &x, &y);
      fflush(stdout);
      fal_engine_free(engine);
    }
    printf("\n");
    free_signal(&y);
    free_signal(&x);
    free_matrix(&m);
  }
  return 0;
}
