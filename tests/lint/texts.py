# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""What holds for every text file. Arguments: the tree's root."""

import fnmatch
import glob
import os
import re
import sys

import tree

ROOT = sys.argv[1]
LICENCE = "SPDX-License" + "-Identifier: GPL-3.0-or-later"
HOLDER = "SPDX-FileCopyright" + "Text: 2026 The Faltung authors"
CODE = (".c", ".h", ".py", ".sh", ".build", ".ttl", ".in", ".1", ".md")

# Folders of somebody's machine; what a Debian system has everywhere is fine
MACHINE_PATH = re.compile(r"(?<![\w.}/])/(work|home|Users|root|tmp/h)/[\w.]")
LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

# In the pages: tests by name, and files of ours, with or without their ending,
# but not the benches that the build makes
TEST_NAME = re.compile(r"`(test_\w+)`")
OUR_PATH = re.compile(
    r"(?<![\w./-])(?!bench/bench_)"
    r"((?:\.ci|bench|core|doc|ir|offline|plugin|scripts|tests)/[\w./]*\w)"
)


def texts():
    """Yield (path, text) of the texts that carry a licence in themselves."""
    dep5 = tree.read_text(ROOT, ".reuse/dep5")
    fields = re.findall(r"^Files:(.*\n(?:[ \t].*\n)*)", dep5, re.MULTILINE)
    patterns = [pattern for field in fields for pattern in field.split()]
    for path in tree.files(ROOT):
        if path.startswith("LICENSES/") or path == ".reuse/dep5":
            continue
        if any(fnmatch.fnmatch(path, p) for p in patterns):
            continue
        text = tree.read_text(ROOT, path)
        if text is not None:
            yield path, text


def every_file_states_its_licence_and_holder_first():
    for path, text in texts():
        head = "\n".join(text.splitlines()[:6])
        if LICENCE not in head or HOLDER not in head:
            yield path


def no_file_names_a_machine():
    for path, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if path != "tests/lint/texts.py" and MACHINE_PATH.search(line):
                yield f"{path}:{number}: {line.strip()}"


def nothing_is_left_for_later():
    for path, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if path != "tests/lint/texts.py" and LEFT_OVER.search(line):
                yield f"{path}:{number}: {line.strip()}"


def no_line_ends_in_blanks_and_no_code_has_tabs():
    for path, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip() or (
                path.endswith(CODE) and line.startswith("\t")
            ):
                yield f"{path}:{number}"


def files_end_in_one_newline():
    for path, text in texts():
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            yield path


def pages():
    """Yield (path, text) of what newcomers read."""
    for path in tree.files(ROOT, (".md",)):
        yield path, tree.read_text(ROOT, path)


def what_the_pages_name_is_there():
    for path, text in pages():
        for named in OUR_PATH.findall(text):
            if not glob.glob(os.path.join(ROOT, named) + "*"):
                yield f"{path}: {named}"


def tests_that_the_pages_name_are_run():
    code = "".join(
        tree.read_text(ROOT, path)
        for path in tree.files(ROOT, (".c",))
        if "test" in path
    )
    for path, text in pages():
        for name in TEST_NAME.findall(text):
            if not re.search(rf"cmocka_unit_test\(\s*{name}\)", code):
                yield f"{path}: {name}"


tree.run(
    [
        every_file_states_its_licence_and_holder_first,
        no_file_names_a_machine,
        nothing_is_left_for_later,
        no_line_ends_in_blanks_and_no_code_has_tabs,
        files_end_in_one_newline,
        what_the_pages_name_is_there,
        tests_that_the_pages_name_are_run,
    ]
)
