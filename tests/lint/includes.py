# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""The layers: plugin, offline -> ir -> core. Arguments: the tree's root."""

import os
import re
import sys

import tree

ROOT = sys.argv[1]
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)

# What a folder's files may include from the project. The longest name counts.
BELOW = {
    "core": ["core"],
    "ir": ["ir", "core"],
    "ir/factory": ["ir/factory", "core"],
    "plugin": ["plugin", "ir", "core"],
    "offline": ["offline", "ir", "core"],
}

CORE_LIBRARIES = {"fftw3.h", "soxr.h"}
CORE_SYSTEM = {
    "arm_neon.h", "assert.h", "complex.h", "cpuid.h", "errno.h", "float.h",
    "immintrin.h", "inttypes.h", "limits.h", "math.h", "pthread.h",
    "sched.h", "stdalign.h", "stdatomic.h", "stdbool.h", "stddef.h",
    "stdint.h", "stdlib.h", "string.h", "sys/mman.h", "xmmintrin.h",
}  # fmt: skip

# Libraries that are one layer's own affair
OWNERS = {
    "lv2/": ("plugin",),
    "popt.h": ("offline",),
    "jansson.h": ("offline",),
    "ebur128.h": ("offline", "ir"),
}


def includes():
    """Yield (file, its layer, quoted or not, what it includes)."""
    for path in tree.files(ROOT, (".c", ".h")):
        layers = [b for b in BELOW if path.startswith(b + "/")]
        layer = max(layers, key=len) if layers else None
        for quote, name in INCLUDE.findall(tree.read_text(ROOT, path) or ""):
            yield path, layer, quote == '"', name


def project_includes_are_from_the_root_and_exist():
    for path, _, quoted, name in includes():
        if quoted and not os.path.exists(os.path.join(ROOT, name)):
            yield f'{path}: "{name}"'


def includes_run_downwards_only():
    for path, layer, quoted, name in includes():
        if layer and quoted and os.path.dirname(name) not in BELOW[layer]:
            yield f'{path}: "{name}"'


def the_core_knows_only_arithmetic_and_memory():
    for path, layer, quoted, name in includes():
        if layer == "core" and not quoted:
            if name not in CORE_SYSTEM | CORE_LIBRARIES:
                yield f"{path}: <{name}>"


def libraries_stay_in_their_layer():
    for path, layer, quoted, name in includes():
        for library, owners in OWNERS.items():
            if layer and not quoted and name.startswith(library):
                if layer not in owners:
                    yield f"{path}: <{name}>"


tree.run(
    [
        project_includes_are_from_the_root_and_exist,
        includes_run_downwards_only,
        the_core_knows_only_arithmetic_and_memory,
        libraries_stay_in_their_layer,
    ]
)
