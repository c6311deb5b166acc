// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file parts.h What the parts of the host share

#ifndef FAL_TESTS_HOST_PARTS_H
#define FAL_TESTS_HOST_PARTS_H

#include "tests/host/host.h"

#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

extern LV2_URID_Map   host_urid_map;
extern LV2_URID_Unmap host_urid_unmap;

/// Start and end the worker's thread
void host_start_worker(Host* host);
void host_stop_worker(Host* host);

/// LV2_Worker_Schedule::schedule_work
LV2_Worker_Status host_schedule(LV2_Worker_Schedule_Handle handle,
                                uint32_t size, const void* data);

/// Prepare the event ports for a block, and read what has been told after it
void host_begin_events(Host* host);
void host_end_events(Host* host);

#endif // FAL_TESTS_HOST_PARTS_H
