# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""What the built objects refer to, export, and are protected by.

Arguments: --realtime ARCHIVE..., --quiet ARCHIVE..., --plugin LIBRARY,
--tool PROGRAM, each where it exists.
"""

import argparse
import fnmatch
import os
import subprocess

import tree

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--realtime", nargs="*", default=[])
PARSER.add_argument("--quiet", nargs="*", default=[])
PARSER.add_argument("--plugin", default="")
PARSER.add_argument("--tool", default="")
ARGS = PARSER.parse_args()

PRINTING = {
    "printf", "vprintf", "__printf_chk", "__vprintf_chk", "fprintf",
    "vfprintf", "__fprintf_chk", "__vfprintf_chk", "puts", "putchar", "fputs",
    "fputc", "putc", "perror", "stdout", "stderr", "syslog", "exit", "_exit",
    "quick_exit", "signal", "sigaction", "setlocale", "chdir", "fork",
    "system", "popen",
}  # fmt: skip


def output(*command):
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def symbols(path, *options):
    """Return the set of names that nm prints, without versions."""
    names = set()
    for line in output("nm", *options, path).splitlines():
        fields = line.split()
        if len(fields) >= 2 and not line.endswith(":"):
            names.add(fields[-1].split("@")[0])
    return names


def needs(path):
    if not path:
        raise tree.Skip("not built")
    return path


def realtime_code_calls_only_what_is_listed():
    needs(ARGS.realtime)
    listed = os.path.join(os.path.dirname(__file__), "realtime_symbols.txt")
    with open(listed, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    allowed = [x for x in lines if x and not x.startswith("#")]
    defined = set()
    for archive in ARGS.realtime:
        defined |= symbols(archive, "--defined-only")
    for archive in ARGS.realtime:
        for name in sorted(symbols(archive, "-u") - defined):
            if not any(fnmatch.fnmatchcase(name, a) for a in allowed):
                yield f"{os.path.basename(archive)}: {name}"


def the_libraries_below_print_nothing_and_never_exit():
    needs(ARGS.quiet)
    for archive in ARGS.quiet:
        for name in sorted(symbols(archive, "-u") & PRINTING):
            yield f"{os.path.basename(archive)}: {name}"


def the_plugin_exports_only_its_descriptor():
    library = needs(ARGS.plugin)
    exported = symbols(library, "-D", "--defined-only")
    for name in sorted(exported ^ {"lv2_descriptor"}):
        yield name


def weaknesses(path, *flags):
    dynamic = output("readelf", "-W", "-d", path)
    for flag in ("NOW",) + flags:
        if flag not in dynamic.split("FLAGS_1", 1)[-1].split("\n")[0].split():
            yield f"{path}: no {flag}"
    for tag in ("TEXTREL", "RPATH", "RUNPATH"):
        if f"({tag})" in dynamic:
            yield f"{path}: {tag}"
    segments = output("readelf", "-W", "-l", path).splitlines()
    if not any("GNU_RELRO" in line for line in segments):
        yield f"{path}: no RELRO"
    if any("GNU_STACK" in line and "RWE" in line for line in segments):
        yield f"{path}: executable stack"
    if "__stack_chk_fail" not in symbols(path, "-D", "-u"):
        yield f"{path}: no stack protector"


def the_plugin_is_hardened_and_stays_loaded():
    yield from weaknesses(needs(ARGS.plugin), "NODELETE")


def the_tool_is_hardened_and_position_independent():
    yield from weaknesses(needs(ARGS.tool), "PIE")


tree.run(
    [
        realtime_code_calls_only_what_is_listed,
        the_libraries_below_print_nothing_and_never_exit,
        the_plugin_exports_only_its_descriptor,
        the_plugin_is_hardened_and_stays_loaded,
        the_tool_is_hardened_and_position_independent,
    ]
)
