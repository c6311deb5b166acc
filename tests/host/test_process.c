// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file test_process.c A plugin is a guest in the host's process

#include "tests/host/scene.h"
#include "tests/reference.h"

#include <lv2/atom/atom.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/// What belongs to the whole process
typedef struct {
  char   locale[256];
  char   directory[1024];
  mode_t mask;
  int    rounding;
  int    blocked[NSIG];
  int    flags[NSIG];
  void (*handlers[NSIG])(int);
} Process;

static void
look(Process* const process)
{
  memset(process, 0, sizeof(*process));
  snprintf(process->locale, sizeof(process->locale), "%s",
           setlocale(LC_ALL, NULL));
  assert_non_null(getcwd(process->directory, sizeof(process->directory)));
  process->mask = umask(0);
  umask(process->mask);
  process->rounding = fegetround();

  sigset_t blocked;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  for (int s = 1; s < NSIG; ++s) {
    struct sigaction action = {.sa_flags = 0};
    (void)sigaction(s, NULL, &action);
    process->blocked[s] = sigismember(&blocked, s);
    process->flags[s] =
      action.sa_flags & (SA_SIGINFO | SA_RESTART | SA_ONSTACK | SA_NODEFER);
    process->handlers[s] = action.sa_handler;
  }
}

/// A whole life, with what goes right and what does not
static void
live(void)
{
  const Scene  scene = scene_new();
  float* const x     = ref_new_noise(2U * 4800U, 1U);
  float* const y     = ref_floats(2U * 4800U);
  free(scene_write_ir(scene_file(&scene, "a.wav"), 2U, 5000U, 44100.0, 1U));

  Host* const host           = scene_open(HOST_WORKER_THREAD);
  *host_value(host, "decay") = 150.0f;
  const char* const names[]  = {"none.wav", ".", "a.wav"};
  for (uint32_t n = 0U; n < 3U; ++n) {
    host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path,
                  scene_file(&scene, names[n]), true);
    scene_render(host, x, y, 4800U, 500U, n);
    scene_settle(host);
  }
  host_save(host, scene_file(&scene, "saved"));
  host_restore(host, scene_file(&scene, "saved"));
  host_free(host);
  free(x);
  free(y);
  scene_remove(&scene);
}

static void
test_the_process_is_left_as_it_was_and_nothing_is_printed(void** const state)
{
  (void)state;
  static Process before;
  static Process after;
  FILE* const    printed = tmpfile();
  const int      out     = dup(STDOUT_FILENO);
  const int      err     = dup(STDERR_FILENO);
  assert_non_null(printed);
  fflush(NULL);
  dup2(fileno(printed), STDOUT_FILENO);
  dup2(fileno(printed), STDERR_FILENO);
  look(&before);
  live();
  look(&after);
  fflush(NULL);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  close(out);
  close(err);

  struct stat status;
  assert_int_equal(fstat(fileno(printed), &status), 0);
  assert_int_equal(status.st_size, 0);
  assert_memory_equal(&before, &after, sizeof(before));
  fclose(printed);
}

static void
test_it_goes_on_on_either_side_of_a_fork(void** const state)
{
  (void)state;
  float        x[256] = {1.0f};
  float        y[512];
  float* const in[]  = {x, x};
  float* const out[] = {y, y + 256};
  Host* const  host  = scene_open(HOST_WORKER_NONE);
  host_run(host, in, out, 256U);

  const pid_t child = fork();
  host_run(host, in, out, 256U);
  if (!child) {
    _exit(isfinite(y[0]) ? 0 : 1);
  }
  int status = 1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_true(isfinite(y[0]));
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_process_is_left_as_it_was_and_nothing_is_printed),
    cmocka_unit_test(test_it_goes_on_on_either_side_of_a_fork),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
