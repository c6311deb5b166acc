// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/instance.h"
#include "plugin/loader.h"
#include "plugin/ports.h"
#include "plugin/uris.h"

#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/worker/worker.h>

#include <stdint.h>
#include <string.h>

static LV2_Handle
instantiate(const LV2_Descriptor* const descriptor, const double rate_hz,
            const char* const               bundle_path,
            const LV2_Feature* const* const features)
{
  const bool is_mono   = !strcmp(descriptor->URI, FAL_URI_MONO);
  const bool is_stereo = !strcmp(descriptor->URI, FAL_URI_STEREO);
  return fal_instance_new(is_stereo ? 2U : 1U, is_mono ? 1U : 2U, rate_hz,
                          bundle_path, features);
}

static void
connect_port(const LV2_Handle handle, const uint32_t index, void* const data)
{
  FalInstance* const self   = (FalInstance*)handle;
  const uint32_t     port   = fal_port_at(index, self->n_outputs);
  const uint32_t     input  = port - FAL_N_PORTS;
  const uint32_t     output = input - self->n_inputs;

  if (port == FAL_PORT_CONTROL) {
    self->control = (const LV2_Atom_Sequence*)data;
  } else if (port == FAL_PORT_NOTIFY) {
    self->notify = (LV2_Atom_Sequence*)data;
  } else if (port < FAL_N_PORTS) {
    self->values[port] = (float*)data;
  } else if (input < self->n_inputs) {
    self->inputs[input] = (const float*)data;
  } else if (output < self->n_outputs) {
    self->outputs[output] = (float*)data;
  }
}

static void
cleanup(const LV2_Handle handle)
{
  fal_instance_free((FalInstance*)handle);
}

static LV2_Worker_Status
work(const LV2_Handle handle, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle respond_handle, const uint32_t size,
     const void* const data)
{
  (void)respond; // The sound lies ready where run() looks for it
  (void)respond_handle;
  (void)size;
  (void)data;
  fal_loader_work(&((FalInstance*)handle)->loader);
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
work_response(const LV2_Handle handle, const uint32_t size,
              const void* const body)
{
  (void)handle;
  (void)size;
  (void)body;
  return LV2_WORKER_SUCCESS;
}

static const void*
extension_data(const char* const uri)
{
  static const LV2_Worker_Interface worker = {work, work_response, NULL};

  if (!strcmp(uri, LV2_STATE__interface)) {
    return fal_instance_state();
  }
  if (!strcmp(uri, LV2_WORKER__interface)) {
    return &worker;
  }
  return NULL;
}

#define DESCRIPTOR(uri)                                                        \
  {                                                                            \
    (uri), instantiate, connect_port, fal_instance_activate, fal_instance_run, \
      NULL, cleanup, extension_data                                            \
  }

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  static const LV2_Descriptor descriptors[] = {
    DESCRIPTOR(FAL_URI_MONO),
    DESCRIPTOR(FAL_URI_MONO_STEREO),
    DESCRIPTOR(FAL_URI_STEREO),
  };

  return index < sizeof(descriptors) / sizeof(descriptors[0])
           ? &descriptors[index]
           : NULL;
}
