// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file test_guard.c Nothing but arithmetic in run().

   Calls of the C library that may wait are caught by definitions of our own;
   system calls, however they are made, by the kernel (user dispatch).
*/

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

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF 0
#define PR_SYS_DISPATCH_ON 1
#endif

static volatile sig_atomic_t n_calls    = 0;
static volatile sig_atomic_t n_syscalls = 0;
static const char* volatile caught      = "";

static void
check(const char* const name)
{
  if (host_is_in_run) {
    ++n_calls;
    caught = name;
  }
}

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t n, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void  __libc_free(void* memory);

void*
malloc(const size_t size)
{
  check("malloc");
  return __libc_malloc(size);
}

void*
calloc(const size_t n, const size_t size)
{
  check("calloc");
  return __libc_calloc(n, size);
}

void*
realloc(void* const memory, const size_t size)
{
  check("realloc");
  return __libc_realloc(memory, size);
}

void*
aligned_alloc(const size_t alignment, const size_t size)
{
  check("aligned_alloc");
  return __libc_memalign(alignment, size);
}

void*
memalign(const size_t alignment, const size_t size)
{
  check("memalign");
  return __libc_memalign(alignment, size);
}

int
posix_memalign(void** const memory, const size_t alignment, const size_t size)
{
  check("posix_memalign");
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

void
free(void* const memory)
{
  check("free");
  __libc_free(memory);
}

#define FORWARD(result, name, parameters, arguments)                           \
  result name parameters;                                                      \
  result name parameters                                                       \
  {                                                                            \
    static result(*next) parameters = NULL;                                    \
    check(#name);                                                              \
    if (!next) {                                                               \
      *(void**)&next = dlsym(RTLD_NEXT, #name);                                \
    }                                                                          \
    return next arguments;                                                     \
  }

FORWARD(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
FORWARD(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
FORWARD(int, pthread_cond_signal, (pthread_cond_t * c), (c))
FORWARD(int, usleep, (useconds_t us), (us))
FORWARD(ssize_t, write, (int fd, const void* data, size_t n), (fd, data, n))
FORWARD(ssize_t, read, (int fd, void* data, size_t n), (fd, data, n))
FORWARD(int, fputs, (const char* text, FILE* file), (text, file))
FORWARD(int, clock_gettime, (clockid_t clock, struct timespec* t), (clock, t))

static void
catch_syscall(const int signal, siginfo_t* const info, void* const context)
{
  (void)signal;
  (void)info;
  (void)context;
  host_is_in_run = 0;
  ++n_syscalls;
}

/// Let the kernel watch this thread's run()s; false if it cannot
static bool
watch_syscalls(void)
{
  struct sigaction action = {.sa_sigaction = catch_syscall,
                             .sa_flags     = SA_SIGINFO};
  return !sigaction(SIGSYS, &action, NULL) &&
         !prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0L, 0L,
                &host_is_in_run);
}

static void
unwatch_syscalls(void)
{
  (void)prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0L, 0L, NULL);
}

/// Everything that happens in a session, in one minute
static void
play_everything(const char* const uri)
{
  const Scene scene = scene_new();
  free(scene_write_ir(scene_file(&scene, "a.wav"), 2U, 3000U, 48000.0, 1U));
  free(scene_write_ir(scene_file(&scene, "b.wav"), 1U, 200000U, 48000.0, 2U));

  const HostConfig  config  = {.uri = uri, .worker = HOST_WORKER_THREAD};
  Host* const       host    = host_new(&config);
  uint64_t          state   = 1U;
  float* const      x       = ref_new_noise(4096U, 1U);
  float* const      y       = ref_floats(4096U);
  float* const      in[]    = {x, x};
  float* const      out[]   = {y, y};
  const char* const names[] = {"a.wav", "b.wav", "none.wav"};
  for (uint32_t b = 0U; b < 600U; ++b) {
    if (b % 20U == 0U) {
      host_set_path(host, "urn:faltung:ir", LV2_ATOM__Path,
                    scene_file(&scene, names[b / 20U % 3U]), true);
      host_get(host, "urn:faltung:ir");
    }
    *host_value(host, "wet")     = -(float)ref_between(&state, 0U, 90U);
    *host_value(host, "dry")     = -(float)ref_between(&state, 0U, 90U);
    *host_value(host, "enabled") = (float)ref_between(&state, 0U, 1U);
    host->is_queue_full          = b % 3U == 0U;
    host_run(host, in, out, (uint32_t)ref_between(&state, 0U, 1024U));
    if (b % 20U == 10U) {
      host_wait(host);
    }
  }
  host_free(host);
  free(x);
  free(y);
  scene_remove(&scene);
}

static const char* const uris[] = {
  "urn:faltung:mono", "urn:faltung:mono-stereo", "urn:faltung:stereo"};

static void
test_the_guard_sees_what_it_is_to_see(void** const state)
{
  (void)state;
  host_is_in_run   = 1;
  void* volatile m = malloc(1U);
  free(m);
  host_is_in_run = 0;
  assert_int_equal(n_calls, 2);
  n_calls = 0;
}

static void
test_run_never_calls_what_may_wait(void** const state)
{
  (void)state;
  for (uint32_t u = 0U; u < 3U; ++u) {
    play_everything(uris[u]);
    assert_string_equal(caught = n_calls ? caught : "", "");
  }
}

static void
test_run_never_enters_the_kernel(void** const state)
{
  (void)state;
  if (!watch_syscalls()) {
    skip();
  }
  host_is_in_run = 1;
  getppid();
  host_is_in_run = 0;
  assert_int_equal(n_syscalls, 1); // The guard itself works
  n_syscalls = 0;
  for (uint32_t u = 0U; u < 3U; ++u) {
    play_everything(uris[u]);
  }
  unwatch_syscalls();
  assert_int_equal(n_syscalls, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_guard_sees_what_it_is_to_see),
    cmocka_unit_test(test_run_never_calls_what_may_wait),
    cmocka_unit_test(test_run_never_enters_the_kernel),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
