// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file failing.h Allocations that fail on demand.

   Include it in one file of a test that is linked with `--wrap` for each of
   these functions; what shared libraries allocate is not touched.
*/

#ifndef FAL_TESTS_FAILING_H
#define FAL_TESTS_FAILING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Allocations until one fails
static uint32_t fal_failing_countdown = UINT32_MAX;

/// Let the nth allocation from now on fail, 0 being the next
static inline void
fail_allocation(const uint32_t n)
{
  fal_failing_countdown = n;
}

/// Stop failing; return whether an allocation has failed
static inline bool
stop_failing(void)
{
  const bool failed     = fal_failing_countdown == UINT32_MAX;
  fal_failing_countdown = UINT32_MAX;
  return failed;
}

static inline bool
is_failing(void)
{
  return fal_failing_countdown != UINT32_MAX && !fal_failing_countdown--;
}

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c)
void* __real_malloc(size_t n);
void* __real_calloc(size_t n, size_t size);
void* __real_realloc(void* p, size_t n);
void* __real_aligned_alloc(size_t alignment, size_t n);
char* __real_strdup(const char* s);
void* __wrap_malloc(size_t n);
void* __wrap_calloc(size_t n, size_t size);
void* __wrap_realloc(void* p, size_t n);
void* __wrap_aligned_alloc(size_t alignment, size_t n);
char* __wrap_strdup(const char* s);

void*
__wrap_malloc(const size_t n)
{
  return is_failing() ? NULL : __real_malloc(n);
}

void*
__wrap_calloc(const size_t n, const size_t size)
{
  return is_failing() ? NULL : __real_calloc(n, size);
}

void*
__wrap_realloc(void* const p, const size_t n)
{
  return is_failing() ? NULL : __real_realloc(p, n);
}

void*
__wrap_aligned_alloc(const size_t alignment, const size_t n)
{
  return is_failing() ? NULL : __real_aligned_alloc(alignment, n);
}

char*
__wrap_strdup(const char* const s)
{
  return is_failing() ? NULL : __real_strdup(s);
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c)

#endif // FAL_TESTS_FAILING_H
