#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""The bundle in the field's own tools. Argument: the folder of its folder."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import wav

BUNDLES = sys.argv[1]
PLUGINS = [
    "urn:faltung:mono",
    "urn:faltung:mono-stereo",
    "urn:faltung:stereo",
]


class Missing(Exception):
    """A tool is not installed."""


def output(program, *arguments, path=BUNDLES):
    if not shutil.which(program):
        raise Missing(program)
    done = subprocess.run(
        [program, *arguments],
        env=dict(os.environ, LV2_PATH=path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    return done.stdout


def the_bundle_is_valid():
    files = glob.glob(os.path.join(BUNDLES, "faltung.lv2", "*.ttl"))
    text = output("lv2_validate", *files)
    if not re.search(r"Found 0 errors", text) or "warning" in text:
        yield text


def all_plugins_are_found():
    found = output("lv2ls").split()
    yield from sorted(set(PLUGINS) ^ set(found))


def each_plugin_tells_its_latency_and_its_presets():
    for uri in PLUGINS:
        text = output("lv2info", uri, path=f"{BUNDLES}:/usr/lib/lv2")
        presets = text.split("Presets:")[-1].split("Port 0")[0].split("\n")
        if "Has latency:       yes" not in text:
            yield f"{uri}: no latency"
        if len([line for line in presets if line.strip()]) < 10:
            yield f"{uri}: too few presets"


def lv2bench_runs_all():
    lines = output("lv2bench", "-b", "256").splitlines()
    ran = {line.split()[-1] for line in lines if "urn:faltung" in line}
    yield from sorted(set(PLUGINS) - ran)


def lv2apply_hears_a_room_without_any_feature():
    with tempfile.TemporaryDirectory() as folder:
        dry, wet = os.path.join(folder, "dry"), os.path.join(folder, "wet")
        wav.write(dry, [[1.0] + 9599 * [0.0]] * 2, 48000)
        text = output(
            "lv2apply", "-i", dry, "-o", wet, "-c", "dry", "-90", PLUGINS[2]
        )
        if not os.path.exists(wet) or not any(map(any, wav.read(wet))):
            yield text or "nothing"


def main():
    tests = [
        the_bundle_is_valid,
        all_plugins_are_found,
        each_plugin_tells_its_latency_and_its_presets,
        lv2bench_runs_all,
        lv2apply_hears_a_room_without_any_feature,
    ]
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            faults = list(test())
        except Missing as missing:
            print(f"ok {number} - {name} # SKIP no {missing}")
            continue
        print(f"{'not ok' if faults else 'ok'} {number} - {name}")
        for fault in faults:
            print("# " + fault.replace("\n", "\n# "))


if __name__ == "__main__":
    main()
