// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file test_version.c What hosts have saved goes on to load, word for word

#include "tests/host/scene.h"

#include <lv2/atom/atom.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefixes[] =
  "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
  "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
  "@prefix state: <http://lv2plug.in/ns/ext/state#> .\n"
  "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n";

/// Version 0.1, by Ardour 7.3
static const char ardour[] = "<>\n"
                             "  a pset:Preset ;\n"
                             "  lv2:appliesTo <urn:faltung:stereo> ;\n"
                             "  state:state [\n"
                             "    <urn:faltung:ir> <a.wav> ;\n"
                             "    <urn:faltung:irHash> \"123\"^^xsd:long ;\n"
                             "    <urn:faltung:irSize> \"456\"^^xsd:long\n"
                             "  ] .\n";

/// Version 0.1, by jalv, with ports
static const char jalv[] =
  "<>\n"
  "  a pset:Preset ;\n"
  "  lv2:appliesTo <urn:faltung:stereo> ;\n"
  "  lv2:port [ lv2:symbol \"dry\" ; pset:value -90.0 ] ,\n"
  "    [ lv2:symbol \"wet\" ; pset:value -6.0 ] ;\n"
  "  state:state [ <urn:faltung:ir> <a.wav> ] .\n";

/// A version to come, which knows more
static const char later[] = "<>\n"
                            "  a pset:Preset ;\n"
                            "  lv2:appliesTo <urn:faltung:stereo> ;\n"
                            "  state:state [\n"
                            "    <urn:faltung:ir> <a.wav> ;\n"
                            "    <urn:faltung:other> \"unheard of\" ;\n"
                            "    <urn:faltung:irHash> \"no number\"\n"
                            "  ] .\n";

static void
test_sessions_of_other_versions_load(void** const state)
{
  (void)state;
  const char* const texts[] = {ardour, jalv, later};
  for (uint32_t i = 0U; i < 3U; ++i) {
    const Scene scene = scene_new();
    FILE* const file  = fopen(scene_file(&scene, "state.ttl"), "w");
    assert_non_null(file);
    fprintf(file, "%s%s", prefixes, texts[i]);
    fclose(file);
    free(scene_write_ir(scene_file(&scene, "a.wav"), 2U, 100U, 48000.0, 1U));

    Host* const host = scene_open(HOST_WORKER_THREAD);
    host_restore(host, scene.path);
    scene_settle(host);
    assert_float_equal(*host_value(host, "status"), 2.0, 0.0);
    assert_string_equal(strrchr(host->told, '/'), "/a.wav");
    assert_float_equal(*host_value(host, "wet"),
                       (texts[i] == jalv ? -6.0 : -12.0), 0.0);
    host_free(host);
    scene_remove(&scene);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_sessions_of_other_versions_load),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
