// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "tests/host/counter.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

int
counter_open(void)
{
  struct perf_event_attr event = {
    .type           = PERF_TYPE_HARDWARE,
    .size           = sizeof(event),
    .config         = PERF_COUNT_HW_INSTRUCTIONS,
    .exclude_kernel = 1,
    .exclude_hv     = 1,
  };
  return (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, 0UL);
}

uint64_t
counter_read(const int counter)
{
  uint64_t n = 0U;
  return counter >= 0 && read(counter, &n, sizeof(n)) == sizeof(n) ? n : 0U;
}
